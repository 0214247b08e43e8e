#include "autodiff/selection.hpp"

#include <string>

#include "autodiff/arithmetic.hpp"
#include "autodiff/elementwise.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"

namespace adatom {

using kernels::Binary;

namespace {

/// 1 where a > b, ½ where they are equal, else 0: how much of the larger one `a` is.
Tensor share_of_larger(const Tensor& a, const Tensor& b) {
  const Shape shape = broadcast("maximum", a.shape(), b.shape());
  Buffer share(shape.count());
  const double *const x = a.data(), *const y = b.data();
  const Loops<2> loops(shape, {broadcast_steps(a.shape(), shape), broadcast_steps(b.shape(), shape)});
  loops.run_elements([&](std::size_t i, const Loops<2>::Offsets& at) {
    share[i] = x[at[0]] > y[at[1]] ? 1.0 : x[at[0]] < y[at[1]] ? 0.0 : 0.5;
  });
  return Tensor::constant(shape, std::move(share));
}

/// 1 where low <= x <= high, else 0.
Tensor within(const Tensor& x, double low, double high) {
  Buffer mask(x.size());
  const double* const in = x.data();
  double* const out = mask.data();
  for (std::size_t i = 0; i < mask.size(); ++i) {
    const bool inside = (in[i] >= low) & (in[i] <= high);  // & and not &&: no branch, so that the loop vectorises
    out[i] = inside ? 1.0 : 0.0;
  }
  return Tensor::constant(x.shape(), std::move(mask));
}

}  // namespace

Tensor maximum(const Tensor& a, const Tensor& b) {
  return record_broadcast(
      "maximum", map("maximum", Binary::maximum, a, b),                                   //
      a, [a, b](const Tensor&, const Tensor& dy) { return dy * share_of_larger(a, b); },  //
      b, [a, b](const Tensor&, const Tensor& dy) { return dy * share_of_larger(b, a); });
}

Tensor minimum(const Tensor& a, const Tensor& b) {
  return record_broadcast(
      "minimum", map("minimum", Binary::minimum, a, b),                                   //
      a, [a, b](const Tensor&, const Tensor& dy) { return dy * share_of_larger(b, a); },  //
      b, [a, b](const Tensor&, const Tensor& dy) { return dy * share_of_larger(a, b); });
}

Tensor clip(const Tensor& x, double low, double high) {
  if (!(low <= high)) {
    throw ShapeError("clip: the limits are " + number_text(low) + " and " + number_text(high) +
                     ", expected the first to be at most the second");
  }
  Buffer limited(x.size());
  kernels::map(Binary::maximum, x.size(), x.data(), low, limited.data());
  kernels::map(Binary::minimum, x.size(), limited.data(), high, limited.data());
  return record("clip", x.shape(), std::move(limited), Input{x, [x, low, high](const Tensor&, const Tensor& dy) {
                                                               return where(within(x, low, high), dy, 0.0);
                                                             }});
}

Tensor where(const Tensor& condition, const Tensor& a, const Tensor& b) {
  const Shape shape = broadcast("where", broadcast("where", condition.shape(), a.shape()), b.shape());
  Buffer chosen(shape.count());
  const Loops<3> loops(shape, {broadcast_steps(condition.shape(), shape), broadcast_steps(a.shape(), shape),
                               broadcast_steps(b.shape(), shape)});
  const double *const c = condition.data(), *const x = a.data(), *const y = b.data();
  loops.run_elements(
      [&](std::size_t i, const Loops<3>::Offsets& at) { chosen[i] = c[at[0]] != 0 ? x[at[1]] : y[at[2]]; });
  return record(
      "where", shape, std::move(chosen),
      Input{a,
            summed_to(a.shape(), [condition](const Tensor&, const Tensor& dy) { return where(condition, dy, 0.0); })},
      Input{b,
            summed_to(b.shape(), [condition](const Tensor&, const Tensor& dy) { return where(condition, 0.0, dy); })});
}

}  // namespace adatom
