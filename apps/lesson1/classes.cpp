// A first class: an atom, and a structure made of atoms, as one writes them on the first day; beside it what the
// library does.
#include <array>
#include <cmath>
#include <numbers>
#include <string>

#include "apps/lesson1/sections.hpp"
#include "atoms/atoms.hpp"
#include "atoms/elements.hpp"
#include "atoms/geometry.hpp"
#include "core/error.hpp"

namespace adatom::apps::lesson1 {
namespace {

/// The first day's class: an atom knows its element and its place.
class Atom {
 public:
  Atom(std::string symbol, double mass, const Vector3& position)
      : symbol_(std::move(symbol)), mass_(mass), position_(position) {}
  const std::string& symbol() const { return symbol_; }
  double mass() const { return mass_; }                  ///< amu
  const Vector3& position() const { return position_; }  ///< Å

 private:
  std::string symbol_;
  double mass_;
  Vector3 position_;
};

/// A structure is a list of atoms and what one asks about them.
class Structure {
 public:
  void add(Atom atom) { atoms_.push_back(std::move(atom)); }

  /// Å. Throws InputError for an atom that is not there.
  double distance(std::size_t i, std::size_t j) const { return norm(at(i).position() - at(j).position()); }

  /// The angle i–j–k at the middle atom, degrees.
  double angle(std::size_t i, std::size_t j, std::size_t k) const {
    const Vector3 a = at(i).position() - at(j).position(), b = at(k).position() - at(j).position();
    return std::acos(dot(a, b) / (norm(a) * norm(b))) * 180.0 / std::numbers::pi;
  }

  /// Å; positions weighted with the masses.
  Vector3 center_of_mass() const {
    Vector3 sum{};
    double total = 0.0;
    for (const Atom& atom : atoms_) {
      sum += atom.mass() * atom.position();
      total += atom.mass();
    }
    return (1.0 / total) * sum;
  }

