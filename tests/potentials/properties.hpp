// What this file is: the laws of physics that every potential obeys, as checks that each potential's test calls with
// structures of its own, and the structures and numbers those need.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "potentials/potential.hpp"

namespace adatom::properties {

constexpr Want energies_too{.forces = true, .stress = false, .energies = true};
constexpr Want only_stress{.forces = false, .stress = true, .energies = false};
constexpr Want only_energy{.forces = false, .stress = false, .energies = false};
constexpr Want everything{.forces = true, .stress = true, .energies = true};

/// n atoms on a simple cubic lattice, each coordinate moved at random by up to `shake`: no close contacts. Their
/// elements are those of `numbers` in turn.
Atoms cluster(std::size_t n, std::uint64_t seed, double spacing, double shake, const std::vector<int>& numbers);
/// The same repeated in a skewed cell.
Atoms crystal(std::size_t n, std::uint64_t seed, double spacing, double shake, const std::vector<int>& numbers);

double largest(const std::vector<Vector3>& rows);
double largest_difference(const std::vector<Vector3>& a, const std::vector<Vector3>& b);

/// The other way of computing: the default that differentiates energies().
Prediction composed(const Potential& potential, const Atoms& atoms, Want want = {});

/// compute() equals composed(), up to `tolerance` of the largest numbers.
void check_fused(const Potential& potential, const Atoms& atoms, Want want, double tolerance);
/// Forces are minus the slope of the energy; sixth-order differences over steps h, 1e-8 relative.
void check_forces(const Potential& potential, const Atoms& atoms, double h = 1e-4);
/// Stress is the slope of the energy along six strains, over the volume; 1e-8 relative.
void check_stress(const Potential& potential, const Atoms& atoms, double h = 1e-4);
/// Energy and forces after moving, turning about a skew axis, renumbering, and choosing another image, 1e-11.
void check_invariances(const Potential& potential, const Atoms& atoms);
/// Forces of a structure cancel; if it is free there is no torque either.
void check_balance(const Potential& potential, const Atoms& atoms);
/// E(one and two, `gap` Å between them) = E(one) + E(two), 1e-13.
void check_additive(const Potential& potential, const Atoms& one, const Atoms& two, double gap);
/// Energy of 2×2×2 cells is eight times that of one, 1e-12, and the stress is the same.
void check_supercell(const Potential& potential, const Atoms& cell);
/// The same bits with one thread and four.
void check_threads(const Potential& potential, const Atoms& atoms);
/// Energy and force of a dimer just inside and outside a distance: less than 1e-6 eV, 1e-4 eV/Å apart.
void check_smooth_at(const Potential& potential, const Atoms& dimer, double distance);
/// Atoms 3 and 7 within a thousandth of `closest` are refused by name, in both ways of computing, and never give NaN;
/// at 1.1 `closest` everything is finite.
void check_coincident(const Potential& potential, const Atoms& atoms, double closest);
/// Nothing that was not asked for is in a prediction that is used again.
void check_prediction_reused(const Potential& potential, const Atoms& boxed);

/// The potential's evaluator says what compute() says while atoms move, change their elements and cell, come too close
/// and become NaN, with one thread and with four, and goes on to the last bit from its memory.
void check_evaluator(const Potential& potential, const Atoms& atoms, double step, double tolerance);

/// It says so at each of 200 random moves of all atoms, with a cell that changes now and then.
void check_walk(const Potential& potential, const Atoms& atoms, double step, double tolerance);

/// What compute() throws as InputError, or "no error".
std::string message(const Potential& potential, const Atoms& atoms, bool composed = false, Want want = {});

}  // namespace adatom::properties
