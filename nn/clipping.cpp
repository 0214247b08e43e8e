#include "nn/clipping.hpp"

#include <algorithm>
#include <cmath>

#include "autodiff/kernels/reduce.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"

namespace adatom {
namespace {

void check_limit(const char* function, double limit) {
  if (!(limit > 0.0)) {
    throw InputError(std::string(function) + ": the limit is " + number_text(limit) + ", expected a number > 0");
  }
}

/// f of every element, as a constant.
template <class F>
Tensor mapped(const Tensor& x, F f) {
  Buffer result(x.size());
  std::transform(x.values().begin(), x.values().end(), result.data(), f);
  return Tensor::constant(x.shape(), std::move(result));
}

}  // namespace

double global_norm(std::span<const Tensor> gradients) {
  double sum = 0.0;
  for (const Tensor& gradient : gradients) sum += kernels::dot(gradient.size(), gradient.data(), gradient.data());
  if (std::isfinite(sum)) return std::sqrt(sum);
  // The squares overflowed, though the norm may not: again, with the largest element as the unit.
  double largest = 0.0;
  for (const Tensor& gradient : gradients) {
    for (const double g : gradient.values()) largest = std::max(largest, std::abs(g));
  }
  if (!std::isfinite(largest)) return std::sqrt(sum);
  sum = 0.0;
  for (const Tensor& gradient : gradients) {
    for (const double g : gradient.values()) sum += (g / largest) * (g / largest);
  }
  return largest * std::sqrt(sum);
}

double clip_by_global_norm(Tensors& gradients, double limit) {
  check_limit("clip_by_global_norm", limit);
  const double norm = global_norm(gradients);
  if (!(norm > limit)) return norm;
  const double factor = limit / norm;
  for (Tensor& gradient : gradients) gradient = mapped(gradient, [factor](double g) { return g * factor; });
  return norm;
}

void clip_by_value(Tensors& gradients, double limit) {
  check_limit("clip_by_value", limit);
  for (Tensor& gradient : gradients) {
    gradient = mapped(gradient, [limit](double g) { return g > limit ? limit : g < -limit ? -limit : g; });
  }
}

}  // namespace adatom
