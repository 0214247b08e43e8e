// What this file is: derivatives of any order by sweeping the recorded graph backwards, and what is built from them.
//
// Let L be the number to be differentiated, and write dv for ∂L/∂v, which has the shape of v. Every value v was
// recorded with its inputs and one pullback for each (record.hpp): it turns dv into what v contributes to the input's
// gradient. An input of several values gets the sum of their contributions; that is the whole chain rule. So start with
// dL = 1 and go back from L, visiting a value only after all that was computed from it, when its sum is complete (the
// order of falling depth, the longest way to a variable, sees to that). For L = exp(x²) at x = 3:
//
//   u = square(x)   9                      dL = 1
//   L = exp(u)      8103.08                du = dL * L               the pullback of exp
//                                          dx = 2 * x * du           the pullback of square: 48618.5
//
// One sweep gives the derivatives with respect to all inputs, however many, at a small multiple of the cost of L (the
// cheap gradient principle: Griewank and Walther, Evaluating Derivatives, 2nd ed., SIAM (2008), chapter 3). And since
// pullbacks are made of ordinary operations, the right-hand column is recorded as the left one was: dx is a value with
// a graph of its own, back to x through u and L, and grad(dx, {x}) sweeps that. Second and higher derivatives need no
// code beyond the first's.
#pragma once

#include <functional>
#include <initializer_list>
#include <span>

#include "autodiff/tensor.hpp"

namespace adatom {

/// dy/dx for each x, with the shape of that x. The results are ordinary tensors, differentiable again; inside a NoGrad
/// they are constants, which is cheaper. An x that y does not depend on gets zeros.
/// Throws ShapeError if y is not a single number (give a cotangent then) or if an x is a constant.
Tensors grad(const Tensor& y, std::span<const Tensor> xs);
Tensors grad(const Tensor& y, std::initializer_list<Tensor> xs);

/// The vector–Jacobian product: Σ_k cotangent_k dy_k/dx for each x. The cotangent counts as fixed, whatever it was
/// computed from; the results can be differentiated with respect to it all the same. Throws ShapeError unless it has
/// the shape of y, or if an x is a constant.
Tensors vjp(const Tensor& y, std::span<const Tensor> xs, const Tensor& cotangent);
Tensors vjp(const Tensor& y, std::initializer_list<Tensor> xs, const Tensor& cotangent);

struct ValueAndGrad {
  Tensor value;
  Tensor gradient;
};
using Function = std::function<Tensor(const Tensor&)>;

// The next four call f themselves and record it, within a NoGrad too; there their results are constants, as grad's are.

/// f(x) and df/dx at `x`, for f with one number as its result; both differentiable further when x is.
ValueAndGrad value_and_grad(const Function& f, const Tensor& x);

/// dy_i/dx_j of y = f(x) as a matrix (y.size(), x.size()), one sweep per row.
Tensor jacobian(const Function& f, const Tensor& x);

/// d²f/dx_i dx_j as a matrix (x.size(), x.size()), for f with one number as its result.
Tensor hessian(const Function& f, const Tensor& x);

/// Σ_j d²f/dx_i dx_j v_j, with the shape of x, without forming the Hessian.
Tensor hessian_vector_product(const Function& f, const Tensor& x, const Tensor& v);

}  // namespace adatom
