// What this file is: basin hopping, the search for the structure of lowest energy: shake, relax, keep or discard.
//
//   const LennardJones potential;
//   const BasinHoppingResult found = basin_hopping(start, potential, {.seed = 1, .hops = 500, .temperature = 0.8});
//   // found.best, found.best_energy
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "atoms/atoms.hpp"
#include "potentials/potential.hpp"

namespace adatom {

/// What the callback learns after each hop.
struct Hop {
  std::size_t hop = 0;       ///< 1, 2, …; 0 is the relaxed start
  double energy = 0.0;       ///< of the relaxed structure tried, eV; infinite if it could not be relaxed
  double best_energy = 0.0;  ///< lowest so far, eV
  bool accepted = false;     ///< the walk goes on from this structure
  bool new_best = false;
  bool reseeded = false;             ///< this structure was relaxed from a random one
  std::size_t force_calls = 0;       ///< so far
  const Atoms* structure = nullptr;  ///< the relaxed structure tried; valid during the callback only
};

struct BasinHoppingOptions {
  std::uint64_t seed = 1;
  std::size_t hops = 1000;
  double temperature = 0.8;  ///< kT of the Metropolis rule, eV; 0 accepts only what is not higher
  double step = 0.4;         ///< every coordinate moves by up to ± this, Å

  double surface_moves =
      0.25;  ///< share of hops that instead put 1 to 3 loose atoms of a free cluster elsewhere on its surface
  std::size_t adapt_every =
      0;  ///< after so many hops the step is changed by a tenth towards target_acceptance; 0: never
  double target_acceptance = 0.5;  ///< accepted share of the hops

  bool random_start = false;     ///< begin from a random cluster of the start's elements
  std::size_t reseed_after = 0;  ///< hops without a lower energy after which the walk begins anew from such; 0: never
  double bond_length = 0.0;  ///< Å, for random clusters and for what counts as a fragment; 0: that of the relaxed start

  double stop_energy = -std::numeric_limits<double>::infinity();  ///< the search ends when the best is not above, eV

  double fmax = 0.01;            ///< of the relaxation of each hop, eV/Å
  double best_fmax = 1e-4;       ///< of the relaxation of each new best structure, eV/Å
  std::size_t max_steps = 1000;  ///< of a relaxation; one that needs more is rejected
  double max_step = 0.3;         ///< longest step of an atom in a relaxation, Å

  std::vector<std::size_t> fixed;  ///< atoms that stay where they are
  std::function<void(const Hop&)> progress;
};

/// What was found, and all that is needed to go on.
struct BasinHoppingResult {
  Atoms best;
  double best_energy = 0.0;  ///< eV: what the potential gives for `best`
  std::size_t best_hop = 0;  ///< the hop that found it; 0: the start
  std::size_t hops = 0;
  std::size_t accepted = 0;
  std::size_t quenches = 0;  ///< relaxations, the start's included
  std::size_t force_calls = 0;
  std::size_t failed = 0;  ///< hops whose structure could not be relaxed, or flew apart for good
  std::size_t reseeds = 0;
  bool reached = false;  ///< stop_energy

  Atoms current;                   ///< where the walk stands
  double current_energy = 0.0;     ///< eV
  double walk_best = 0.0;          ///< lowest energy since the last reseeding, eV
  std::size_t since_progress = 0;  ///< hops since then that found nothing lower
  double step = 0.0;               ///< present, Å
  double bond_length = 0.0;        ///< Å
  std::size_t recently_accepted = 0;
  std::string random_state;

  double acceptance() const { return hops == 0 ? 0.0 : static_cast<double>(accepted) / static_cast<double>(hops); }
};

/// Searches from `start`. The same seed gives the same search. D. J. Wales and J. P. K. Doye, J. Phys. Chem. A 101,
/// 5111 (1997). Pieces of a free cluster that flew apart are pushed together and relaxed again. Throws InputError for
/// options out of range (hops 0, step or fmax not positive, negative temperature, …), for fixed atoms that do not
/// exist, for reseeding where atoms are fixed or the structure is periodic, and where the potential cannot be computed
/// at the start.
BasinHoppingResult basin_hopping(const Atoms& start, const Potential& potential,
                                 const BasinHoppingOptions& options = {});

/// Goes on for options.hops more hops; the seed, random_start and the step of the options are ignored. A search in two
/// parts gives the same as one in one part.
BasinHoppingResult basin_hopping(const BasinHoppingResult& earlier, const Potential& potential,
                                 const BasinHoppingOptions& options = {});

}  // namespace adatom
