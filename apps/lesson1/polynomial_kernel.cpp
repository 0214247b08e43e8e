// The polynomial of polynomial.hpp, compiled once per instruction set.

namespace adatom::kernels::ADATOM_LEVEL {
namespace {

using Size = decltype(sizeof(0));
using Vector = double __attribute__((vector_size(ADATOM_VECTOR_BYTES)));
using AnyPlace =
    double __attribute__((vector_size(ADATOM_VECTOR_BYTES), aligned(8), may_alias));  // for loads and stores

constexpr Size lanes = ADATOM_VECTOR_BYTES / sizeof(double);

/// Eight vectors side by side: each step of Horner's rule waits for the one before it, some four cycles, and two
/// vectors can be worked on in every cycle.
constexpr Size side_by_side = 8;

void horner(Size n, const double* x, double* y, int degree) {
  for (Size i = 0; i < n; i += side_by_side * lanes) {
    Vector base[side_by_side], value[side_by_side];
    for (Size k = 0; k < side_by_side; ++k) {
      base[k] = *reinterpret_cast<const AnyPlace*>(x + i + k * lanes);
      value[k] = Vector{} + 1.0;
    }
    for (int step = 0; step < degree; ++step) {
      for (Size k = 0; k < side_by_side; ++k) value[k] = value[k] * base[k] + 1.0;
    }
    for (Size k = 0; k < side_by_side; ++k) *reinterpret_cast<AnyPlace*>(y + i + k * lanes) = value[k];
  }
}

}  // namespace

extern void (*const polynomial)(Size, const double*, double*, int);
void (*const polynomial)(Size, const double*, double*, int) = horner;

}  // namespace adatom::kernels::ADATOM_LEVEL
