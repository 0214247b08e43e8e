// What this file is: memory that is recycled instead of returned. Giving large arrays back to the system costs several
// times the arithmetic done on them, so freed blocks wait, per thread and per size, for the next request of that size.
// In the steady state a training step asks the system for nothing.
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "autodiff/reference_count.hpp"

namespace adatom {

/// A block of at least `bytes`, aligned to 64 bytes, a line of the cache and the widest vector. Throws std::bad_alloc.
void* allocate(std::size_t bytes);
/// Gives back a block of `allocate(bytes)`, from any thread, to the calling thread's store; to the system if that
/// thread has already given back all that it had asked for.
void deallocate(void* block, std::size_t bytes) noexcept;

/// How many blocks this process has asked the system for so far (tests watch that it stops growing).
std::size_t system_allocations();
/// Returns this thread's waiting blocks to the system.
void release_cached_memory() noexcept;

/// Standard-library allocator on recycled blocks.
template <class T>
struct Recycling {
  using value_type = T;
  Recycling() = default;
  template <class U>
  Recycling(const Recycling<U>&) {}
  T* allocate(std::size_t n) { return static_cast<T*>(adatom::allocate(n * sizeof(T))); }
  void deallocate(T* block, std::size_t n) noexcept { adatom::deallocate(block, n * sizeof(T)); }
  friend bool operator==(const Recycling&, const Recycling&) { return true; }
};

/// std::vector on recycled memory.
template <class T>
using RecycledVector = std::vector<T, Recycling<T>>;

/// A shared, reference-counted array of doubles, uninitialised when made. Copies share the array.
class Buffer {
 public:
  Buffer() = default;
  explicit Buffer(std::size_t count);
  Buffer(std::size_t count, double value);
  Buffer(const Buffer& other) noexcept : header_(other.header_) {
    if (header_ != nullptr) header_->references.retain();
  }
  Buffer(Buffer&& other) noexcept : header_(std::exchange(other.header_, nullptr)) {}
  Buffer& operator=(Buffer other) noexcept {
    std::swap(header_, other.header_);
    return *this;
  }
  ~Buffer() {
    if (header_ != nullptr && header_->references.release()) deallocate(header_, header_->bytes());
  }

  double* data() const { return header_ == nullptr ? nullptr : header_->data(); }
  std::size_t size() const { return header_ == nullptr ? 0 : header_->count; }
  std::span<double> span() const { return {data(), size()}; }
  double& operator[](std::size_t i) const { return data()[i]; }
  /// True if no copy shares this array, so that it may be changed in place.
  bool unique() const { return header_ != nullptr && header_->references.unique(); }

 private:
  /// A block starts with this; the numbers follow, aligned like the block.
  struct alignas(64) Header {
    explicit Header(std::size_t n) : count(n) {}
    double* data() { return reinterpret_cast<double*>(this + 1); }
    std::size_t bytes() const { return sizeof(Header) + count * sizeof(double); }
    ReferenceCount references;
    std::size_t count;
  };
  Header* header_ = nullptr;
};

}  // namespace adatom
