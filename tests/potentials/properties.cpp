#include "tests/potentials/properties.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/parallel.hpp"
#include "core/random.hpp"
#include "tests/support/catch.hpp"

namespace adatom::properties {
namespace {

double energy(const Potential& potential, const Atoms& atoms) { return potential.compute(atoms, only_energy).energy; }

/// df/dx at 0 by sixth-order central differences.
template <class F>
double derivative(const F& f, double h) {
  return (45.0 * (f(h) - f(-h)) - 9.0 * (f(2 * h) - f(-2 * h)) + (f(3 * h) - f(-3 * h))) / (60.0 * h);
}

/// Positions and cell multiplied by 1 + strain, in Voigt order (off-diagonal parts symmetric, xy = ε_xy = ε_yx).
Atoms strained(Atoms atoms, std::size_t voigt, double amount) {
  constexpr std::size_t rows[] = {0, 1, 2, 1, 0, 0}, columns[] = {0, 1, 2, 2, 2, 1};
  const std::size_t a = rows[voigt], b = columns[voigt];
  const auto deform = [&](Vector3& x) {
    const Vector3 old = x;
    if (a == b) {
      x[a] += amount * old[a];
    } else {
      x[a] += 0.5 * amount * old[b];
      x[b] += 0.5 * amount * old[a];
    }
  };
  for (Vector3& p : atoms.positions) deform(p);
  for (Vector3& v : atoms.cell.vectors) deform(v);
  return atoms;
}

std::size_t edge_of(std::size_t n) {
  std::size_t edge = 1;
  while (edge * edge * edge < n) ++edge;
  return edge;
}

bool is_periodic(const Atoms& atoms) { return atoms.pbc[0] || atoms.pbc[1] || atoms.pbc[2]; }

}  // namespace

Atoms cluster(std::size_t n, std::uint64_t seed, double spacing, double shake, const std::vector<int>& numbers) {
  Random random(seed);
  const std::size_t edge = edge_of(n);
  Atoms atoms;
  for (std::size_t i = 0; i < n; ++i) {
    Vector3 p{spacing * double(i / (edge * edge)), spacing * double(i / edge % edge), spacing * double(i % edge)};
    for (double& x : p) x += random.uniform(-shake, shake);
    atoms.positions.push_back(p);
    atoms.numbers.push_back(numbers[i % numbers.size()]);
  }
  return atoms;
}

Atoms crystal(std::size_t n, std::uint64_t seed, double spacing, double shake, const std::vector<int>& numbers) {
  Atoms atoms = cluster(n, seed, spacing, shake, numbers);
  const double a = spacing * double(edge_of(n)), s = spacing / 1.15;
  atoms.cell.vectors = {Vector3{a, 0.1 * s, 0.0}, Vector3{-0.2 * s, a, 0.1 * s}, Vector3{0.15 * s, 0.3 * s, a}};
  atoms.pbc = {true, true, true};
  return atoms;
}

double largest(const std::vector<Vector3>& rows) {
  double most = 0.0;
  for (const Vector3& row : rows) {
    for (const double x : row) most = std::max(most, std::abs(x));
  }
  return most;
}

double largest_difference(const std::vector<Vector3>& a, const std::vector<Vector3>& b) {
  REQUIRE(a.size() == b.size());
  double most = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t k = 0; k < 3; ++k) most = std::max(most, std::abs(a[i][k] - b[i][k]));
  }
  return most;
}

Prediction composed(const Potential& potential, const Atoms& atoms, Want want) {
  Prediction p;
  potential.Potential::compute(atoms, want, p);
  return p;
}

void check_fused(const Potential& potential, const Atoms& atoms, Want want, double tolerance) {
  const Prediction fused = potential.compute(atoms, want), other = composed(potential, atoms, want);
  double scale = 0.0;
  for (const double e : other.energies) scale += std::abs(e);
  scale = std::max(scale, std::abs(other.energy));
  CHECK(std::abs(fused.energy - other.energy) <= tolerance * scale);
  CHECK(largest_difference(fused.forces, other.forces) <= tolerance * (1.0 + largest(other.forces)));
  REQUIRE(fused.energies.size() == other.energies.size());
  for (std::size_t i = 0; i < fused.energies.size(); ++i) {
    CHECK(std::abs(fused.energies[i] - other.energies[i]) <= tolerance * scale);
  }
  REQUIRE(fused.stress.has_value() == want.stress);
  for (std::size_t k = 0; want.stress && k < 6; ++k) {
    CHECK(std::abs((*fused.stress)[k] - (*other.stress)[k]) <= 10.0 * tolerance * (1.0 + std::abs((*other.stress)[k])));
  }
}

