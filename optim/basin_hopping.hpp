// What this file is: basin hopping, the search for the structure of lowest energy: shake, relax, keep or discard. The
// moves are in optim/moves.hpp, many walks at once in optim/walkers.hpp.
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
#include "optim/minima_archive.hpp"
#include "optim/moves.hpp"
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
  bool acceptable = true;            ///< what options.acceptable says of it
  bool taboo = false;                ///< turned down since it had been visited
  std::size_t walker = 0;            ///< whose hop it is, where there are many
  std::size_t force_calls = 0;       ///< so far
  const Atoms* structure = nullptr;  ///< the relaxed structure tried; valid during the callback only
};

struct BasinHoppingOptions {
  std::uint64_t seed = 1;
  std::size_t hops = 1000;
  double temperature = 0.8;  ///< kT of the Metropolis rule, eV; 0 accepts only what is not higher
  double step = 0.4;         ///< every coordinate moves by up to ± this, Å

  std::vector<Move> moves = default_moves();

  /// After so many hops the step is changed by a tenth, towards target_acceptance; 0: never. It does not outgrow the
  /// bond length.
  std::size_t adapt_every = 0;
  double target_acceptance = 0.5;  ///< accepted share of the hops
  /// Adapts two things: the step so that target_escape of the hops leave the minimum they began in, the temperature so
  /// that target_acceptance of those that left are accepted (the two-fold adaptation of the program pele).
  bool adapt_temperature = false;
  double target_escape = 0.8;

  std::size_t taboo = 0;  ///< the walk does not return to the last so many different minima it has left
  SameMinimum same{};     ///< when a minimum is one of those

  /// Minima for which it says false are turned down whatever their energy: places where a learned potential only
  /// guesses, molecules fallen apart. Until the walk stands in an acceptable minimum it goes anywhere, by random
  /// starts if random_start. Called from several threads at once if there are many walkers.
  std::function<bool(const Atoms&)> acceptable{};

  bool random_start = false;     ///< begin from a random cluster of the start's elements
  std::size_t reseed_after = 0;  ///< hops without a lower energy after which the walk begins anew from such; 0: never
  double bond_length = 0.0;  ///< Å, for random clusters and for what counts as a fragment; 0: that of the relaxed start

  double stop_energy = -std::numeric_limits<double>::infinity();  ///< the search ends when the best is not above, eV

  double fmax = 0.01;            ///< of the relaxation of each hop, eV/Å
  double best_fmax = 1e-4;       ///< of the relaxation of each new best structure, eV/Å
  std::size_t max_steps = 1000;  ///< of a relaxation; one that needs more is rejected
  double max_step = 0.3;         ///< longest step of an atom in a relaxation, Å

  std::vector<std::size_t> fixed{};  ///< atoms that stay where they are
  std::function<void(const Hop&)> progress{};
  std::function<bool()> stop{};  ///< asked before each hop; true ends the search
};

/// What was found, and all that is needed to go on.
struct BasinHoppingResult {
  Atoms best;
  double best_energy = 0.0;  ///< eV: what the potential gives for `best`; infinite if no minimum was acceptable
  std::size_t best_hop = 0;  ///< the hop that found it; 0: the start
  std::size_t hops = 0;
  std::size_t accepted = 0;
  std::size_t quenches = 0;  ///< relaxations, the start's included
  std::size_t force_calls = 0;
  std::size_t failed = 0;  ///< hops whose structure could not be relaxed, or flew apart for good
  std::size_t reseeds = 0;
  std::size_t unacceptable = 0;  ///< minima turned down by options.acceptable, the start included
  std::size_t revisits = 0;      ///< hops turned down as taboo
  bool reached = false;          ///< stop_energy

  Atoms current;                   ///< where the walk stands
  double current_energy = 0.0;     ///< eV
  double walk_best = 0.0;          ///< lowest energy since the last reseeding, eV
  std::size_t since_progress = 0;  ///< hops since then that found nothing lower
  double step = 0.0;               ///< present, Å
  double temperature = 0.0;        ///< present, eV
  double bond_length = 0.0;        ///< Å
  std::size_t recently_accepted = 0, recently_left = 0;
  std::vector<Minimum> visited;  ///< taboo, the latest last
  std::string random_state;

  double acceptance() const { return hops == 0 ? 0.0 : static_cast<double>(accepted) / static_cast<double>(hops); }
};

/// Searches from `start`. The same seed gives the same search. D. J. Wales and J. P. K. Doye, J. Phys. Chem. A 101,
/// 5111 (1997). Pieces of a free cluster that flew apart are pushed together and relaxed again. Throws InputError for
/// options out of range (hops 0, no moves, step or fmax not positive, negative temperature, …), for fixed atoms that do
/// not exist, for reseeding where atoms are fixed or the structure is periodic, and where the potential cannot be
/// computed at the start.
BasinHoppingResult basin_hopping(const Atoms& start, const Potential& potential,
                                 const BasinHoppingOptions& options = {});

/// Goes on for options.hops more hops; the seed, the step and the bond length of the options are ignored, and their
/// temperature where it adapts. A search in two parts gives the same as one in one part, to the last bit: what a
/// program writes down of each hop (options.progress) and of the result now and then is all it needs to go on after a
/// crash.
BasinHoppingResult basin_hopping(const BasinHoppingResult& earlier, const Potential& potential,
                                 const BasinHoppingOptions& options = {});

}  // namespace adatom
