// What this file is: what the tests of the kernels share: running at every instruction set and number of threads, and
// arrays that show what is read or written outside of them.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "autodiff/kernels/tables.hpp"
#include "core/parallel.hpp"
#include "core/random.hpp"
#include "tests/support/catch.hpp"

namespace adatom::kernels {

using Real = long double;

inline constexpr double inf = std::numeric_limits<double>::infinity();
inline constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();

/// Runs a test once per instruction set, and leaves the best one and a single thread behind.
template <class Test>
void at_every_level(const Test& test) {
  for (const Processor level : {Processor::baseline, Processor::avx2, Processor::avx512}) {
    if (level > processor()) continue;
    use_level(level);
    INFO("instruction set " << name(level));
    test();
  }
  use_level(processor());
}

/// Runs `work` with 1, 2 and 5 threads and checks that the results have the same bits.
template <class Work>
void same_bits_for_any_thread_count(const Work& work) {
  const std::vector<double> expected = work();
  for (const std::size_t threads : {2, 5}) {
    set_thread_count(threads);
    const std::vector<double> found = work();
    set_thread_count(1);
    REQUIRE(found.size() == expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (std::bit_cast<std::uint64_t>(found[i]) != std::bit_cast<std::uint64_t>(expected[i])) {
        FAIL("element " << i << " differs with " << threads << " threads: " << found[i] << " and " << expected[i]);
      }
    }
  }
}

inline std::vector<double> random_values(std::size_t n, Random& random) {
  std::vector<double> values(n);
  for (double& x : values) x = random.uniform(-1, 1);
  return values;
}

/// Values between guards that are NaN, so that anything read from outside shows, and anything written there too.
struct Guarded {
  static constexpr std::size_t margin = 16;
  std::vector<double> memory;
  explicit Guarded(const std::vector<double>& values) : memory(values.size() + 2 * margin, nan_value) {
    // Not std::copy: g++ 12 at -O3 sees a copy of 2^64 bytes there when the values are none.
    for (std::size_t i = 0; i < values.size(); ++i) memory[margin + i] = values[i];
  }
  double* data() { return memory.data() + margin; }
  bool guards_intact() const {
    for (std::size_t i = 0; i < margin; ++i) {
      if (!std::isnan(memory[i]) || !std::isnan(memory[memory.size() - 1 - i])) return false;
    }
    return true;
  }
};

}  // namespace adatom::kernels