void check_forces(const Potential& potential, const Atoms& atoms, double h) {
  const Prediction p = potential.compute(atoms);
  for (const std::size_t i : {std::size_t{0}, atoms.size() / 2, atoms.size() - 1}) {
    for (std::size_t k = 0; k < 3; ++k) {
      const double slope = derivative(
          [&](double step) {
            Atoms moved = atoms;
            moved.positions[i][k] += step;
            return energy(potential, moved);
          },
          h);
      CHECK(p.forces[i][k] == Approx(-slope).epsilon(1e-8).margin(1e-8));
    }
  }
}

void check_stress(const Potential& potential, const Atoms& atoms, double h) {
  const double size = volume(atoms.cell);
  const Prediction p = potential.compute(atoms, everything);
  for (std::size_t k = 0; k < 6; ++k) {
    const double slope = derivative([&](double step) { return energy(potential, strained(atoms, k, step)); }, h);
    CHECK((*p.stress)[k] == Approx(slope / size).epsilon(1e-8).margin(1e-8));
  }
}

void check_invariances(const Potential& potential, const Atoms& atoms) {
  const Prediction before = potential.compute(atoms);
  const double tolerance = 1e-11 * (1.0 + largest(before.forces));
  const auto check = [&](const Atoms& other, const std::vector<Vector3>& forces) {
    const Prediction p = potential.compute(other);
    CHECK(std::abs(p.energy - before.energy) < tolerance);
    CHECK(largest_difference(p.forces, forces) < tolerance);
  };

  Atoms moved = atoms;
  for (Vector3& p : moved.positions) p += Vector3{3.1, -2.7, 5.3};
  check(moved, before.forces);

  // A turn about z by the angle 0.7, and then about x by 1.9.
  Atoms turned = atoms;
  const auto turn = [](Vector3 p) {
    const Vector3 q{std::cos(0.7) * p[0] - std::sin(0.7) * p[1], std::sin(0.7) * p[0] + std::cos(0.7) * p[1], p[2]};
    return Vector3{q[0], std::cos(1.9) * q[1] - std::sin(1.9) * q[2], std::sin(1.9) * q[1] + std::cos(1.9) * q[2]};
  };
  for (Vector3& p : turned.positions) p = turn(p);
  for (Vector3& v : turned.cell.vectors) v = turn(v);
  std::vector<Vector3> forces = before.forces;
  for (Vector3& f : forces) f = turn(f);
  check(turned, forces);

  Atoms renumbered = atoms;
  std::reverse(renumbered.positions.begin(), renumbered.positions.end());
  std::reverse(renumbered.numbers.begin(), renumbered.numbers.end());
  forces = before.forces;
  std::reverse(forces.begin(), forces.end());
  check(renumbered, forces);

  if (!is_periodic(atoms)) return;
  Atoms other_image = atoms;
  other_image.positions[atoms.size() / 2] += 2.0 * atoms.cell[0] - atoms.cell[2];
  check(other_image, before.forces);
}

void check_balance(const Potential& potential, const Atoms& atoms) {
  const Prediction p = potential.compute(atoms);
  Vector3 total{}, torque{};
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    total += p.forces[i], torque += cross(atoms.positions[i], p.forces[i]);
  }
  const double bound = 1e-14 * double(atoms.size()) * largest(p.forces);
  CHECK(norm(total) < bound);
  if (!is_periodic(atoms)) CHECK(norm(torque) < (1.0 + largest(atoms.positions)) * bound);
}

