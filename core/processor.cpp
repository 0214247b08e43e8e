#include "core/processor.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace adatom {
namespace {

Processor supported() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512cd")) {
    return Processor::avx512;
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2")) {
    return Processor::avx2;
  }
#endif
  return Processor::baseline;
}

Processor allowed() {
  const char* text = std::getenv("ADATOM_PROCESSOR");
  if (text == nullptr) return Processor::avx512;
  const std::string_view wanted = text;
  if (wanted == "baseline") return Processor::baseline;
  if (wanted == "avx2") return Processor::avx2;
  return Processor::avx512;
}

}  // namespace

Processor processor() {
  static const Processor chosen = std::min(supported(), allowed());
  return chosen;
}

const char* name(Processor level) {
  switch (level) {
    case Processor::avx512:
      return "avx512";
    case Processor::avx2:
      return "avx2";
    case Processor::baseline:
      break;
  }
  return "baseline";
}

}  // namespace adatom
