// The Lennard-Jones potential three times: a loop by hand, a line of tensors with autodiff, the library's fused kernel.
#include "potentials/lennard_jones.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "apps/lesson3/sections.hpp"
#include "atoms/builders/nanoparticles.hpp"
#include "autodiff/arithmetic.hpp"
#include "autodiff/distances.hpp"
#include "autodiff/gradient.hpp"
#include "autodiff/reductions.hpp"

namespace adatom::apps::lesson3 {
namespace {

constexpr double epsilon = 0.01032, sigma = 3.405;  // argon: eV (119.8 K), Å. L. Verlet, Phys. Rev. 159, 98 (1967)

struct EnergyAndForces {
  double energy = 0.0;          // eV
  std::vector<Vector3> forces;  // eV/Å
};

/// As one writes it down: every pair once, the force −du/dr along the line between the two.
EnergyAndForces by_hand(const std::vector<Vector3>& x) {
  EnergyAndForces result{.forces = std::vector<Vector3>(x.size())};
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t j = i + 1; j < x.size(); ++j) {
      const Vector3 d = x[j] - x[i];
      const double s2 = sigma * sigma / dot(d, d), s6 = s2 * s2 * s2;
      const Vector3 force = 24.0 * epsilon * s6 * (2.0 * s6 - 1.0) / dot(d, d) * d;
      result.energy += 4.0 * epsilon * s6 * (s6 - 1.0);
      result.forces[j] += force;
      result.forces[i] -= force;
    }
  }
  return result;
}

/// The energy (eV) of positions (N, 3) in Å. That is all there is to write.
Tensor energy(const Tensor& positions) {
  const Tensor s6 = pow(sigma / pairwise_distances(positions), 6.0);
  return 4.0 * epsilon * sum(s6 * (s6 - 1.0));
}

EnergyAndForces by_autodiff(const Atoms& atoms) {
  const Tensor positions = positions_tensor(atoms, true);
  const Tensor e = energy(positions);
  const NoGrad no_second_derivatives;
  const Tensor forces = -grad(e, {positions})[0];
  EnergyAndForces result{e.item(), {}};
  for (std::size_t i = 0; i < atoms.size(); ++i)
    result.forces.push_back({forces.values()[3 * i], forces.values()[3 * i + 1], forces.values()[3 * i + 2]});
  return result;
}

EnergyAndForces fused(const Atoms& atoms, const LennardJones& potential) {
  const Prediction p = potential.compute(atoms);
  return {p.energy, p.forces};
}

/// Argon atoms as an icosahedron of so many shells, shaken so that there are forces.
Atoms argon(int shells, Random& random) {
  Atoms atoms = icosahedron("Ar", shells, {.a = std::sqrt(2.0) * std::pow(2.0, 1.0 / 6.0) * sigma});
  for (Vector3& x : atoms.positions) x += Vector3{0.1 * random.normal(), 0.1 * random.normal(), 0.1 * random.normal()};
  return atoms;
}

double largest_difference(const std::vector<Vector3>& a, const std::vector<Vector3>& b) {
  double worst = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t k = 0; k < 3; ++k) worst = std::max(worst, std::abs(a[i][k] - b[i][k]));
  }
  return worst;
}

void compare(Section& section, const Atoms& atoms, const LennardJones& potential) {
  const EnergyAndForces hand = by_hand(atoms.positions), automatic = by_autodiff(atoms), fast = fused(atoms, potential);
  Table table({"", "energy\neV", "largest difference of\na force component, eV/Å"}, {0});
  table.add({"by hand", fixed(hand.energy, 12), "-"});
  table.add({"autodiff", fixed(automatic.energy, 12), general(largest_difference(automatic.forces, hand.forces), 2)});
  table.add({"fused", fixed(fast.energy, 12), general(largest_difference(fast.forces, hand.forces), 2)});
  section.show(table);
}

/// How wrong differences of energies with step h are, against the exact forces.
Panel differences(const Atoms& atoms, const EnergyAndForces& exact, bool quick) {
  Curve forward{"one-sided, (E(x+h) − E(x))/h", {}, {}, Style::lines_points};
  Curve central{"central, (E(x+h) − E(x−h))/2h", {}, {}, Style::lines_points};
  for (const double h : logspace(1e-10, 0.3, quick ? 10 : 39)) {
    double one_sided = 0.0, two_sided = 0.0;
    for (std::size_t i = 0; i < atoms.size(); i += 3) {
      const auto moved = [&](double by) {
        std::vector<Vector3> x = atoms.positions;
        x[i][0] += by;
        return by_hand(x).energy;
      };
      const double f = exact.forces[i][0];
      one_sided = std::max(one_sided, std::abs(-(moved(h) - exact.energy) / h - f));
      two_sided = std::max(two_sided, std::abs(-(moved(h) - moved(-h)) / (2.0 * h) - f));
    }
    forward.x.push_back(h), forward.y.push_back(one_sided);
    central.x.push_back(h), central.y.push_back(two_sided);
  }
  return {.title = "Forces from differences of energies",
          .x_label = "step h (Å)",
          .y_label = "largest error of a force (eV/Å)",
          .curves = {forward, central},
          .log_x = true,
          .log_y = true,
          .settings = "set yrange [1e-12:*]"};
}

