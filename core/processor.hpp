// What this file is: the choice, made once at run time, of the instruction set that hot loops use.
//
// A kernel file (say autodiff/kernels/matmul_kernel.cpp) is compiled once per level into a namespace of that level
// (cmake/AdatomLibrary.cmake); its table of function pointers is picked with `select`.
#pragma once

#include <string_view>

namespace adatom {

/// Instruction sets that kernels are compiled for. `baseline` is plain x86-64 (SSE2), or any other processor.
enum class Processor { baseline, avx2, avx512 };

/// The level in use, found once: the best that this processor has, or the one that the environment variable
/// ADATOM_PROCESSOR names, for tests and measurements. Throws InputError as processor_named does. The first operation
/// that needs a kernel calls it; a program that would rather hear of a mistake at once calls it when it starts.
Processor processor();

/// What a value of ADATOM_PROCESSOR means on a processor whose best level is `best`: "baseline", "avx2" or "avx512", or
/// nothing, which leaves the best. Throws InputError, naming the value and the levels there are, for another text and
/// for a level above the best.
Processor processor_named(std::string_view text, Processor best);

/// "baseline", "avx2" or "avx512".
const char* name(Processor level);

/// Picks one of three tables for the processor found.
template <class Table>
const Table& select(const Table& baseline, const Table& avx2, const Table& avx512) {
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