 private:
  std::vector<Atom> atoms_;
  const Atom& at(std::size_t i) const {
    if (i >= atoms_.size())
      throw InputError("there is no atom " + std::to_string(i) + ": the structure has " +
                       std::to_string(atoms_.size()));
    return atoms_[i];
  }
};

/// The library's words for the same.
Structure first_structure(const Atoms& atoms) {
  Structure structure;
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    const Element& e = element(atoms.numbers[i]);
    structure.add({std::string(e.symbol), e.mass, atoms.positions[i]});
  }
  return structure;
}

std::string text(const Vector3& r) {
  return "(" + fixed(r[0], 4) + ", " + fixed(r[1], 4) + ", " + fixed(r[2], 4) + ")";
}

/// Atoms anywhere in a box of 100 Å.
Atoms gas(Random& random, std::size_t count) {
  Atoms atoms;
  for (std::size_t i = 0; i < count; ++i) {
    atoms.numbers.push_back(18);
    atoms.positions.push_back({random.uniform(0, 100), random.uniform(0, 100), random.uniform(0, 100)});
  }
  return atoms;
}

/// The mean position, the simplest thing one asks a structure: seconds an atom.
double seconds_with_class(const Structure& structure, std::size_t count) {
  return best_seconds([&] { keep(structure.center_of_mass()[0]); }, 0.05) / static_cast<double>(count);
}
double seconds_with_arrays(const std::vector<double>& masses, const std::vector<Vector3>& positions) {
  return best_seconds(
             [&] {
               Vector3 sum{};
               double total = 0.0;
               for (std::size_t i = 0; i < positions.size(); ++i) {
                 sum += masses[i] * positions[i];
                 total += masses[i];
               }
               keep(sum[0] / total);
             },
             0.05) /
         static_cast<double>(positions.size());
}

// Measured equilibrium geometry: A. R. Hoy and P. R. Bunker, J. Mol. Spectrosc. 74, 1 (1979).
constexpr double bond = 0.9578, bond_angle = 104.48;  // Å, degrees

Atoms water_molecule() {
  const double half = 0.5 * bond_angle * std::numbers::pi / 180.0, x = bond * std::sin(half), y = bond * std::cos(half);
  return {.numbers = {8, 1, 1}, .positions = {{0, 0, 0}, {x, y, 0}, {-x, y, 0}}};
}

void compare_with_library(const Section& section, const Structure& ours, const Atoms& library) {
  Table table({"", "first class", "library"}, {0});
  table.add({"O–H distance, Å", fixed(ours.distance(0, 1), 4), fixed(distance(library, 0, 1), 4)});
  table.add({"H–O–H angle, °", fixed(ours.angle(1, 0, 2), 2), fixed(angle(library, 1, 0, 2), 2)});
  table.add({"centre of mass, Å", text(ours.center_of_mass()), text(center_of_mass(library))});
  table.add({"formula", "not yet: an exercise", chemical_formula(library)});
  table.add({"bytes an atom", std::to_string(sizeof(Atom)), std::to_string(sizeof(int) + sizeof(Vector3))});
  section.show(table);
}

void ask_nonsense(const Section& section, const Structure& structure) {
  try {
    keep(structure.distance(0, 3));
  } catch (const InputError& error) {
    section.say("A class can refuse nonsense; asked for the distance to a fourth atom it answers: \"" +
                std::string(error.what()) + "\".");
  }
}

/// ns an atom, for the centre of mass, against the number of atoms.
struct Timing {
  std::vector<double> counts, with_class, with_arrays;
};

Timing time_both(Section& section) {
  Timing t;
  for (std::size_t count = 100; count <= (section.quick ? 10'000U : 3'000'000U); count *= 3) {
    const Atoms atoms = gas(section.random, count);
    t.counts.push_back(static_cast<double>(count));
    t.with_class.push_back(1e9 * seconds_with_class(first_structure(atoms), count));
    t.with_arrays.push_back(1e9 * seconds_with_arrays(masses(atoms), atoms.positions));
  }
  return t;
}

}  // namespace

void classes(Section& section) {
  section.say(
      "A class puts data and what belongs to them under one name. The first one is an Atom (symbol, mass, position), "
      "the second a Structure, a list of atoms that knows its distances, angles and centre of mass; both are in "
      "apps/lesson1/classes.cpp. The library's Atoms is a plain struct of arrays (numbers, positions, cell, pbc), with "
      "functions beside it. Water (measured: O–H " +
      fixed(bond, 4) + " Å, H–O–H " + fixed(bond_angle, 2) + "°) in both:");
  const Atoms water = water_molecule();
  const Structure structure = first_structure(water);
  compare_with_library(section, structure, water);
  ask_nonsense(section, structure);
  section.say(
      "Why arrays? All positions lie beside each other, three numbers after three numbers: they become a tensor as "
      "they are, and a sum over them loads nothing else. In a list of objects, each sum also pulls the symbols through "
      "the caches. The centre of mass, timed for ever more atoms:");
  const Timing t = time_both(section);
  section.plot("classes",
               {{.title = "Centre of mass",
                 .x_label = "number of atoms",
                 .y_label = "time for each atom (ns)",
                 .curves = {{"list of objects", t.counts, t.with_class, Style::lines_points},
                            {"arrays", t.counts, t.with_arrays, Style::lines_points}},
                 .log_x = true,
                 .settings = "set xrange [50:*]\nset yrange [0:*]"}},
               "While everything fits a cache both wait for the additions; once the atoms come from further away, "
               "those of the list take longer, being larger.");
  section.conclude("Both say the same about water. For " + count_text(static_cast<std::size_t>(t.counts.back())) +
                   " atoms the list of objects takes " + fixed(t.with_class.back(), 2) + " ns an atom, arrays " +
                   fixed(t.with_arrays.back(), 2) +
                   " ns: objects are pleasant for one atom, arrays for many. From here on we use the library's.");
}

}  // namespace adatom::apps::lesson1
