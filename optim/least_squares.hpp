// What this file is: least squares with a few parameters, linear and not. Internal to optim.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace adatom {

/// The `columns` unknowns c for which the rows of `matrix` (row-major) give matrix · c nearest to `values`, by
/// Householder reflections. Throws NumericalError when the columns depend on one another.
std::vector<double> least_squares(std::span<const double> matrix, std::span<const double> values, std::size_t columns);

/// Moves the parameters (each of order 1) to where the sum of the squared residuals (`count` of them, a smooth
/// function) is lowest. D. W. Marquardt, J. Soc. Indust. Appl. Math. 11, 431 (1963), derivatives by central
/// differences. Throws NumericalError when it does not arrive.
void minimize_squares(
    const std::function<void(std::span<const double> parameters, std::span<double> residuals)>& residuals,
    std::size_t count, std::span<double> parameters);

}  // namespace adatom
