#include "optim/least_squares.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"

namespace adatom {
namespace {

constexpr int most_iterations = 200;

double sum_of_squares(std::span<const double> v) {
  double sum = 0.0;
  for (const double x : v) sum += x * x;
  return sum;
}

}  // namespace

std::vector<double> least_squares(std::span<const double> matrix, std::span<const double> values, std::size_t columns) {
  const std::size_t rows = values.size();
  std::vector<double> a(matrix.begin(), matrix.end()), b(values.begin(), values.end()), diagonal(columns);
  const auto at = [&](std::size_t i, std::size_t j) -> double& { return a[i * columns + j]; };
  const double scale = std::sqrt(sum_of_squares(matrix));
  for (std::size_t j = 0; j < columns; ++j) {
    // Reflect column j, from its row j on, onto the axis; the vector of the reflection takes its place.
    double square = 0.0;
    for (std::size_t i = j; i < rows; ++i) square += at(i, j) * at(i, j);
    const double length = std::sqrt(square);
    if (!(length > 1e-13 * scale))
      throw NumericalError("least squares: the parameters cannot be told apart by these points");
    diagonal[j] = at(j, j) > 0.0 ? -length : length;
    at(j, j) -= diagonal[j];
    const double half = -diagonal[j] * at(j, j);  // half the square of the vector
    const auto reflect = [&](auto&& entry) {
      double product = 0.0;
      for (std::size_t i = j; i < rows; ++i) product += at(i, j) * entry(i);
      for (std::size_t i = j; i < rows; ++i) entry(i) -= product / half * at(i, j);
    };
    for (std::size_t k = j + 1; k < columns; ++k) reflect([&](std::size_t i) -> double& { return at(i, k); });
    reflect([&](std::size_t i) -> double& { return b[i]; });
  }
  std::vector<double> c(columns);
  for (std::size_t j = columns; j-- > 0;) {
    double sum = b[j];
    for (std::size_t k = j + 1; k < columns; ++k) sum -= at(j, k) * c[k];
    c[j] = sum / diagonal[j];
  }
  return c;
}

void minimize_squares(const std::function<void(std::span<const double>, std::span<double>)>& residuals,
                      std::size_t count, std::span<double> parameters) {
  const std::size_t n = parameters.size(), rows = count + n;
  std::vector<double> now(count), up(count), down(count), moved(parameters.begin(), parameters.end());
  residuals(parameters, now);
  double square = sum_of_squares(now), damping = 1e-3;
  for (int iteration = 0; iteration < most_iterations; ++iteration) {
    // The damped equations are the plain ones with n more rows √damping · 1.
    std::vector<double> matrix(rows * n, 0.0), values(rows, 0.0);
    for (std::size_t k = 0; k < n; ++k) {
      const double h = 1e-5;
      moved.assign(parameters.begin(), parameters.end());
      moved[k] = parameters[k] + h;
      residuals(moved, up);
      moved[k] = parameters[k] - h;
      residuals(moved, down);
      for (std::size_t i = 0; i < count; ++i) matrix[i * n + k] = (up[i] - down[i]) / (2.0 * h);
      matrix[(count + k) * n + k] = std::sqrt(damping);
    }
    for (std::size_t i = 0; i < count; ++i) values[i] = -now[i];
    const std::vector<double> step = least_squares(matrix, values, n);
    for (std::size_t k = 0; k < n; ++k) moved[k] = parameters[k] + step[k];
    residuals(moved, up);
    const double lower = sum_of_squares(up);
    const double length = std::sqrt(sum_of_squares(step));
    if (!(lower <= square)) {
      if (length < 1e-10) return;  // rounding errors
      damping *= 10.0;
      continue;
    }
    for (std::size_t k = 0; k < n; ++k) parameters[k] = moved[k];
    now = up;
    square = lower;
    damping = std::max(0.1 * damping, 1e-15);
    if (length < 1e-12) return;
  }
  throw NumericalError("least squares did not converge in " + std::to_string(most_iterations) + " iterations");
}

}  // namespace adatom