void check_additive(const Potential& potential, const Atoms& one, const Atoms& two, double gap) {
  Atoms both = one;
  const auto x = [](const Vector3& p, const Vector3& q) { return p[0] < q[0]; };
  const double end = (*std::ranges::max_element(one.positions, x))[0],
               begin = (*std::ranges::min_element(two.positions, x))[0];
  for (const Vector3& p : two.positions) both.positions.push_back(p + Vector3{end - begin + gap, 0.0, 0.0});
  both.numbers.insert(both.numbers.end(), two.numbers.begin(), two.numbers.end());
  const double sum = energy(potential, one) + energy(potential, two);
  CHECK(std::abs(energy(potential, both) - sum) < 1e-13 * (std::abs(energy(potential, one)) + std::abs(sum)));
}

void check_supercell(const Potential& potential, const Atoms& cell) {
  const Prediction small = potential.compute(cell, everything);
  const Prediction large = potential.compute(repeated(cell, {2, 2, 2}), everything);
  double scale = 0.0;
  for (const double e : large.energies) scale += std::abs(e);
  CHECK(std::abs(large.energy - 8.0 * small.energy) <= 1e-12 * scale);
  for (std::size_t k = 0; k < 6; ++k) {
    CHECK((*large.stress)[k] == Approx((*small.stress)[k]).epsilon(1e-11).margin(1e-12));
  }
}

void check_threads(const Potential& potential, const Atoms& atoms) {
  const std::size_t before = thread_count();
  set_thread_count(1);
  const Prediction one = potential.compute(atoms, everything);
  set_thread_count(4);
  const Prediction four = potential.compute(atoms, everything);
  set_thread_count(before);
  CHECK(one.energy == four.energy);
  CHECK(one.forces == four.forces);
  CHECK(one.energies == four.energies);
  CHECK(one.stress == four.stress);
}

void check_smooth_at(const Potential& potential, const Atoms& dimer, double distance) {
  const auto at = [&](double r) {
    Atoms moved = dimer;
    moved.positions = {{0, 0, 0}, {r, 0, 0}};
    return potential.compute(moved);
  };
  const Prediction inside = at(distance - 5e-7), outside = at(distance + 5e-7);
  CHECK(std::abs(inside.energy - outside.energy) < 1e-6);
  CHECK(std::abs(inside.forces[0][0] - outside.forces[0][0]) < 1e-4);
}

void check_coincident(const Potential& potential, const Atoms& atoms, double closest) {
  for (const bool composed : {false, true}) {
    for (const double distance : {0.0, 1e-200, 1e-30, 1e-9, 0.9 * closest}) {
      Atoms close = atoms;
      close.positions[7] = atoms.positions[3];
      if (is_periodic(atoms)) close.positions[7] += atoms.cell[1];
      close.positions[7][1] += distance;
      CHECK_THAT(message(potential, close, composed), Catch::Matchers::StartsWith("atoms 3 and 7 are 0.00"));
    }
    Atoms close = atoms;
    close.positions[7] = atoms.positions[3];
    close.positions[7][1] += 1.1 * closest;
    CHECK(message(potential, close, composed) == "no error");
    CHECK(std::isfinite(potential.compute(close).energy));
    CHECK(std::isfinite(largest(potential.compute(close).forces)));
  }
}

void check_prediction_reused(const Potential& potential, const Atoms& boxed) {
  Prediction p;
  potential.compute(boxed, everything, p);
  const Prediction first = p;
  potential.compute(boxed, only_energy, p);
  CHECK(p.energy == Approx(first.energy).epsilon(1e-13));
  CHECK(p.forces.empty());
  CHECK(p.energies.empty());
  CHECK(!p.stress.has_value());
  potential.compute(boxed, only_stress, p);
  CHECK(p.forces.empty());
  REQUIRE(p.stress.has_value());
  for (std::size_t k = 0; k < 6; ++k) CHECK((*p.stress)[k] == Approx((*first.stress)[k]).epsilon(1e-12).margin(1e-14));
}

