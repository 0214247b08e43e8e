// What this file is: structures, sets of functions and comparisons that the tests of symmetry functions share.
#pragma once

#include <string>
#include <vector>

#include "atoms/symmetry_functions.hpp"
#include "atoms/symmetry_functions_plan.hpp"
#include "tests/support/catch.hpp"

namespace adatom::symmetry_functions_support {

/// Runs `check` once per instruction set, and leaves the best in use.
template <class Check>
void at_every_level(Check&& check) {
  for (const Processor level : {Processor::baseline, Processor::avx2, Processor::avx512}) {
    if (level > processor()) continue;
    INFO("instruction set " << name(level));
    kernels::use_symmetry_function_level(level);
    check();
  }
  kernels::use_symmetry_function_level(processor());
}

Descriptors describe(const SymmetryFunctions& functions, const Atoms& atoms, bool derivatives);

/// `n` atoms of these elements in a box of this edge, no two closer than 0.9 A.
Atoms random_atoms(std::size_t n, double edge, std::vector<int> elements, std::uint64_t seed);

/// A set that uses every branch: radial, narrow and wide, one and two elements, cutoffs that differ, grids that share
/// angular factors, odd ones out (mixed packs), more than eight angular factors, non-integer ζ, a large ζ.
std::vector<SymmetryFunction> varied_functions();

/// A few functions of each kind, for expensive checks.
std::vector<SymmetryFunction> few_functions();

/// list.displacement as a variable (P, 3).
Tensor displacement_tensor(const NeighborList& list);

/// The (3, K) derivatives for the n-th neighbour of atom i, at `displacement`.
std::vector<double> whole_derivatives(const Descriptors& descriptors, std::size_t i, std::size_t n,
                                      const Vector3& displacement);

/// Holds the fused values and derivatives equal to the twin's, at every instruction set.
void check_against_twin(const SymmetryFunctions& functions, const Atoms& atoms);

}  // namespace adatom::symmetry_functions_support
