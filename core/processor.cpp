#include "core/processor.hpp"

#include <array>
#include <cstdlib>
#include <string>

#include "core/error.hpp"

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

constexpr std::array levels{Processor::baseline, Processor::avx2, Processor::avx512};

std::string names_up_to(Processor best) {
  std::string names;
  for (const Processor level : levels) {
    if (level <= best) names.append(names.empty() ? "" : ", ").append(name(level));
  }
  return names;
}

}  // namespace

Processor processor() {
  static const Processor chosen = [] {
    const char* const wanted = std::getenv("ADATOM_PROCESSOR");
    return processor_named(wanted == nullptr ? "" : wanted, supported());
  }();
  return chosen;
}

Processor processor_named(std::string_view text, Processor best) {
  if (text.empty()) return best;
  for (const Processor level : levels) {
    if (text != name(level)) continue;
    if (level <= best) return level;
    throw InputError("ADATOM_PROCESSOR: this processor has no " + std::string(text) + ", expected one of " +
                     names_up_to(best));
  }
  throw InputError("ADATOM_PROCESSOR: expected one of " + names_up_to(best) + ", found '" + std::string(text) + "'");
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
