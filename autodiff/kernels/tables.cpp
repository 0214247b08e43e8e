#include "autodiff/kernels/tables.hpp"

#include <string>

#include "core/error.hpp"

namespace adatom::kernels {

// Defined once per level, at the end of each kernel file.
namespace baseline {
extern const MatmulTable matmul_table;
extern const MapTable map_table;
extern const ReduceTable reduce_table;
extern const AdamTable adam_table;
}  // namespace baseline
namespace avx2 {
#if defined(__x86_64__)
extern const MatmulTable matmul_table;
extern const MapTable map_table;
extern const ReduceTable reduce_table;
extern const AdamTable adam_table;
#else
using namespace baseline;
#endif
}  // namespace avx2
namespace avx512 {
#if defined(__x86_64__)
extern const MatmulTable matmul_table;
extern const MapTable map_table;
extern const ReduceTable reduce_table;
extern const AdamTable adam_table;
#else
using namespace baseline;
#endif
}  // namespace avx512

namespace {

const Tables& tables_of(Processor level) {
  static const Tables of_baseline{baseline::matmul_table, baseline::map_table, baseline::reduce_table,
                                  baseline::adam_table};
  static const Tables of_avx2{avx2::matmul_table, avx2::map_table, avx2::reduce_table, avx2::adam_table};
  static const Tables of_avx512{avx512::matmul_table, avx512::map_table, avx512::reduce_table, avx512::adam_table};
  switch (level) {
    case Processor::avx512:
      return of_avx512;
    case Processor::avx2:
      return of_avx2;
    case Processor::baseline:
      break;
  }
  return of_baseline;
}

const Tables*& chosen() {
  static const Tables* pointer = &tables_of(processor());
  return pointer;
}

}  // namespace

const Tables& tables() { return *chosen(); }

void use_level(Processor level) {
  if (level > processor()) {
    throw InputError(std::string("this processor does not offer ") + name(level) + ", only " + name(processor()));
  }
  chosen() = &tables_of(level);
}

}  // namespace adatom::kernels
