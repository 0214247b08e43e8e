#include "autodiff/memory.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <limits>
#include <new>

// g++ says by a macro that the address sanitizer is on, clang by a feature.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) && !defined(__SANITIZE_ADDRESS__)
#define __SANITIZE_ADDRESS__
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
extern "C" void __asan_poison_memory_region(const volatile void* block, std::size_t bytes);
extern "C" void __asan_unpoison_memory_region(const volatile void* block, std::size_t bytes);
#endif

namespace adatom {
namespace {

constexpr std::size_t alignment = 64;
constexpr std::size_t linear_limit = 1024;  // up to here, one size class per 64 bytes; beyond, four per doubling
constexpr std::size_t linear_classes = linear_limit / alignment;
constexpr std::size_t class_count = linear_classes + 4 * 40;
constexpr std::uint64_t largest_block = std::uint64_t{1} << 48;  // more than any machine has

std::atomic<std::size_t> blocks_from_system{0};

struct SizeClass {
  std::size_t index;
  std::size_t bytes;
};

/// The class of blocks that serves a request; at most a quarter of the block is wasted beyond 1 KiB.
SizeClass size_class(std::size_t bytes) {
  if (bytes <= linear_limit) {
    const std::size_t units = std::max<std::size_t>(1, (bytes + alignment - 1) / alignment);
    return {units - 1, units * alignment};
  }
  const auto exponent = static_cast<std::size_t>(std::bit_width(bytes - 1));  // 2^(exponent−1) < bytes ≤ 2^exponent
  const std::size_t step = std::size_t{1} << (exponent - 3);
  const std::size_t quarters = (bytes + step - 1) / step;  // 5 … 8
  return {linear_classes + 4 * (exponent - 11) + (quarters - 5), quarters * step};
}

/// A waiting block holds the link to the next one in its own first bytes.
struct Waiting {
  Waiting* next;
};

// Under the address sanitizer a waiting block may not be touched, as if it had been returned: who uses memory after
// giving it back is caught, although the block is about to serve again.
#ifdef __SANITIZE_ADDRESS__
void guard(void* block, std::size_t bytes) noexcept { __asan_poison_memory_region(block, bytes); }
void unguard(void* block, std::size_t bytes) noexcept { __asan_unpoison_memory_region(block, bytes); }
#else
void guard(void*, std::size_t) noexcept {}
void unguard(void*, std::size_t) noexcept {}
#endif

struct Store {
  std::array<Waiting*, class_count> free{};
  std::size_t handed_out = 0;  // bytes that this thread has asked for and not given back
  ~Store();
  void clear() noexcept;
};

void return_to_system(void* block) noexcept { ::operator delete (block, std::align_val_t{alignment}); }

void Store::clear() noexcept {
  for (Waiting*& head : free) {
    while (head != nullptr) {
      unguard(head, sizeof(Waiting));
      return_to_system(std::exchange(head, head->next));
    }
  }
}

// A plain pointer survives the end of the thread, unlike the store itself: tensors that outlive the store (globals,
// other thread_locals) then bypass it.
thread_local bool store_gone = false;
Store::~Store() {
  clear();
  store_gone = true;
}

Store& store() {
  thread_local Store instance;
  return instance;
}

}  // namespace

void* allocate(std::size_t bytes) {
  if (bytes > largest_block) throw std::bad_alloc();
  const SizeClass size = size_class(bytes);
  Store* const mine = store_gone ? nullptr : &store();
  void* block = nullptr;
  if (mine != nullptr && mine->free[size.index] != nullptr) {
    Waiting*& head = mine->free[size.index];
    unguard(head, size.bytes);
    block = std::exchange(head, head->next);
  } else {
    block = ::operator new (size.bytes, std::align_val_t{alignment});
    ++blocks_from_system;
  }
  if (mine != nullptr) mine->handed_out += size.bytes;
  return block;
}

void deallocate(void* block, std::size_t bytes) noexcept {
  if (block == nullptr) return;
  if (store_gone) return return_to_system(block);
  const SizeClass size = size_class(bytes);
  Store& mine = store();
  // What other threads have asked for will not be asked for here: keeping all of it, memory would grow without end.
  if (mine.handed_out < size.bytes) return return_to_system(block);
  mine.handed_out -= size.bytes;
  Waiting*& head = mine.free[size.index];
  head = ::new (block) Waiting{head};
  guard(block, size.bytes);
}

std::size_t system_allocations() { return blocks_from_system; }

void release_cached_memory() noexcept {
  if (!store_gone) store().clear();
}

Buffer::Buffer(std::size_t count) {
  if (count > (std::numeric_limits<std::size_t>::max() - sizeof(Header)) / sizeof(double)) throw std::bad_alloc();
  header_ = ::new (allocate(sizeof(Header) + count * sizeof(double))) Header(count);
}

Buffer::Buffer(std::size_t count, double value) : Buffer(count) { std::fill_n(data(), count, value); }

}  // namespace adatom
