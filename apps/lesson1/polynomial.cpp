#include "apps/lesson1/polynomial.hpp"

namespace adatom {

// Defined once per level, in polynomial_kernel.cpp.
namespace kernels::baseline {
extern const apps::lesson1::PolynomialKernel polynomial;
}
#if defined(__x86_64__)
namespace kernels::avx2 {
extern const apps::lesson1::PolynomialKernel polynomial;
}
namespace kernels::avx512 {
extern const apps::lesson1::PolynomialKernel polynomial;
}
#endif

namespace apps::lesson1 {

PolynomialKernel polynomial_for([[maybe_unused]] Processor level) {
#if defined(__x86_64__)
  if (level == Processor::avx512) return kernels::avx512::polynomial;
  if (level == Processor::avx2) return kernels::avx2::polynomial;
#endif
  return kernels::baseline::polynomial;
}

std::size_t numbers_per_instruction(Processor level) {
  return level == Processor::avx512 ? 8 : level == Processor::avx2 ? 4 : 2;
}

}  // namespace apps::lesson1
}  // namespace adatom