void check_evaluator(const Potential& potential, const Atoms& atoms, double step, double tolerance) {
  const std::unique_ptr<Evaluator> evaluator = potential.evaluator(), other = potential.evaluator();
  const auto same = [&](const Atoms& now, Want want) {
    Prediction ours, again;
    evaluator->compute(now, want, ours);
    const Prediction p = potential.compute(now, want);
    double scale = 1.0;
    for (const double e : p.energies) scale += std::abs(e);
    CHECK(std::abs(ours.energy - p.energy) < tolerance * scale);
    CHECK(largest_difference(ours.forces, p.forces) < tolerance * (1.0 + largest(p.forces)));
    REQUIRE(ours.energies.size() == p.energies.size());
    for (std::size_t i = 0; i < p.energies.size(); ++i)
      CHECK(std::abs(ours.energies[i] - p.energies[i]) < tolerance * scale);
    REQUIRE(ours.stress.has_value() == want.stress);
    for (std::size_t k = 0; want.stress && k < 6; ++k) CHECK(std::abs((*ours.stress)[k] - (*p.stress)[k]) < tolerance);
    set_thread_count(4);
    other->compute(now, want, again);
    set_thread_count(1);
    CHECK(again.energy == ours.energy);
    CHECK(again.forces == ours.forces);
  };
  Random random(3);
  const bool boxed = volume(atoms.cell) > 0.0;
  Atoms moving = atoms;
  const auto move = [&] {
    for (Vector3& p : moving.positions) p += step * Vector3{random.normal(), random.normal(), random.normal()};
  };
  for (int k = 0; k < 12; ++k, move()) same(moving, boxed && k % 2 == 0 ? everything : energies_too);
  same(moving, only_energy);

  // On from its memory: the same bits.
  const std::unique_ptr<Evaluator> resumed = potential.evaluator();
  Prediction one, two;
  evaluator->compute(moving, {}, one);
  const Evaluator::Memory memory = evaluator->memory();
  resumed->restore(moving, memory);
  resumed->compute(moving, {}, two);
  CHECK(one.forces == two.forces);
  move();
  evaluator->compute(moving, {}, one);
  resumed->compute(moving, {}, two);
  CHECK(one.energy == two.energy);

  Atoms changed = moving;
  std::reverse(changed.numbers.begin(), changed.numbers.end());
  same(changed, energies_too);
  if (boxed) same(strained(changed, 4, 0.05), everything);
  changed.numbers.pop_back(), changed.positions.pop_back();
  same(changed, energies_too);
  Prediction p;
  changed.positions[5] = changed.positions[2];
  CHECK_THROWS_WITH(evaluator->compute(changed, {}, p), "atoms 2 and 5 are 0.000 Å apart");
  changed.positions[5][1] = std::nan("");
  CHECK_THROWS_AS(evaluator->compute(changed, {}, p), InputError);
  same(moving, energies_too);
}

void check_walk(const Potential& potential, const Atoms& atoms, double step, double tolerance) {
  const std::unique_ptr<Evaluator> evaluator = potential.evaluator();
  Random random(19);
  Atoms moving = atoms;
  Prediction ours;
  double worst = 0.0;
  for (std::size_t k = 0; k < 200; ++k) {
    const Want want = is_periodic(atoms) ? everything : energies_too;
    evaluator->compute(moving, want, ours);
    const Prediction p = potential.compute(moving, want);
    double scale = 1.0;
    for (const double e : p.energies) scale += std::abs(e);
    worst = std::max(worst, std::abs(ours.energy - p.energy) / scale);
    worst = std::max(worst, largest_difference(ours.forces, p.forces) / (1.0 + largest(p.forces)));
    for (std::size_t c = 0; want.stress && c < 6; ++c) {
      worst = std::max(worst, std::abs((*ours.stress)[c] - (*p.stress)[c]) / (1.0 + std::abs((*p.stress)[c])));
    }
    for (std::size_t i = 0; i < moving.size(); ++i) {
      // Back and forth about the start, so that no two atoms meet.
      moving.positions[i] += step * Vector3{random.normal(), random.normal(), random.normal()};
      moving.positions[i] = 0.9 * moving.positions[i] + 0.1 * atoms.positions[i];
    }
    if (is_periodic(atoms) && k % 9 == 8) moving = strained(moving, k % 6, 0.002 * random.normal());
  }
  CHECK(worst < tolerance);
}

std::string message(const Potential& potential, const Atoms& atoms, bool composed, Want want) {
  Prediction p;
  try {
    composed ? potential.Potential::compute(atoms, want, p) : potential.compute(atoms, want, p);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace adatom::properties
