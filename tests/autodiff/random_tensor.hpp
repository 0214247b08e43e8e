// What this file is: random arguments for tests of derivatives, drawn from where a function is smooth.
#pragma once

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "autodiff/tensor.hpp"
#include "core/random.hpp"

namespace adatom::testing {

enum class Domain {
  any,             ///< standard normal
  positive,        ///< 0.5 to 2
  away_from_zero,  ///< 0.5 to 2, either sign
  separated,       ///< within ±2.5, 0.03 or more from each other and from all multiples of 0.1: no ties, no kinks
};

/// One value in the middle of each of `count` different cells of width 0.1 (at most 50).
inline std::vector<double> separated_values(std::size_t count, Random& random) {
  std::vector<int> cells(50);  // of width 0.1
  std::iota(cells.begin(), cells.end(), -25);
  random.shuffle(std::span(cells));
  std::vector<double> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = 0.1 * cells.at(i) + random.uniform(0.03, 0.07);
  return values;
}

inline double random_value(Domain domain, Random& random) {
  if (domain == Domain::any) return random.normal();
  const double size = random.uniform(0.5, 2.0);
  return domain == Domain::away_from_zero && random.uniform() < 0.5 ? -size : size;
}

/// One tensor per shape. Separated values are separated across all tensors.
inline Tensors random_tensors(const std::vector<Shape>& shapes, Domain domain, Random& random) {
  std::size_t total = 0;
  for (const Shape& shape : shapes) total += shape.count();
  std::vector<double> values(total);
  if (domain == Domain::separated) {
    values = separated_values(total, random);
  } else {
    for (double& value : values) value = random_value(domain, random);
  }
  Tensors tensors;
  std::size_t start = 0;
  for (const Shape& shape : shapes) {
    tensors.push_back(Tensor::constant(shape, std::span(values).subspan(start, shape.count())));
    start += shape.count();
  }
  return tensors;
}

inline Tensor random_tensor(const Shape& shape, std::uint64_t seed, Domain domain = Domain::any) {
  Random random(seed);
  return random_tensors({shape}, domain, random)[0];
}

inline double largest_difference(const Tensor& a, const Tensor& b) {
  double largest = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a.values()[i] - b.values()[i]));
  return largest;
}

inline bool all_finite(const Tensor& x) {
  return std::all_of(x.values().begin(), x.values().end(), [](double value) { return std::isfinite(value); });
}

}  // namespace adatom::testing
