#include "nn/standardization.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "autodiff/arithmetic.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"

namespace adatom {
namespace {

Tensor row(const std::vector<double>& values) { return Tensor::constant({values.size()}, values); }

void check_columns(const Tensor& x, std::size_t columns) {
  if (x.rank() == 0 || x.shape().back() != columns) {
    throw ShapeError("standardization: input of shape " + to_string(x.shape()) + ", expected " +
                     std::to_string(columns) + " columns");
  }
}

}  // namespace

Tensor Standardization::apply(const Tensor& x) const {
  check_columns(x, mean.size());
  return (x - row(mean)) / row(deviation);
}

Tensor Standardization::invert(const Tensor& z) const {
  check_columns(z, mean.size());
  return z * row(deviation) + row(mean);
}

std::string Standardization::note() const {
  if (constant_columns.empty()) return "";
  std::string text = constant_columns.size() == 1 ? "column" : "columns";
  constexpr std::size_t shown = 10;
  for (std::size_t i = 0; i < std::min(shown, constant_columns.size()); ++i) {
    text += (i == 0 ? " " : ", ") + std::to_string(constant_columns[i]);
  }
  if (constant_columns.size() > shown) text += " and " + std::to_string(constant_columns.size() - shown) + " more";
  return text + (constant_columns.size() == 1 ? " does" : " do") + " not vary in the data: only shifted, not scaled";
}

Standardization fit_standardization(const Tensor& x) {
  if (x.rank() != 2)
    throw ShapeError("standardization: data of shape " + to_string(x.shape()) + ", expected (rows, columns)");
  const std::size_t rows = x.shape()[0], columns = x.shape()[1];
  if (rows == 0) throw InputError("standardization: no rows to take the mean of");
  const auto values = x.values();
  const auto n = static_cast<double>(rows);

  Standardization result{std::vector<double>(columns, 0.0), std::vector<double>(columns, 0.0), {}};
  std::vector<double> lowest(columns, std::numeric_limits<double>::infinity());
  std::vector<double> highest(columns, -std::numeric_limits<double>::infinity());
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) {
      const double value = values[i * columns + j];
      if (!std::isfinite(value)) {
        throw InputError("standardization: row " + std::to_string(i) + ", column " + std::to_string(j) + " is " +
                         number_text(value));
      }
      result.mean[j] += value / n;
      lowest[j] = std::min(lowest[j], value);
      highest[j] = std::max(highest[j], value);
    }
  }
  // The mean lies between them. Rounded over many rows it may not, and a constant column would seem to vary by that.
  for (std::size_t j = 0; j < columns; ++j) result.mean[j] = std::clamp(result.mean[j], lowest[j], highest[j]);
  // A second pass over the deviations: the textbook ⟨x²⟩ − ⟨x⟩² cancels badly when the mean is large.
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) {
      const double d = values[i * columns + j] - result.mean[j];
      result.deviation[j] += d * d / n;
    }
  }
  for (std::size_t j = 0; j < columns; ++j) {
    result.deviation[j] = std::sqrt(result.deviation[j]);
    if (!std::isfinite(result.deviation[j])) {
      throw InputError("standardization: column " + std::to_string(j) + " has numbers from " + number_text(lowest[j]) +
                       " to " + number_text(highest[j]) + ", too large for their squares; use another unit");
    }
    if (result.deviation[j] > 1e-12 * std::max(std::abs(lowest[j]), std::abs(highest[j]))) continue;
    result.deviation[j] = 1.0;
    result.constant_columns.push_back(j);
  }
  return result;
}

}  // namespace adatom