/// Microseconds for energy and forces, against the number of atoms.
struct Timings {
  std::vector<double> atoms, by_hand, autodiff, fused;
};

Timings timings(Section& section, const LennardJones& potential) {
  Timings t;
  Table table({"atoms", "pairs", "by hand\nµs", "autodiff\nµs", "fused\nµs", "by hand / fused", "autodiff / fused"});
  const double duration = section.quick ? 0.005 : 0.15;
  for (int shells = 2; shells <= (section.quick ? 3 : 6); ++shells) {
    const Atoms atoms = argon(shells, section.random);
    Prediction prediction;
    const auto microseconds = [duration](const std::function<void()>& work) {
      return 1e6 * best_seconds(work, duration);
    };
    t.atoms.push_back(static_cast<double>(atoms.size()));
    t.by_hand.push_back(microseconds([&] { keep(by_hand(atoms.positions).energy); }));
    t.autodiff.push_back(microseconds([&] { keep(by_autodiff(atoms).energy); }));
    t.fused.push_back(microseconds([&] { potential.compute(atoms, {}, prediction), keep(prediction.energy); }));
    table.add({std::to_string(atoms.size()), count_text(atoms.size() * (atoms.size() - 1) / 2),
               fixed(t.by_hand.back(), 1), fixed(t.autodiff.back(), 1), fixed(t.fused.back(), 1),
               fixed(t.by_hand.back() / t.fused.back(), 1), fixed(t.autodiff.back() / t.fused.back(), 1)});
  }
  section.show(table);
  return t;
}

Panel timings_panel(const Timings& t) {
  return {.title = "Time for energy and forces",
          .x_label = "number of atoms",
          .y_label = "time (µs)",
          .curves = {{"autodiff", t.atoms, t.autodiff, Style::lines_points},
                     {"by hand", t.atoms, t.by_hand, Style::lines_points},
                     {"fused", t.atoms, t.fused, Style::lines_points}},
          .log_x = true,
          .log_y = true,
          .settings = "set format x '%g'\nset xrange [10:700]"};
}

/// How many digits of the largest force the best of these differences has.
double digits(const Curve& errors, const EnergyAndForces& exact) {
  const double largest = largest_difference(exact.forces, std::vector<Vector3>(exact.forces.size()));
  return std::log10(largest / *std::min_element(errors.y.begin(), errors.y.end()));
}

}  // namespace

void lennard_jones(Section& section) {
  section.say(
      "Two argon atoms at the distance r have the energy u(r) = 4ε [(σ/r)¹² − (σ/r)⁶], ε = 0.01032 eV, σ = 3.405 Å; "
      "the energy of a structure is the sum over its pairs. By hand one needs the derivative too, F = 24ε [2(σ/r)¹² − "
      "(σ/r)⁶]/r along the bond, with the right sign on both atoms. With autodiff the energy is enough:");
  section.quote(
      "const Tensor s6 = pow(sigma / pairwise_distances(positions), 6.0);\n"
      "const Tensor energy = 4.0 * epsilon * sum(s6 * (s6 - 1.0));\n"
      "const Tensor forces = -grad(energy, {positions})[0];");
  const LennardJones potential({.epsilon = epsilon, .sigma = sigma});
  const Atoms atoms = argon(3, section.random);
  section.say("All three for a shaken icosahedron of 55 atoms: equal to the last digits, which rounding takes.");
  compare(section, atoms, potential);
  section.say(
      "What each costs. The loop and the kernel compute the same numbers; the fused kernel does several pairs at once "
      "and never leaves the cache. Autodiff records every step, writes arrays for all pairs and reads them again: the "
      "price for having derived nothing.");
  const Timings times = timings(section, potential);
  const EnergyAndForces exact = by_hand(atoms.positions);
  const Panel errors = differences(atoms, exact, section.quick);
  section.plot("lennard_jones", {errors, timings_panel(times)},
               "Left: a shorter step is better until rounding takes over, to the left of the minimum. Right: all grow "
               "with the number of pairs, N²/2 (slope 2), since no cutoff is used here.");
  section.conclude(
      "All three agree to the last digits. Forces by differences would have " +
      fixed(digits(errors.curves[0], exact), 0) + " digits at best (one-sided) or " +
      fixed(digits(errors.curves[1], exact), 0) + " (central), of 16. For " + fixed(times.atoms.back(), 0) +
      " atoms autodiff takes " + fixed(times.autodiff.back() / times.by_hand.back(), 1) +
      " times as long as the loop by hand, the fused kernel " + general(times.fused.back() / times.by_hand.back(), 2) +
      " times: write a potential with autodiff first, and a kernel when it has proved its worth.");
}

}  // namespace adatom::apps::lesson3
