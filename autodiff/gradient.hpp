// What this file is: derivatives of any order by sweeping the recorded graph backwards, and what is built from them.
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

/// The vector–Jacobian product: Σ_k cotangent_k dy_k/dx for each x. `cotangent` has the shape of y.
Tensors vjp(const Tensor& y, std::span<const Tensor> xs, const Tensor& cotangent);
Tensors vjp(const Tensor& y, std::initializer_list<Tensor> xs, const Tensor& cotangent);

struct ValueAndGrad {
  Tensor value;
  Tensor gradient;
};
using Function = std::function<Tensor(const Tensor&)>;

/// f(x) and df/dx at `x`, for f with one number as its result; both differentiable further when x is.
ValueAndGrad value_and_grad(const Function& f, const Tensor& x);

/// dy_i/dx_j as a matrix (y.size(), x.size()), one sweep per row.
Tensor jacobian(const Function& f, const Tensor& x);

/// d²f/dx_i dx_j as a matrix (x.size(), x.size()), for f with one number as its result.
Tensor hessian(const Function& f, const Tensor& x);

/// Σ_j d²f/dx_i dx_j v_j, with the shape of x, without forming the Hessian.
Tensor hessian_vector_product(const Function& f, const Tensor& x, const Tensor& v);

}  // namespace adatom
