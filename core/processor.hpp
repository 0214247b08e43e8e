// What this file is: the choice, made once at run time, of the instruction set that hot loops use.
//
// A kernel file (say autodiff/kernels/matmul_kernel.cpp) is compiled once per level into a namespace of that level
// (cmake/AdatomLibrary.cmake); its table of function pointers is picked with `select`.
#pragma once

namespace adatom {

/// Instruction sets that kernels are compiled for. `baseline` is plain x86-64 (SSE2), or any other processor.
enum class Processor { baseline, avx2, avx512 };

/// The best level that this processor supports, found once. The environment variable ADATOM_PROCESSOR
/// (baseline, avx2 or avx512) can lower it, for tests and measurements; it never raises it.
Processor processor();

/// "baseline", "avx2" or "avx512".
const char* name(Processor level);

/// Picks one of three tables for the processor found.
template <class Table>
const Table& select(const Table& baseline, [[maybe_unused]] const Table& avx2, [[maybe_unused]] const Table& avx512) {
  switch (processor()) {
    case Processor::avx512:
      return avx512;
    case Processor::avx2:
      return avx2;
    case Processor::baseline:
      break;
  }
  return baseline;
}

}  // namespace adatom
