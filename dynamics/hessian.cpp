#include "dynamics/hessian.hpp"

#include <cmath>
#include <string>

#include "autodiff/gradient.hpp"
#include "autodiff/reductions.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"

namespace adatom {
namespace {

/// The graph of the gradient is recorded once; a sweep through it gives one row of the Hessian.
std::vector<double> rows_by_autodiff(const Atoms& atoms, const Potential& potential,
                                     std::span<const std::size_t> moved) {
  const std::size_t n = 3 * moved.size();
  std::vector<double> h(n * n);
  const WithGrad record;
  const Tensor x = positions_tensor(atoms, true);
  const Tensor slope = grad(sum(potential.energies(atoms, x, cell_tensor(atoms))), {x})[0];
  const NoGrad numbers_only;
  std::vector<double> unit(3 * atoms.size(), 0.0);
  for (std::size_t row = 0; row < n; ++row) {
    const std::size_t coordinate = 3 * moved[row / 3] + row % 3;
    unit[coordinate] = 1.0;
    const Tensor second = vjp(slope, {x}, Tensor::constant(x.shape(), unit))[0];
    unit[coordinate] = 0.0;
    for (std::size_t column = 0; column < n; ++column) {
      h[row * n + column] = second.values()[3 * moved[column / 3] + column % 3];
    }
  }
  return h;
}

/// f′(0) = [8 (f(h) − f(−h)) − (f(2h) − f(−2h))] / 12h with f the forces, whose slopes are minus the Hessian.
std::vector<double> rows_by_differences(const Atoms& atoms, const Potential& potential,
                                        std::span<const std::size_t> moved, double step) {
  const std::size_t n = 3 * moved.size();
  std::vector<double> h(n * n, 0.0);
  Atoms shaken = atoms;
  Prediction prediction;
  for (std::size_t row = 0; row < n; ++row) {
    double& x = shaken.positions[moved[row / 3]][row % 3];
    const double center = x;
    for (const int times : {-2, -1, 1, 2}) {
      x = center + times * step;
      potential.compute(shaken, {.forces = true}, prediction);
      const double weight = (times == -1 || times == 1 ? -8.0 : 1.0) * (times > 0 ? 1.0 : -1.0) / (12.0 * step);
      for (std::size_t column = 0; column < n; ++column) {
        h[row * n + column] += weight * prediction.forces[moved[column / 3]][column % 3];
      }
    }
    x = center;
  }
  return h;
}

}  // namespace

std::string_view name(HessianMethod method) { return method == HessianMethod::autodiff ? "autodiff" : "differences"; }

HessianMethod hessian_method(std::string_view name) {
  for (const HessianMethod method : {HessianMethod::autodiff, HessianMethod::differences}) {
    if (adatom::name(method) == name) return method;
  }
  throw InputError("unknown way to the Hessian '" + std::string(name) + "'; there are autodiff and differences");
}

std::vector<double> hessian(const Atoms& atoms, const Potential& potential, std::span<const std::size_t> moved,
                            HessianMethod method, double displacement) {
  validate(atoms);
  for (const std::size_t i : moved) {
    if (i >= atoms.size()) throw InputError("atom " + std::to_string(i) + " does not exist");
  }
  if (!(displacement > 0.0) || !(displacement <= 0.1)) {
    throw InputError("the displacement for differences must be positive and at most 0.1 Å, found " +
                     number_text(displacement));
  }
  std::vector<double> h = method == HessianMethod::autodiff
                              ? rows_by_autodiff(atoms, potential, moved)
                              : rows_by_differences(atoms, potential, moved, displacement);
  const std::size_t n = 3 * moved.size();
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < i; ++j) h[i * n + j] = h[j * n + i] = 0.5 * (h[i * n + j] + h[j * n + i]);
  }
  return h;
}

}  // namespace adatom
