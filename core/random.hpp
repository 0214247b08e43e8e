// What this file is: random numbers that are the same, bit for bit, with every compiler and standard library.
// The engine is std::mt19937_64, which the standard fixes; the distributions are ours, since the standard's are not.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <utility>

namespace adatom {

/// A seeded stream of random numbers. Copy it to repeat the stream from here.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  /// Uniform in [0, 1), 53 random bits.
  double uniform() { return static_cast<double>(engine_() >> 11) * 0x1.0p-53; }
  /// Uniform in [low, high).
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  /// Standard normal (mean 0, variance 1) by Marsaglia's polar method, one value per call.
  double normal();
  /// Uniform integer in [0, count), without bias. Throws InputError for count 0.
  std::size_t below(std::size_t count);
  /// Uniform direction: a unit vector in three dimensions.
  std::array<double, 3> direction();

  /// Fisher–Yates shuffle.
  template <class T>
  void shuffle(std::span<T> items) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
  }

  /// A stream of its own for part `index` of a larger task: made before the work is shared out, it does not depend on
  /// how that is scheduled. Takes one number from this stream.
  Random split(std::uint64_t index);

  /// The full state as text, and back: a run resumed from it continues bit for bit. Throws InputError, and changes
  /// nothing, for a text that is no state.
  std::string state() const;
  void set_state(const std::string& text);

 private:
  std::mt19937_64 engine_;
};

}  // namespace adatom
