// What this file is: shifting and scaling columns to mean 0 and standard deviation 1, which networks learn from best.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "autodiff/tensor.hpp"

namespace adatom {

/// z = (x − mean) / deviation per column. Part of a model: save it with the weights, never refit it on other data.
struct Standardization {
  std::vector<double> mean;
  std::vector<double> deviation;              ///< of the population (divided by n), 1 for constant columns
  std::vector<std::size_t> constant_columns;  ///< columns that do not vary; they become 0

  /// (rows, columns) → the same shape, differentiable. A column that never varied in the data fitted is only shifted.
  Tensor apply(const Tensor& x) const;
  /// x from z: the opposite of apply.
  Tensor invert(const Tensor& z) const;

  /// One sentence about the constant columns, empty if there are none: worth printing, for such a column carries no
  /// information.
  std::string note() const;
};

/// Mean and deviation of every column of x (rows, columns). A column counts as constant when it varies by no more than
/// round-off (1e-12 of its largest magnitude). Throws InputError for no rows, for a non-finite number, naming its
/// place, and for numbers whose squares overflow.
Standardization fit_standardization(const Tensor& x);

}  // namespace adatom
