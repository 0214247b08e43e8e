// What this file is: counting the holders of something shared. Atomic instructions cost more than all else in a small
// operation, so they are used only where another thread could be looking.
#pragma once

#include <atomic>
#include <cstddef>
#if __has_include(<sys/single_threaded.h>)
#include <sys/single_threaded.h>
#endif

namespace adatom {

/// True if the process surely has no second thread (known with the GNU C library only).
inline bool single_threaded() noexcept {
#if __has_include(<sys/single_threaded.h>)
  return __libc_single_threaded != 0;
#else
  return false;
#endif
}

/// counter += amount; returns the sum. With threads about, whoever brings a count to zero sees all that the others did
/// before they let go (acquire and release), and may destroy what is counted.
inline std::size_t add(std::atomic<std::size_t>& counter, std::size_t amount) noexcept {
  if (!single_threaded()) return counter.fetch_add(amount, std::memory_order_acq_rel) + amount;
  const std::size_t sum = counter.load(std::memory_order_relaxed) + amount;
  counter.store(sum, std::memory_order_relaxed);
  return sum;
}

/// How many hold an object; the one who makes it is the first.
class ReferenceCount {
 public:
  void retain() noexcept { add(count_, 1); }
  /// Gives up one hold; true if that was the last, so that the object must go. A last holder is told by a look, without
  /// the cost of an addition.
  bool release() noexcept { return unique() || add(count_, ~std::size_t{0}) == 0; }
  /// True if the caller is the only holder: then nobody else can become one meanwhile.
  bool unique() const noexcept { return count_.load(std::memory_order_acquire) == 1; }

 private:
  std::atomic<std::size_t> count_{1};
};

}  // namespace adatom
