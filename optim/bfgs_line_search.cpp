#include "optim/bfgs_line_search.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "autodiff/kernels/map.hpp"
#include "autodiff/kernels/reduce.hpp"
#include "optim/line_search.hpp"

namespace adatom {
namespace {

/// A gradient this much smaller than the last one does not describe the same surroundings.
constexpr double believable = 1000.0;

double dot(std::span<const double> a, std::span<const double> b) { return kernels::dot(a.size(), a.data(), b.data()); }

/// H, row-major, symmetric.
class InverseHessian {
 public:
  InverseHessian(std::size_t n, double curvature) : n_(n), h_(n * n), hy_(n) { reset(curvature); }

  void reset(double curvature) {
    std::fill(h_.begin(), h_.end(), 0.0);
    for (std::size_t k = 0; k < n_; ++k) h_[k * n_ + k] = 1.0 / curvature;
  }

  void multiply(std::span<const double> x, std::span<double> result) const {
    for (std::size_t k = 0; k < n_; ++k) result[k] = kernels::dot(n_, &h_[k * n_], x.data());
  }

  /// H ← H + (1 + yᵀH y / sᵀy) s sᵀ / sᵀy − (H y sᵀ + s yᵀH) / sᵀy, for sᵀy > 0
  void update(std::span<const double> s, std::span<const double> y) {
    const double sy = dot(s, y);
    multiply(y, hy_);
    const double ss = (1.0 + dot(y, hy_) / sy) / sy;
    for (std::size_t k = 0; k < n_; ++k) {
      kernels::axpy(n_, ss * s[k] - hy_[k] / sy, s.data(), &h_[k * n_]);
      kernels::axpy(n_, -s[k] / sy, hy_.data(), &h_[k * n_]);
    }
  }

 private:
  std::size_t n_;
  std::vector<double> h_, hy_;
};

}  // namespace

MinimizeResult minimize_bfgs_line_search(const Objective& objective, std::span<double> x,
                                         const MinimizeOptions& options, double curvature) {
  const std::size_t n = x.size();
  std::vector<double> gradient(n), point(n), point_gradient(n), direction(n), step(n), change(n);
  MinimizeResult result = start_minimizing(objective, x, gradient, options);
  InverseHessian hessian(n, curvature);
  bool fresh = true;  // the matrix is a multiple of the unit matrix
  while (should_continue(result, options)) {
    hessian.multiply(gradient, direction);
    for (double& d : direction) d = -d;
    double slope = dot(direction, gradient);
    if (!(slope < 0.0)) {  // rounding errors
      hessian.reset(curvature);
      fresh = true;
      continue;
    }
    const double most = options.max_step / longest_triple(direction);
    const LineSearchResult end =
        search_line(objective, x, direction, slope, 1.0, most, {}, point, point_gradient, options, result);
    if (!end.found) {
      if (fresh) result.outcome = MinimizeOutcome::stuck;
      hessian.reset(curvature);
      fresh = true;
      continue;
    }
    for (std::size_t k = 0; k < n; ++k) {
      step[k] = point[k] - x[k];
      change[k] = point_gradient[k] - gradient[k];
    }
    // Steps cut at max_step may end where the curvature is negative; they teach nothing.
    const double sy = dot(step, change), ss = dot(step, step);
    if (end.trial.fmax * believable < result.fmax) {
      hessian.reset(curvature);
      fresh = true;
    } else if (sy > 1e-10 * ss) {
      // The first step measures what was only assumed.
      if (fresh) hessian.reset(std::clamp(dot(change, change) / sy, 0.01 * curvature, curvature));
      hessian.update(step, change);
      fresh = false;
    }
    std::copy(point.begin(), point.end(), x.begin());
    std::swap(gradient, point_gradient);
    accept(end.trial, x, options, result);
  }
  return result;
}

}  // namespace adatom
