// The polynomial of polynomial.hpp, compiled once per instruction set.

namespace adatom::kernels::ADATOM_LEVEL {
namespace {

using Size = decltype(sizeof(0));
using Vector = double __attribute__((vector_size(ADATOM_VECTOR_BYTES)));

constexpr Size lanes = ADATOM_VECTOR_BYTES / sizeof(double);

// Arrays may start anywhere, so numbers are copied, which compiles to one unaligned load or store.
Vector load(const double* from) {
  Vector numbers;
  __builtin_memcpy(&numbers, from, sizeof numbers);
  return numbers;
}
void store(double* to, Vector numbers) { __builtin_memcpy(to, &numbers, sizeof numbers); }

/// Eight vectors side by side: each step of Horner's rule waits for the one before it, some four cycles, and two
/// vectors can be worked on in every cycle.
constexpr Size side_by_side = 8;

void horner(Size n, const double* x, double* y, int degree) {
  for (Size i = 0; i < n; i += side_by_side * lanes) {
    Vector base[side_by_side], value[side_by_side];
    for (Size k = 0; k < side_by_side; ++k) {
      base[k] = load(x + i + k * lanes);
      value[k] = Vector{} + 1.0;
    }
    for (int step = 0; step < degree; ++step) {
      for (Size k = 0; k < side_by_side; ++k) value[k] = value[k] * base[k] + 1.0;
    }
    for (Size k = 0; k < side_by_side; ++k) store(y + i + k * lanes, value[k]);
  }
}

}  // namespace

extern void (*const polynomial)(Size, const double*, double*, int);
void (*const polynomial)(Size, const double*, double*, int) = horner;

}  // namespace adatom::kernels::ADATOM_LEVEL
