// What this file is: the inner loops of descriptor_forces, compiled once per instruction set (see adatom_add_kernel in
// cmake/AdatomLibrary.cmake). The interface stands in descriptor_forces_kernel.hpp.
#include "potentials/descriptor_forces_kernel.hpp"

#include "autodiff/kernels/shuffle.hpp"
#include "autodiff/kernels/vector.hpp"

namespace adatom::kernels::ADATOM_LEVEL {
namespace {

/// The products of one pair, not yet added up across lanes.
inline Vector products(const double* derivative, const double* first, const double* second, Size width) {
  Vector sum = {};
  Size k = 0;
  for (; k + lanes <= width; k += lanes) {
    const Vector slopes = second ? load(first + k) + load(second + k) : load(first + k);
    sum += load(derivative + k) * slopes;
  }
  if (const Size rest = width - k; rest > 0) {
    const Vector slopes = second ? load(first + k, rest) + load(second + k, rest) : load(first + k, rest);
    sum += load(derivative + k, rest) * slopes;
  }
  return sum;
}

void gather(RowPairs pairs, Size width, const double* derivative, const double* slopes, Size step, double* pull) {
  for (Size p = 0; p < pairs.count; p += lanes) {
    const Size count = pairs.count - p < lanes ? pairs.count - p : lanes;
    Vector sums[lanes] = {};
    for (Size i = 0; i < count; ++i) {
      const unsigned first = pairs.first[(p + i) * pairs.stride], second = pairs.second[(p + i) * pairs.stride];
      sums[i] = products(derivative + (p + i) * width, slopes + first * step,
                         second == RowPairs::no_row ? nullptr : slopes + second * step, width);
    }
    const Vector total = sum_each(sums);
    count == lanes ? store(pull + p, total) : store(pull + p, total, count);
  }
}

inline void add(double* to, Vector factor, const double* derivative, Size width) {
  Size k = 0;
  for (; k + lanes <= width; k += lanes) store(to + k, load(to + k) + factor * load(derivative + k));
  if (const Size rest = width - k; rest > 0) {
    store(to + k, load(to + k, rest) + factor * load(derivative + k, rest), rest);
  }
}

void scatter(RowPairs pairs, Size width, const double* derivative, const double* pull, double* slopes, Size step) {
  for (Size p = 0; p < pairs.count; ++p, derivative += width) {
    const Vector factor = splat(pull[p]);
    const unsigned first = pairs.first[p * pairs.stride], second = pairs.second[p * pairs.stride];
    add(slopes + first * step, factor, derivative, width);
    if (second != RowPairs::no_row) add(slopes + second * step, factor, derivative, width);
  }
}

}  // namespace

extern const DescriptorForcesTable descriptor_forces;
const DescriptorForcesTable descriptor_forces = {gather, scatter};

}  // namespace adatom::kernels::ADATOM_LEVEL
