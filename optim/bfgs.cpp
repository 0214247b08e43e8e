#include "optim/bfgs.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "autodiff/kernels/map.hpp"
#include "autodiff/kernels/reduce.hpp"
#include "optim/stepping.hpp"

namespace adatom {
namespace {

/// Powell's damping: y is mixed with the assumed curvature until s·y is at least this share of it.
constexpr double least_curvature = 0.2;
/// A gradient this much larger than the last one does not describe the surroundings.
constexpr double believable = 1000.0;
/// So many updates long most directions are still as stiff as was assumed, not as was measured.
constexpr std::size_t first_updates = 20;
/// So many steps too long among the last few say that the assumed curvature is too soft in many directions.
constexpr int often = 3;

double dot(std::span<const double> a, std::span<const double> b) { return kernels::dot(a.size(), a.data(), b.data()); }

/// The Hessian B and its inverse H, both kept, since damping needs B s and the step H g.
class Hessian {
 public:
  Hessian(std::size_t n, double curvature) : n_(n), curvature_(curvature), b_(n * n), h_(n * n), bs_(n), hy_(n) {
    reset();
  }

  void reset() {
    set(curvature_);
    updates_ = 0;
  }

  /// Begins anew, stiffer in all directions if the curvature along s is above the one assumed at the start.
  void stiffen(std::span<const double> s, std::span<const double> y) {
    curvature_ *= std::clamp(dot(s, y) / (dot(s, s) * curvature_), 1.0, 3.0);
    reset();
  }

  /// direction = −H gradient
  void solve(std::span<const double> gradient, std::span<double> direction) const {
    multiply(h_, gradient, direction);
    for (double& d : direction) d = -d;
  }

  void update(std::span<const double> s, std::span<double> y) {
    multiply(b_, s, bs_);
    double sbs = dot(s, bs_);
    double sy = dot(s, y);
    if (!(sbs > 0.0)) return reset();
    if (updates_++ == 0) {
      // The first step measures what was only assumed.
      const double measured = dot(y, y) / sy;
      if (sy > 0.0 && measured < curvature_) {
        set(std::max(measured, 0.01 * curvature_));
        return update(s, y);
      }
    }
    if (updates_ <= first_updates && sy < sbs && sy >= least_curvature * sbs) {
      scale(sy / sbs);
      sbs = sy;
    }
    if (sy < least_curvature * sbs) {
      const double theta = (1.0 - least_curvature) * sbs / (sbs - sy);
      for (std::size_t k = 0; k < n_; ++k) y[k] = theta * y[k] + (1.0 - theta) * bs_[k];
      sy = dot(s, y);
    }
    // B ← B − B s sᵀB / sᵀB s + y yᵀ / sᵀy;  H ← H + (1 + yᵀH y / sᵀy) s sᵀ / sᵀy − (H y sᵀ + s yᵀH) / sᵀy
    multiply(h_, y, hy_);
    const double ss = (1.0 + dot(y, hy_) / sy) / sy;
    for (std::size_t k = 0; k < n_; ++k) {
      kernels::axpy(n_, -bs_[k] / sbs, bs_.data(), &b_[k * n_]);
      kernels::axpy(n_, y[k] / sy, y.data(), &b_[k * n_]);
      kernels::axpy(n_, ss * s[k] - hy_[k] / sy, s.data(), &h_[k * n_]);
      kernels::axpy(n_, -s[k] / sy, hy_.data(), &h_[k * n_]);
    }
  }

 private:
  /// A multiple of the unit matrix.
  void set(double curvature) {
    std::fill(b_.begin(), b_.end(), 0.0);
    std::fill(h_.begin(), h_.end(), 0.0);
    for (std::size_t k = 0; k < n_; ++k) b_[k * n_ + k] = curvature, h_[k * n_ + k] = 1.0 / curvature;
  }

  void scale(double factor) {
    for (double& b : b_) b *= factor;
    for (double& h : h_) h /= factor;
    for (double& b : bs_) b *= factor;
  }

  void multiply(const std::vector<double>& matrix, std::span<const double> x, std::span<double> result) const {
    for (std::size_t k = 0; k < n_; ++k) result[k] = kernels::dot(n_, &matrix[k * n_], x.data());
  }

  std::size_t n_;
  double curvature_;
  std::size_t updates_ = 0;
  std::vector<double> b_, h_, bs_, hy_;
};

}  // namespace

MinimizeResult minimize_bfgs(const Objective& objective, std::span<double> x, const MinimizeOptions& options,
                             double curvature) {
  const std::size_t n = x.size();
  std::vector<double> gradient(n), point(n), point_gradient(n), step(n), change(n);
  MinimizeResult result = start_minimizing(objective, x, gradient, options);
  Hessian hessian(n, curvature);
  TrustRadius radius(options.max_step);
  int rejected = 0, recently_rejected = 0;
  while (should_continue(result, options)) {
    hessian.solve(gradient, step);
    if (!(dot(step, gradient) < 0.0)) {
      hessian.reset();
      hessian.solve(gradient, step);
    }
    const double length = limit_step(step, radius.get()).length;
    for (std::size_t k = 0; k < n; ++k) point[k] = x[k] + step[k];
    const Trial trial = evaluate(objective, point, point_gradient, options, result);

    // A step that was too long still tells the curvature on its way, unless it ended deep inside another atom.
    if (trial.accepted || trial.fmax < believable * result.fmax) {
      for (std::size_t k = 0; k < n; ++k) change[k] = point_gradient[k] - gradient[k];
      if (!trial.accepted && ++recently_rejected >= often) {
        hessian.stiffen(step, change);
        recently_rejected = 0;
      }
      hessian.update(step, change);
    }
    if (trial.accepted) {
      rejected = 0;
      radius.grow(length);
      std::copy(point.begin(), point.end(), x.begin());
      std::swap(gradient, point_gradient);
      accept(trial, x, options, result);
      if (result.steps % 2 == 0 && recently_rejected > 0) --recently_rejected;
    } else {
      radius.shrink(length);
      if (++rejected == most_rejected / 2) hessian.reset();
      if (rejected == most_rejected) result.outcome = MinimizeOutcome::stuck;
    }
  }
  return result;
}

}  // namespace adatom
