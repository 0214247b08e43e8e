// What this file is: the distinct minima that a search has met, each once, with how often it was met.
//
//   MinimaArchive archive;
//   options.progress = [&](const Hop& hop) { archive.add(*hop.structure, hop.energy, 0, hop.hop); };
//   // afterwards archive.minima(), lowest first
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <vector>

#include "atoms/atoms.hpp"
#include "optim/structure_comparison.hpp"
#include "potentials/potential.hpp"

namespace adatom {

/// A local minimum.
struct Minimum {
  Atoms atoms{};
  double energy = 0.0;     ///< eV
  std::size_t hits = 1;    ///< how often it was met
  std::size_t walker = 0;  ///< who met it first, from 0,
  std::size_t hop = 0;     ///< and when

  bool operator==(const Minimum&) const = default;
};

/// When two relaxed structures are one minimum. The defaults suit relaxations to 0.01 eV/Å: exact in the sense that no
/// fingerprint is trusted, atoms are laid upon atoms.
struct SameMinimum {
  double energy_window = 0.005;  ///< energies differ by no more, eV,
  MatchOptions match{};          ///< and one structure lies upon the other
};

bool same_minimum(const Atoms& a, double energy_a, const Atoms& b, double energy_b, const SameMinimum& rule = {});

class MinimaArchive {
 public:
  /// Of more than `most` minima the highest are forgotten now and then.
  explicit MinimaArchive(const SameMinimum& rule = {}, std::size_t most = std::numeric_limits<std::size_t>::max())
      : rule_(rule), most_(most) {}

  /// True if the minimum is new; else it counts as met again, and the lower of the two is kept. A structure whose
  /// energy is not finite is ignored.
  bool add(Minimum minimum);
  bool add(const Atoms& atoms, double energy, std::size_t walker = 0, std::size_t hop = 0) {
    return add(Minimum{.atoms = atoms, .energy = energy, .walker = walker, .hop = hop});
  }
  /// All of the other's. Archives merged in the same order give the same.
  void add(const MinimaArchive& other);

  /// Puts a minimum back that minima() of another archive gave, without asking whether it is known.
  void restore(Minimum minimum);

  /// A copy of all, lowest energy first.
  std::vector<Minimum> minima() const;
  std::size_t size() const { return known_.size(); }
  std::size_t most() const { return most_; }
  const SameMinimum& rule() const { return rule_; }
  /// The known minimum that a structure is, or nullptr. It stays where it is until it is forgotten.
  const Minimum* find(const Atoms& atoms, double energy) const;

 private:
  struct Known {
    Minimum minimum;
    std::vector<double> profile;  // radial_profile: a quick test
  };
  using ByEnergy = std::multimap<double, Known>;
  ByEnergy::const_iterator locate(const Atoms& atoms, double energy, const std::vector<double>& profile) const;

  SameMinimum rule_;
  std::size_t most_;
  ByEnergy known_;
};

/// Each minimum displaced a little (0.02 Å, at random) and relaxed to fmax (eV/Å): a relaxation now and then ends on a
/// pass between valleys, where forces vanish too; what does not return to its place was one. Minima that become the
/// same are counted together. One that does not converge is left out.
MinimaArchive settled(const MinimaArchive& archive, const Potential& potential, double fmax = 1e-4,
                      const std::vector<std::size_t>& fixed = {}, std::uint64_t seed = 1);

}  // namespace adatom
