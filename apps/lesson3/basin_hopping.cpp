// Basin hopping: the lowest structures of 13 and 38 Lennard-Jones atoms, and the funnels that lead to them.
#include "optim/basin_hopping.hpp"

#include <algorithm>
#include <cmath>

#include "apps/lesson3/sections.hpp"
#include "apps/structure_figure.hpp"
#include "atoms/builders/nanoparticles.hpp"
#include "atoms/compare.hpp"
#include "atoms/extxyz.hpp"
#include "optim/walkers.hpp"
#include "potentials/lennard_jones.hpp"

namespace adatom::apps::lesson3 {
namespace {

/// Q4 of Steinhardt, Nelson and Ronchetti, Phys. Rev. B 28, 784 (1983): how cubic the directions of all bonds are
/// together, 0.19 for fcc and close to 0 for icosahedra. By the addition theorem of the spherical harmonics, Q4² is the
/// mean of the Legendre polynomial P4 of the cosine between all pairs of bonds.
double cubic_order(const Atoms& atoms) {
  constexpr double longest = 1.391;  // between first and second neighbours, Å for σ = 1 Å
  std::vector<Vector3> bonds;
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    for (std::size_t j = i + 1; j < atoms.size(); ++j) {
      const Vector3 d = atoms.positions[j] - atoms.positions[i];
      if (norm(d) < longest) bonds.push_back((1.0 / norm(d)) * d);
    }
  }
  double sum = 0.0;
  for (const Vector3& a : bonds) {
    for (const Vector3& b : bonds) {
      const double c2 = dot(a, b) * dot(a, b);
      sum += (35.0 * c2 * c2 - 30.0 * c2 + 3.0) / 8.0;
    }
  }
  return std::sqrt(std::max(0.0, sum)) / static_cast<double>(std::max<std::size_t>(1, bonds.size()));
}

/// Of 13 atoms of the fcc crystal, a cuboctahedron: all its bonds lie along the twelve of the crystal.
double order_of_fcc() { return cubic_order(cuboctahedron("Ar", 2, {.a = 1.12 * std::sqrt(2.0)})); }

/// A search of several walkers from random starts, and the story of each.
struct Search {
  Walkers found{};
  std::vector<Minimum> minima{};                   // lowest first
  std::vector<std::vector<double>> current, best;  // energy of each walker's hops: where it stands, its lowest
};

struct Plan {
  std::size_t atoms = 0, walkers = 0, hops = 0;
  double temperature = 0.8;  // kT, eV
};

Search searched(const Plan& plan, const Potential& potential, std::uint64_t seed) {
  Search search{.current = std::vector<std::vector<double>>(plan.walkers),
                .best = std::vector<std::vector<double>>(plan.walkers)};
  BasinHoppingOptions options{
      .seed = seed, .hops = plan.hops, .temperature = plan.temperature, .random_start = true, .bond_length = 1.12};
  options.progress = [&search](const Hop& hop) {
    std::vector<double>& current = search.current[hop.walker];
    current.push_back(hop.accepted || current.empty() ? hop.energy : current.back());
    search.best[hop.walker].push_back(hop.best_energy);
  };
  const Atoms start{.numbers = std::vector<int>(plan.atoms, 18), .positions = std::vector<Vector3>(plan.atoms)};
  Atoms apart = start;
  for (std::size_t i = 0; i < plan.atoms; ++i) apart.positions[i] = {1.12 * static_cast<double>(i), 0.0, 0.0};
  search.found = basin_hopping_walkers(apart, potential, options, {.walkers = plan.walkers, .archive = true});
  search.minima = search.found.minima().minima();
  return search;
}

/// Drawn as neon: balls of its covalent radius, 0.58 Å, touch at the 1.12 Å between neighbours, as σ = 1 Å makes it.
Portrait portrait(const std::string& title, Atoms atoms) {
  atoms.numbers.assign(atoms.size(), 10);
  return {title, atoms, {.look = Look::balls}};
}

/// Walker k's story.
Panel story(const std::string& title, const Search& search, std::size_t k, double lowest, double known) {
  const std::vector<double> hops =
      linspace(0.0, static_cast<double>(search.current[k].size()) - 1.0, search.current[k].size());
  return {.title = title,
          .x_label = "hop",
          .y_label = "energy (eV)",
          .curves = {{"present minimum", hops, search.current[k], Style::lines, {}, "#56b4e9"},
                     {"lowest so far", hops, search.best[k], Style::lines, {}, "#d55e00"},
                     {"best known", {0.0, hops.back()}, {known, known}, Style::dashes, {}, "#000000"}},
          .settings = "set yrange [" + fixed(known - 0.5, 1) + ":" + fixed(lowest, 1) + "]"};
}

/// All minima: energy against the distance from the lowest.
Panel funnel(const std::string& title, const Search& search, double window) {
  Curve curve{"", {}, {}, Style::points};
  const DistanceFingerprint best = distance_fingerprint(search.minima.front().atoms);
  for (const Minimum& m : search.minima) {
    if (m.energy > search.minima.front().energy + window) break;
    curve.x.push_back(rms_difference(best, distance_fingerprint(m.atoms))), curve.y.push_back(m.energy);
  }
  return {.title = title,
          .x_label = "distance from the lowest minimum (Å)",
          .y_label = "energy of the minimum (eV)",
          .curves = {curve},
          .settings = "set xrange [-0.01:*]"};
}

Panel order(const Search& search, double window) {
  Curve icosahedral{"icosahedral side (Q_4 < 0.12)", {}, {}, Style::points}, cubic{"fcc side", {}, {}, Style::points};
  for (const Minimum& m : search.minima) {
    if (m.energy > search.minima.front().energy + window) break;
    const double q = cubic_order(m.atoms);
    Curve& side = q < 0.12 ? icosahedral : cubic;
    side.x.push_back(q), side.y.push_back(m.energy);
  }
  Panel panel{.title = "LJ_{38}: two funnels",
              .x_label = "cubic order Q_4",
              .y_label = "energy of the minimum (eV)",
              .settings = "set xrange [0:0.2]\nset yrange [-174.3:-167.9]"};
  for (const Curve& side : {icosahedral, cubic}) {
    if (!side.x.empty()) panel.curves.push_back(side);
  }
  return panel;
}

/// How many walkers have found the lowest, and after how many hops the quickest did.
struct Success {
  std::size_t count = 0, of = 0, earliest = 0;
  std::string text() const {
    return std::to_string(count) + " of " + std::to_string(of) + " walkers" +
           (count > 0 ? ", first after " + plural(earliest, "hop") : "");
  }
};

Success success(const Search& search, double known) {
  Success s{.of = search.best.size()};
  for (const std::vector<double>& best : search.best) {
    const auto hit = std::find_if(best.begin(), best.end(), [known](double e) { return e < known + 1e-3; });
    if (hit == best.end()) continue;
    const auto hop = static_cast<std::size_t>(hit - best.begin());
    s.earliest = s.count == 0 ? hop : std::min(s.earliest, hop);
    ++s.count;
  }
  return s;
}

/// After how many hops a walker was at its lowest, to 1e-3 eV.
std::size_t arrival(const std::vector<double>& best) {
  return static_cast<std::size_t>(
      std::find_if(best.begin(), best.end(), [&best](double e) { return e < best.back() + 1e-3; }) - best.begin());
}

/// The walker that went lowest; of several the one that was there first.
std::size_t luckiest(const Search& search) {
  std::size_t lucky = 0;
  for (std::size_t k = 1; k < search.best.size(); ++k) {
    const double lower = search.best[lucky].back() - search.best[k].back();
    if (lower > 1e-3 || (lower > -1e-3 && arrival(search.best[k]) < arrival(search.best[lucky]))) lucky = k;
  }
  return lucky;
}

/// The lowest minimum of quite another order than the lowest of all; none if only one kind was met.
const Minimum* best_of_other_funnel(const Search& search) {
  const double order = cubic_order(search.minima.front().atoms);
  const auto other = std::find_if(search.minima.begin(), search.minima.end(),
                                  [order](const Minimum& m) { return std::abs(cubic_order(m.atoms) - order) > 0.05; });
  return other == search.minima.end() ? nullptr : &*other;
}

void draw_bottoms(const Section& section, const Search& small, const Search& large) {
  std::vector<Portrait> portraits{
      portrait("LJ_{13}: " + fixed(small.minima.front().energy, 3) + " eV", small.minima.front().atoms),
      portrait("LJ_{38}: " + fixed(large.minima.front().energy, 3) + " eV", large.minima.front().atoms)};
  if (const Minimum* const other = best_of_other_funnel(large))
    portraits.push_back(portrait("best of the other funnel: " + fixed(other->energy, 3) + " eV", other->atoms));
  draw_structures(section.folder, "funnel_bottoms", portraits, 3, Scale::own);
  section.point_to("funnel_bottoms.png",
                   "The lowest structures: an icosahedron, and for 38 atoms the lowest of either kind of order.");
}

void write_minima(const Section& section, const Search& search) {
  std::vector<Frame> frames;
  for (std::size_t k = 0; k < std::min<std::size_t>(20, search.minima.size()); ++k) {
    frames.push_back({.atoms = search.minima[k].atoms, .info = {}, .columns = {}});
    set_info(frames.back(), "energy", search.minima[k].energy);
  }
  write_extxyz(section.folder / "lj38_minima.extxyz", frames);
  section.point_to("lj38_minima.extxyz", "The lowest minima of LJ38 as frames.");
}

// D. J. Wales and J. P. K. Doye, J. Phys. Chem. A 101, 5111 (1997), table 1.
constexpr double known13 = -44.326801, known38 = -173.928427;

}  // namespace

