#include "autodiff/memory.hpp"

#include <thread>

#include "autodiff/functions.hpp"
#include "autodiff/matmul.hpp"
#include "tests/autodiff/derivatives.hpp"

using namespace adatom;

TEST_CASE("buffers are shared until the last copy goes", "[autodiff][memory]") {
  Buffer a(3, 1.5);
  CHECK(a.unique());
  CHECK(a.size() == 3);
  {
    const Buffer b = a;
    CHECK_FALSE(a.unique());
    CHECK(b.data() == a.data());
  }
  CHECK(a.unique());
  const Buffer moved = std::move(a);
  CHECK(moved.unique());
  CHECK(moved[2] == 1.5);
  CHECK(Buffer().size() == 0);
  CHECK(Buffer(0).size() == 0);
}

TEST_CASE("blocks are aligned and come back", "[autodiff][memory]") {
  for (const std::size_t bytes : {1, 64, 65, 1000, 1024, 1025, 5000, 100000, 3000000}) {
    void* const block = allocate(bytes);
    CHECK(reinterpret_cast<std::uintptr_t>(block) % 64 == 0);
    deallocate(block, bytes);
    const std::size_t before = system_allocations();
    void* const again = allocate(bytes);
    CHECK(again == block);
    CHECK(system_allocations() == before);
    deallocate(again, bytes);
  }
  CHECK_THROWS_AS(allocate(std::size_t{1} << 60), std::bad_alloc);
  CHECK_THROWS_AS(Buffer(std::size_t{1} << 62), std::bad_alloc);
  release_cached_memory();
  const std::size_t before = system_allocations();
  deallocate(allocate(100), 100);
  CHECK(system_allocations() == before + 1);
}

TEST_CASE("all nodes are gone when the tensors are", "[autodiff][memory]") {
  const std::size_t before = live_nodes();
  {
    const Tensor x = random_variable({4, 3}, 81), w = random_variable({3, 3}, 82), b = random_variable({3}, 83);
    const Tensor y = sum(silu(affine(x, w, b)) * pow(square(x) + 1.0, 1.5));
    const Tensors g = grad(y, {x, w, b});
    const Tensor second = grad(sum(square(g[1])), {w})[0];
    const Tensor third = grad(sum(second), {w})[0];
    CHECK(live_nodes() > before + 50);
  }
  CHECK(live_nodes() == before);
}

TEST_CASE("a chain of a million operations needs no stack", "[autodiff][memory]") {
  const std::size_t before = live_nodes();
  {
    constexpr int length = 1'000'000;
    const Tensor x = Tensor::variable({}, {1.0});
    Tensor y = x;
    for (int i = 0; i < length; ++i) y = i % 2 == 0 ? y + x : y * 1.0;
    CHECK(y.item() == 1 + length / 2);
    CHECK(live_nodes() >= before + length);
    {
      // The recorded gradient is a graph as long; 100 000 levels of recursion would not fit the stack either.
      Tensor z = x;
      for (int i = 0; i < length / 10; ++i) z = z * 1.0;
      CHECK(grad(z * x, {x})[0].item() == 2);
    }
    const NoGrad constants;
    CHECK(grad(y, {x})[0].item() == 1 + length / 2);
  }
  CHECK(live_nodes() == before);
}

TEST_CASE("a repeated training step asks the system for no memory", "[autodiff][memory]") {
  const Tensor x = random_constant({16, 8}, 84), target = random_constant({16, 1}, 85);
  Tensors weights{random_variable({8, 12}, 86), random_variable({12}, 87), random_variable({12, 1}, 88),
                  random_variable({1}, 89)};
  const auto step = [&] {
    const Tensor hidden = adatom::tanh(affine(x, weights[0], weights[1]));
    const Tensor loss = mean(square(affine(hidden, weights[2], weights[3]) - target));
    const NoGrad constants;
    const Tensors gradients = grad(loss, weights);
    for (std::size_t k = 0; k < weights.size(); ++k) {
      const std::span<double> values = weights[k].mutable_values();
      for (std::size_t i = 0; i < values.size(); ++i) values[i] -= 0.1 * gradients[k].values()[i];
    }
    return loss.item();
  };
  const double start = step();
  for (int i = 0; i < 3; ++i) step();
  const std::size_t allocations = system_allocations(), nodes = live_nodes();
  double loss = start;
  for (int i = 0; i < 1000; ++i) loss = step();
  CHECK(system_allocations() == allocations);
  CHECK(live_nodes() == nodes);
  CHECK(loss < 0.5 * start);
}

TEST_CASE("a tensor may outlive the store of its thread", "[autodiff][memory]") {
  // The holder is made before the thread first asks for memory, so it goes after the thread's store has gone. That its
  // memory is returned all the same is seen by the leak checker of the sanitizers.
  const std::size_t before = live_nodes();
  std::thread([] {
    thread_local Tensor held;
    held = random_variable({1000}, 91);
    held = exp(held) * held;
  }).join();
  CHECK(live_nodes() == before);
}

TEST_CASE("tensors may be dropped by another thread than made them", "[autodiff][memory]") {
  const std::size_t before = live_nodes();
  {
    Tensor y;
    std::thread maker([&] {
      const Tensor x = random_variable({100}, 90);
      y = sum(exp(x) * x);
    });
    maker.join();
    CHECK(std::isfinite(y.item()));
  }
  CHECK(live_nodes() == before);
}
