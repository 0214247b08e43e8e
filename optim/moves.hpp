// What this file is: the moves of basin hopping: how a structure is changed before it is relaxed again. A move is any
// function of this form; a new one needs no change here:
//
//   BasinHoppingOptions options;
//   options.moves = {{.name = "shake", .weight = 3.0, .change = shake_all},
//                    {.name = "stretch", .weight = 1.0, .change = [](Atoms& a, const MoveContext&, Random& random) {
//                       const double factor = random.uniform(0.9, 1.1);
//                       for (Vector3& x : a.positions) x = factor * x;
//                       return true;
//                     }}};
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "atoms/atoms.hpp"
#include "core/random.hpp"
#include "potentials/potential.hpp"

namespace adatom {

/// What a move may know.
struct MoveContext {
  const Potential& potential;
  std::span<const std::size_t> free;  ///< the atoms that may move, ascending; at least one
  double step = 0.4;                  ///< the search's present step, Å
  double bond_length = 0.0;           ///< Å; 0 where there is none: a single atom
  bool free_cluster = true;           ///< all atoms free and no direction periodic: pieces may be turned and carried
};

/// Changes `structure` in place, with random numbers from `random` alone, and returns true; or returns false and
/// changes nothing where the move makes no sense (exchanging elements in a structure of one): then all atoms are
/// shaken.
using MoveFunction = std::function<bool(Atoms& structure, const MoveContext& context, Random& random)>;

struct Move {
  std::string name{};
  double weight = 1.0;  ///< its share of the hops is weight over the sum of all weights
  MoveFunction change{};
};

/// Every coordinate of every free atom moves by up to ± step: the move of Wales and Doye.
bool shake_all(Atoms& structure, const MoveContext& context, Random& random);

/// One atom, drawn at random, goes anywhere within a sphere of one bond length (at least the step) around its place.
bool shake_one(Atoms& structure, const MoveContext& context, Random& random);

/// The least bound atom goes to a random place on the surface, one bond from the nearest atoms there: the angular move
/// of Wales and Doye, J. Phys. Chem. A 101, 5111 (1997), section II. Least bound is the one whose energy is highest
/// compared with the mean of its element. Free clusters of three or more atoms. Costs one computation of the potential.
bool move_least_bound(Atoms& structure, const MoveContext& context, Random& random);

/// The 1 to 3 atoms with the fewest neighbours go to random places on the surface. Free clusters of two or more atoms.
bool move_loose_atoms(Atoms& structure, const MoveContext& context, Random& random);

/// Two free atoms of different elements change places.
bool swap_elements(Atoms& structure, const MoveContext& context, Random& random);

/// Cut and rotate: all atoms on one side of a random plane through the middle turn together, by a random angle about
/// the plane's normal. Free clusters of three or more atoms.
bool twist(Atoms& structure, const MoveContext& context, Random& random);

/// One of the above by its short name: shake, single, angular, surface, swap, twist. Throws InputError for others.
Move standard_move(std::string_view name, double weight = 1.0);

/// Three shakes of all atoms to one move of loose atoms: finds Lennard-Jones clusters several times sooner than shakes
/// alone.
std::vector<Move> default_moves();

/// Standard moves from text such as "shake:3,surface:1" or "shake,swap" (weight 1). Throws InputError for an unknown
/// name, a name given twice, and a weight that is not a positive number.
std::vector<Move> parse_moves(std::string_view text);

}  // namespace adatom