void basin_hopping(Section& section) {
  const LennardJones potential;
  section.say(
      "Relaxing finds the nearest minimum, but there are many: for 13 Lennard-Jones atoms some 1500, for 38 beyond "
      "counting. Basin hopping shakes a relaxed structure, relaxes it again, and keeps the new minimum by Metropolis' "
      "rule: always if it is lower, else with probability exp(−ΔE/kT). The landscape becomes a staircase, one step for "
      "each basin; the walk needs no way over the passes. ε = 1 eV, σ = 1 Å; random starts.");
  const bool quick = section.quick;
  const Plan plan13{.atoms = 13, .walkers = 2, .hops = quick ? 40U : 2000U, .temperature = 1.5},
      plan38{.atoms = 38, .walkers = quick ? 2U : 8U, .hops = quick ? 15U : 3000U};
  const Search small = searched(plan13, potential, section.seed), large = searched(plan38, potential, section.seed);
  Table table({"\n", "walkers\n", "hops\nof each", "different\nminima", "best known\neV", "lowest found\neV",
               "its cubic\norder Q₄", "found by\n"},
              {0, 7});
  const auto add = [&table](const std::string& name, const Search& search, double known) {
    table.add({name, std::to_string(search.best.size()), std::to_string(search.found.walkers[0].search.hops),
               count_text(search.minima.size()), fixed(known, 6), fixed(search.minima.front().energy, 6),
               fixed(cubic_order(search.minima.front().atoms), 3), success(search, known).text()});
  };
  add("LJ13", small, known13);
  add("LJ38", large, known38);
  section.show(table);
  section.say(
      "Q₄ tells how cubic the directions of all bonds are together: in a piece of the fcc crystal it is " +
      fixed(order_of_fcc(), 3) +
      ", in an icosahedron 0. A funnel is a set of minima from which the way leads down, from each over a low pass to "
      "a lower neighbour, to the same bottom. LJ13 has one, to the icosahedron. LJ38 has two. The wide one ends in an "
      "incomplete icosahedron (best: −173.252 eV); the narrow one in a piece of the fcc crystal, " +
      fixed(-173.252 - known38, 2) +
      " eV lower, of quite another order (Doye, Miller and Wales 1999). Between them lie only worse structures, so "
      "that a walker that has gone down the wide one must climb all the way out. Hence many walkers, random starts, "
      "seeds.");
  section.plot("funnel",
               {funnel("LJ_{13}: one funnel", small, 12.0), order(large, 5.5),
                story("LJ_{13}: the first walker at the bottom", small, luckiest(small), -36.5, known13),
                story("LJ_{38}: the first walker at the bottom", large, luckiest(large), -165.5, known38)},
               "Above: the minima met, up to 12 eV (LJ13) and 5.5 eV (LJ38) above the lowest. LJ13's energies rise "
               "with the distance from the icosahedron (root mean "
               "square difference of sorted distances between atoms): one funnel. LJ38 is drawn against the cubic "
               "order of its bonds: a broad heap on the left, and far to the right, alone, the fcc bottom. Below: a "
               "walk goes up as well as down, or it would be stuck.");
  draw_bottoms(section, small, large);
  write_minima(section, large);
  const Success s38 = success(large, known38);
  section.conclude("For 13 atoms the icosahedron, found by " + success(small, known13).text() + ". For 38 atoms " +
                   (s38.count > 0
                        ? "the fcc piece, found by " + s38.text()
                        : "this short run got down to " + fixed(large.minima.front().energy, 3) + " eV only") +
                   ", among " + count_text(large.minima.size()) +
                   " minima that the walkers met: the lowest is hard to find where it lies at the end of a narrow "
                   "funnel of its own.");
}

}  // namespace adatom::apps::lesson3
