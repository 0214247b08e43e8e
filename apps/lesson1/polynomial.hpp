// What this file is: one loop compiled for several instruction sets, to compare them: 1 + x + x² + … + x^degree by
// Horner's rule, for many x. The naive twin, one number after the other, is in speed.cpp.
#pragma once

#include <cstddef>

#include "core/processor.hpp"

namespace adatom::apps::lesson1 {

/// y[i] = 1 + x[i] + … + x[i]^degree for i < n, n a multiple of 64: 2·degree operations on 16 bytes each (8 read, 8
/// written).
using PolynomialKernel = void (*)(std::size_t n, const double* x, double* y, int degree);

/// The loop for processors of this level, which must not be above processor(): those could not run it.
PolynomialKernel polynomial_for(Processor level);

/// How many numbers one instruction of this level works on.
std::size_t numbers_per_instruction(Processor level);

}  // namespace adatom::apps::lesson1
