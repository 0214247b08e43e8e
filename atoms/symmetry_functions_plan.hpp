// What this file is: what a SymmetryFunctions object holds: per centre element the functions as given, and the same
// arranged for the fused evaluation. Internal to atoms/symmetry_functions*.cpp.
#pragma once

#include <array>
#include <vector>

#include "atoms/elements.hpp"
#include "atoms/symmetry_functions.hpp"
#include "atoms/symmetry_functions_kernel.hpp"
#include "core/processor.hpp"

namespace adatom {

/// Consecutive lanes that are consecutive in the result too.
struct LaneRun {
  std::size_t lane, function, length;
};

/// Where the lanes of some functions, radial or angular ones, go in a neighbour's derivatives.
struct LaneRuns {
  std::vector<std::vector<LaneRun>> of_slot;  ///< the functions that involve a neighbour of this slot
  std::vector<bool> all;                      ///< per slot: do these cover all functions?
  bool in_place = false;  ///< lanes are the functions, in order and without gaps, for all neighbours
};

struct CenterFunctions {
  int element = 0;
  std::vector<SymmetryFunction> functions;       ///< radial ones first
  std::size_t radial = 0;                        ///< how many
  std::vector<int> neighbors;                    ///< the neighbour elements, ascending: one slot each
  std::array<int, element_count + 1> slot_of{};  ///< −1: plays no role
  double cutoff = 0.0;                           ///< the largest
  double angular_cutoff = 0.0;                   ///< the largest of the angular functions; 0 if there are none
  std::vector<LaneRun> value_runs;               ///< all functions
  LaneRuns radial_runs, angular_runs;            ///< lanes and functions counted from the first radial or angular one

  // What `plan` points to.
  std::vector<double> cutoffs, eta, shift, m_eta, m_shift, angular;
  std::vector<std::size_t> m_cutoff, group_radials;
  std::vector<kernels::RadialGroup> radial_groups;
  std::vector<kernels::AngularBlock> blocks;
  std::vector<kernels::AngularGroup> angular_groups;
  kernels::CenterPlan plan{};
};

struct SymmetryFunctions::Plan {
  CutoffFunction cutoff_function;
  double cutoff = 0.0;
  std::vector<int> elements;
  std::array<bool, element_count + 1> known{};
  std::array<int, element_count + 1> center_of{};  ///< −1: not a centre
  std::vector<CenterFunctions> centers;

  /// Null for elements without functions.
  const CenterFunctions* center(int number) const {
    if (number < 1 || number > element_count || center_of[static_cast<std::size_t>(number)] < 0) return nullptr;
    return &centers[static_cast<std::size_t>(center_of[static_cast<std::size_t>(number)])];
  }
};

/// Arranges the functions of one centre, which are valid.
CenterFunctions arrange(int element, std::vector<SymmetryFunction> functions, const CutoffFunction& cutoff_function);

/// Throws ShapeError, naming `function`, unless the list is that of the atoms and first … last − 1 are some of them.
void require_range(std::string_view function, std::span<const int> numbers, const NeighborList& list, std::size_t first,
                   std::size_t last);

/// Throws InputError "element 'N' (atom 3) has no symmetry functions (known: C H)".
[[noreturn]] void throw_unknown_element(const SymmetryFunctions& functions, int number, std::size_t atom);

/// Throws InputError "atoms 3 and 7 are 0.000 Å apart".
[[noreturn]] void throw_coincident(std::size_t i, std::size_t j, double distance);

/// Below this distance, Angstrom, the direction from one atom to another is taken as undefined.
inline constexpr double smallest_distance_apart = 1e-8;

/// For tests and measurements: from now on use this level. Throws InputError if the processor does not support it.
namespace kernels {
void use_symmetry_function_level(Processor level);
}

}  // namespace adatom
