#include "autodiff/matmul.hpp"

#include <string>

#include "autodiff/elementwise.hpp"
#include "autodiff/kernels/matmul.hpp"
#include "autodiff/kernels/reduce.hpp"
#include "autodiff/reductions.hpp"
#include "autodiff/shaping.hpp"
#include "core/error.hpp"

namespace adatom {
namespace {

using kernels::Transpose;

Transpose form(bool transposed) { return transposed ? Transpose::yes : Transpose::no; }

std::size_t rows(const Shape& shape) { return shape[shape.rank() - 2]; }

Shape leading_axes(const Shape& shape) { return Shape(std::span(shape.begin(), shape.rank() - 2)); }

/// Whether two lists of leading axes combine: matched from the last, each pair is equal or one of it is 1.
bool batches_match(const Shape& a, const Shape& b) {
  for (std::size_t i = a.rank(), j = b.rank(); i > 0 && j > 0;) {
    const std::size_t m = a[--i], n = b[--j];
    if (m != n && m != 1 && n != 1) return false;
  }
  return true;
}

[[noreturn]] void do_not_match(std::string_view operation, const Shape& a, const Shape& b) {
  throw ShapeError(std::string(operation) + ": shapes " + to_string(a) + " and " + to_string(b) + " do not match");
}

/// The numbers of op(a)·op(b) of (batches of) matrices, each transposed or not, without copying any.
Values multiply(const Tensor& a, bool a_transposed, const Tensor& b, bool b_transposed) {
  const std::size_t m = a_transposed ? a.shape().back() : rows(a.shape());
  const std::size_t k = a_transposed ? rows(a.shape()) : a.shape().back();
  const std::size_t n = b_transposed ? rows(b.shape()) : b.shape().back();
  if (k != (b_transposed ? b.shape().back() : rows(b.shape()))) do_not_match("matmul", a.shape(), b.shape());
  const Shape a_batch = leading_axes(a.shape()), b_batch = leading_axes(b.shape());
  Shape shape = broadcast("matmul", a_batch, b_batch);
  const Loops<2> loops(shape, {broadcast_steps(a_batch, shape), broadcast_steps(b_batch, shape)});
  shape.push_back(m);
  shape.push_back(n);
  Buffer numbers(shape.count());
  // Vectors lie in memory order, transposed or not.
  const bool row_by_column = m == 1 && n == 1, column_by_number = k == 1 && n == 1;
  loops.run_elements([&](std::size_t i, const Loops<2>::Offsets& at) {
    const double *const left = a.data() + at[0] * m * k, *const right = b.data() + at[1] * k * n;
    if (row_by_column) {
      numbers[i] = kernels::dot(k, left, right);
    } else if (column_by_number) {
      kernels::map(kernels::Binary::multiply, m, left, *right, numbers.data() + i * m);
    } else {
      kernels::matmul(form(a_transposed), form(b_transposed), m, n, k, left, right, numbers.data() + i * m * n);
    }
  });
  return {shape, std::move(numbers)};
}

/// op(a)·op(b). Its derivatives are products of the same kind:
///   C = A·B:  dA = dC·Bᵀ, dB = Aᵀ·dC;  with A transposed: dA = B·dCᵀ;  with B transposed: dB = dCᵀ·A.
Tensor product(const Tensor& a, bool at, const Tensor& b, bool bt) {
  Values values = multiply(a, at, b, bt);
  if (!tracked(a, b)) return make_node("matmul", values.shape, std::move(values.numbers), {});
  return record("matmul", values.shape, std::move(values.numbers),  //
                Input{a,
                      [b, at, bt, shape = a.shape()](const Tensor&, const Tensor& dy) {
                        return sum_to(at ? product(b, bt, dy, true) : product(dy, false, b, !bt), shape);
                      }},
                Input{b, [a, at, bt, shape = b.shape()](const Tensor&, const Tensor& dy) {
                        return sum_to(bt ? product(dy, true, a, at) : product(a, !at, dy, false), shape);
                      }});
}

}  // namespace

Tensor matmul(const Tensor& a, const Tensor& b) {
  const Shape &left = a.shape(), &right = b.shape();
  if (left.rank() == 0 || right.rank() == 0) do_not_match("matmul", left, right);
  const std::size_t inner = right.rank() == 1 ? right[0] : rows(right);
  if (left.back() != inner) do_not_match("matmul", left, right);
  if (left.rank() == 2 && right.rank() == 2) return product(a, false, b, false);

  // Everything else is brought to matrices: a vector is one row or one column, whose axis then disappears again, and a
  // batch times a single matrix is one tall matrix.
  if (right.rank() <= 2) {
    Shape shape(std::span(left.begin(), left.rank() - 1));
    const Tensor tall = reshape(a, Shape{shape.count(), inner});
    if (right.rank() == 2) shape.push_back(right.back());
    return reshape(product(tall, false, right.rank() == 2 ? b : reshape(b, Shape{inner, 1}), false), shape);
  }
  if (left.rank() == 1) {
    Shape shape = leading_axes(right);
    shape.push_back(right.back());
    return reshape(product(reshape(a, Shape{1, inner}), false, b, false), shape);
  }
  if (!batches_match(leading_axes(left), leading_axes(right))) do_not_match("matmul", left, right);
  return product(a, false, b, false);
}

Tensor affine(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  if (x.rank() != 2 || weight.rank() != 2 || bias.rank() != 1 || x.shape()[1] != weight.shape()[0] ||
      bias.shape()[0] != weight.shape()[1]) {
    throw ShapeError("affine: shapes " + to_string(x.shape()) + ", " + to_string(weight.shape()) + " and " +
                     to_string(bias.shape()) + " do not match: (rows, in), (in, out) and (out) needed");
  }
  const std::size_t height = x.shape()[0], in = x.shape()[1], out = weight.shape()[1];
  const Shape shape{height, out};
  Buffer numbers(shape.count());
  kernels::matmul(Transpose::no, Transpose::no, height, out, in, x.data(), weight.data(), numbers.data(), bias.data());
  if (!tracked(x, weight, bias)) return make_node("affine", shape, std::move(numbers), {});
  return record("affine", shape, std::move(numbers),  //
                Input{x, [weight](const Tensor&, const Tensor& dy) { return product(dy, false, weight, true); }},
                Input{weight, [x](const Tensor&, const Tensor& dy) { return product(x, true, dy, false); }},
                Input{bias, [](const Tensor&, const Tensor& dy) { return sum_to(dy, {dy.shape().back()}); }});
}

}  // namespace adatom
