// What this file is: the list of cutoff functions, apart from cutoff_functions.hpp so that kernel files can include it.
#pragma once

namespace adatom {

/// With r_in = inner · r_c and x = (r − r_in)/(r_c − r_in), f = 1 for r < r_in, f = 0 for r ≥ r_c, and between them
/// the formula of the kind. Numbered as `cutoff_type` of n2p2 and RuNNer. tanh³ ignores `inner`.
enum class CutoffKind {
  hard = 0,                   ///< 1: jumps at r_c; only for reading others' potentials
  cosine = 1,                 ///< (cos πx + 1)/2; Behler & Parrinello, PRL 98, 146401 (2007); second derivative jumps
  tanh_cubed = 2,             ///< tanh³(1 − r/r_c); Behler, J. Chem. Phys. 134, 074106 (2011)
  tanh_cubed_normalized = 3,  ///< tanh³(1 − r/r_c)/tanh³ 1
  exponential = 4,            ///< exp(1 − 1/(1 − x²)); all derivatives continuous at r_c, second jumps at r_in
  polynomial1 = 5,            ///< (2x − 3)x² + 1; second derivative jumps
  polynomial2 = 6,            ///< ((15 − 6x)x − 10)x³ + 1; second derivative is continuous
  polynomial3 = 7,            ///< (x(x(20x − 70) + 84) − 35)x⁴ + 1; third derivative is continuous
  polynomial4 = 8,            ///< (x(x((315 − 70x)x − 540) + 420) − 126)x⁵ + 1; fourth derivative is continuous
};

}  // namespace adatom
