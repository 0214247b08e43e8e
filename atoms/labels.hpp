// What this file is: energies, forces and stresses of extended XYZ frames, under the names the user says, and a count
// of what names a file has: a label that silently is not found is the most common mistake in training.
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "atoms/extxyz.hpp"

namespace adatom {

/// Under which names a file stores its labels. An empty name means: do not look.
struct LabelKeys {
  std::string energy = "energy";  ///< key of the comment line, eV
  std::string forces = "forces";  ///< column R:3, eV/Angstrom
  std::string stress = "stress";  ///< key with 9 or 6 numbers, eV/Angstrom^3
  std::string virial = "virial";  ///< the same in eV, used where there is no stress: stress = −virial / volume
};

struct Labels {
  std::optional<double> energy{};                 ///< eV
  std::optional<std::vector<Vector3>> forces{};   ///< eV/Angstrom, N
  std::optional<std::array<double, 6>> stress{};  ///< eV/Angstrom^3, Voigt order xx yy zz yz xz xy
};

/// The labels of a frame. Throws InputError when a label is there but cannot be used: text instead of a number, a
/// column that is not R:3, a tensor without 9 or 6 numbers, a virial without a volume.
Labels labels(const Frame& frame, const LabelKeys& keys = {});

/// Stores labels in a frame under the given names (stress as nine numbers); absent ones are left alone.
/// Throws InputError when the number of forces is not that of the atoms.
void set_labels(Frame& frame, const Labels& labels, const LabelKeys& keys = {});

/// How many frames have each name that could be a label.
struct LabelCounts {
  std::size_t frames = 0, atoms = 0;
  std::map<std::string, std::size_t> energies;  ///< single numbers whose key contains "energy"
  std::map<std::string, std::size_t> forces;    ///< columns R:3 whose name contains "force"
  std::map<std::string, std::size_t> stresses;  ///< 9 or 6 numbers whose key contains "stress" or "virial"
};

/// Adds a frame to the count.
void count_labels(const Frame& frame, LabelCounts& counts);
LabelCounts count_labels(std::span<const Frame> frames);

/// The names of one kind and their counts, "dft_energy (120), energy (3)"; "none" when there is none.
std::string describe(const std::map<std::string, std::size_t>& names);

}  // namespace adatom
