// What this file is: Atoms, the structure that everything else works on. Plain data: no calculator inside, no cache.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "atoms/cell.hpp"
#include "atoms/vector3.hpp"

namespace adatom {

/// N atoms, in a cell that repeats along the directions where pbc is true. Positions may lie outside the cell.
struct Atoms {
  std::vector<int> numbers{};        ///< atomic numbers, N
  std::vector<Vector3> positions{};  ///< Angstrom, N
  Cell cell{};                       ///< rows are lattice vectors, Angstrom; zero where there is none
  std::array<bool, 3> pbc{};         ///< periodic along a, b, c?

  std::size_t size() const { return numbers.size(); }
  bool operator==(const Atoms&) const = default;
};

/// Coordinates beyond this are refused: a double then resolves less than 0.1 A.
constexpr double largest_coordinate = 1e15;

/// Throws InputError unless the sizes match, atomic numbers are 1 … 118, coordinates and cell are finite and at most
/// 1e15 A, and the vectors of periodic directions span a lattice. Messages count atoms from 0.
void validate(const Atoms& atoms);

/// Elements and their counts in Hill's order (C, H, then the alphabet; without carbon the alphabet alone): "C2H6O".
/// The empty structure gives "".
std::string chemical_formula(std::span<const int> numbers);
inline std::string chemical_formula(const Atoms& atoms) { return chemical_formula(atoms.numbers); }

/// The different atomic numbers, ascending.
std::vector<int> elements_of(std::span<const int> numbers);

/// Atomic numbers of a formula such as "Cu4", "C2H6O" or "CH3CH2OH", in the order written; brackets are not supported.
/// Throws InputError naming the offending part, or when there would be more than `most` atoms.
std::vector<int> parse_formula(std::string_view formula, std::size_t most = 1000000);

/// Standard atomic weights, amu, N.
std::vector<double> masses(const Atoms& atoms);

/// Mean position weighted with the masses, Angstrom; (0,0,0) for the empty structure.
Vector3 center_of_mass(const Atoms& atoms);

/// Moves every atom back into the cell along the periodic directions (fractional coordinates 0 ≤ s < 1, up to
/// rounding).
Atoms wrapped(Atoms atoms);

/// The structure repeated n_a × n_b × n_c times, copies of the first cell first. Throws InputError for counts below 1,
/// for a cell vector that is zero where the count exceeds 1, and for more than 100 million atoms.
Atoms repeated(const Atoms& atoms, const std::array<int, 3>& counts);

/// The smallest distance between two atoms without regard to periodicity, Angstrom; infinity for fewer than two.
/// O(N²); for periodic or large structures ask the neighbour list.
double smallest_distance(const Atoms& atoms);

}  // namespace adatom
