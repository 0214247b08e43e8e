// After a few steps of warm-up, training asks neither the recycling store nor the standard library for memory.
#include <atomic>
#include <cstdlib>
#include <new>

#include "autodiff/functions.hpp"
#include "autodiff/reductions.hpp"
#include "core/parallel.hpp"
#include "nn/averaging.hpp"
#include "nn/batches.hpp"
#include "nn/losses.hpp"
#include "nn/mlp.hpp"
#include "nn/optimizers.hpp"
#include "tests/support/catch.hpp"

namespace {

std::atomic<std::size_t> allocations{0};

void* counted(std::size_t bytes, std::size_t alignment) {
  ++allocations;
  void* const block = alignment == 0 ? std::malloc(bytes == 0 ? 1 : bytes)
                                     : std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
  if (block == nullptr) throw std::bad_alloc();
  return block;
}

}  // namespace

#ifdef __GNUC__
// At -O1 g++ inlines the delete below but not its new, and takes the two for a mismatch.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif

void* operator new(std::size_t bytes) { return counted(bytes, 0); }
void* operator new[](std::size_t bytes) { return counted(bytes, 0); }
void* operator new(std::size_t bytes, std::align_val_t alignment) { return counted(bytes, std::size_t(alignment)); }
void* operator new[](std::size_t bytes, std::align_val_t alignment) { return counted(bytes, std::size_t(alignment)); }
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept { return counted(bytes, 0); }
void* operator new[](std::size_t bytes, const std::nothrow_t&) noexcept { return counted(bytes, 0); }
void operator delete(void* block, const std::nothrow_t&) noexcept { std::free(block); }
void operator delete[](void* block, const std::nothrow_t&) noexcept { std::free(block); }
void operator delete(void* block) noexcept { std::free(block); }
void operator delete[](void* block) noexcept { std::free(block); }
void operator delete(void* block, std::size_t) noexcept { std::free(block); }
void operator delete[](void* block, std::size_t) noexcept { std::free(block); }
void operator delete(void* block, std::align_val_t) noexcept { std::free(block); }
void operator delete[](void* block, std::align_val_t) noexcept { std::free(block); }
void operator delete(void* block, std::size_t, std::align_val_t) noexcept { std::free(block); }
void operator delete[](void* block, std::size_t, std::align_val_t) noexcept { std::free(block); }

using namespace adatom;

namespace {

/// Allocations of 100 calls of `step`, after 10 of warm-up: those of the recycling store, which uses operator new, too.
template <class Step>
std::size_t allocations_of(Step step) {
  for (int i = 0; i < 10; ++i) step();
  const std::size_t before = allocations;
  for (int i = 0; i < 100; ++i) step();
  return allocations - before;
}

Tensor random_tensor(const Shape& shape, Random& random) {
  const Buffer values(shape.count());
  for (double& value : values.span()) value = random.normal();
  return Tensor::constant(shape, values);
}

}  // namespace

TEST_CASE("the counter counts", "[nn][allocations]") {
  const std::size_t before = allocations;
  ::operator delete(::operator new(8));  // by name: clang may leave out a delete of a new
  CHECK(allocations > before);
}

TEST_CASE("a training step allocates nothing", "[nn][allocations]") {
  Random random(1);
  for (const std::size_t width : {std::size_t{16}, std::size_t{64}}) {
    const Mlp network({4, width, width, 1}, Activation::tanh, random);
    Adam adam(network.parameters());
    Sgd sgd(network.parameters(), {.momentum = 0.9});
    ParameterAverage average(network.parameters());
    const Tensor x = random_tensor({100, 4}, random), y = random_tensor({100, 1}, random);
    CHECK(allocations_of([&] { adam.step(mse(network(x), y)); }) == 0);
    CHECK(allocations_of([&] { sgd.step(huber(network(x), y)); }) == 0);
    CHECK(allocations_of([&] { average.update(); }) == 0);
    Batches batches(100, 32, Random(2));
    CHECK(allocations_of([&] {
            const auto rows = batches.next();
            adam.step(mse(network(take_rows(x, rows)), take_rows(y, rows)));
          }) == 0);
  }
}

TEST_CASE("several threads allocate nothing either", "[nn][allocations]") {
  // Layers large enough that products, maps and sums all use the threads. A thread that first takes part after the
  // warm-up asks for its workspace then, hence not exactly zero.
  set_thread_count(2);
  Random random(1);
  const Mlp network({64, 128, 1}, Activation::tanh, random);
  Adam adam(network.parameters());
  const Tensor x = random_tensor({2048, 64}, random), y = random_tensor({2048, 1}, random);
  CHECK(allocations_of([&] { adam.step(mse(network(x), y)); }) < 10);
  CHECK(allocations_of([&] { sum(square(x)); }) < 10);
  set_thread_count(1);
}

TEST_CASE("a step of a classifier allocates nothing", "[nn][allocations]") {
  Random random(1);
  const Mlp network({4, 16, 3}, Activation::silu, random);
  Adam adam(network.parameters());
  const Tensor x = random_tensor({6, 4}, random);
  const Indices labels{0, 1, 2, 2, 1, 0};
  CHECK(allocations_of([&] { adam.step(cross_entropy(network(x), labels)); }) == 0);
}
