#include "autodiff/elementwise.hpp"

namespace adatom {

Steps contiguous_steps(const Shape& shape) {
  Steps steps{};
  std::size_t step = 1;
  for (std::size_t axis = shape.rank(); axis-- > 0; step *= shape[axis]) steps[axis] = step;
  return steps;
}

Steps broadcast_steps(const Shape& from, const Shape& to) {
  Steps steps{};
  const std::size_t offset = to.rank() - from.rank();
  std::size_t step = 1;
  for (std::size_t axis = from.rank(); axis-- > 0; step *= from[axis]) {
    steps[offset + axis] = from[axis] == 1 ? 0 : step;
  }
  return steps;
}

Buffer map(kernels::Unary f, const Tensor& x) {
  Buffer numbers(x.size());
  kernels::map(f, x.size(), x.data(), numbers.data());
  return numbers;
}

namespace {

Values map_broadcast(std::string_view operation, kernels::Binary f, const Tensor& a, const Tensor& b) {
  const Shape shape = broadcast(operation, a.shape(), b.shape());
  Buffer numbers(shape.count());
  const Loops<2> loops(shape, {broadcast_steps(a.shape(), shape), broadcast_steps(b.shape(), shape)});
  loops.run([&](std::size_t out, const Loops<2>::Offsets& at) {
    kernels::map(f, loops.rows(), loops.columns(), {a.data() + at[0], loops.row_step(0), loops.column_step(0)},
                 {b.data() + at[1], loops.row_step(1), loops.column_step(1)}, numbers.data() + out);
  });
  return {shape, std::move(numbers)};
}

}  // namespace

Values map(std::string_view operation, kernels::Binary f, const Tensor& a, const Tensor& b) {
  const std::size_t n = a.size(), m = b.size();
  if (a.shape() == b.shape()) {
    Values values{a.shape(), Buffer(n)};
    kernels::map(f, n, a.data(), b.data(), values.numbers.data());
    return values;
  }
  if (m == 1 && b.rank() <= a.rank()) {
    Values values{a.shape(), Buffer(n)};
    kernels::map(f, n, a.data(), b.data()[0], values.numbers.data());
    return values;
  }
  if (n == 1 && a.rank() <= b.rank()) {
    Values values{b.shape(), Buffer(m)};
    kernels::map(f, m, a.data()[0], b.data(), values.numbers.data());
    return values;
  }
  return map_broadcast(operation, f, a, b);
}

}  // namespace adatom
