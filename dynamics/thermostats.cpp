#include "dynamics/thermostats.hpp"

#include <cmath>

namespace adatom {
namespace {

/// Gamma-distributed with mean and variance `shape` ≥ 1: G. Marsaglia and W. W. Tsang, ACM Trans. Math. Softw. 26, 363
/// (2000).
double gamma_number(double shape, Random& random) {
  const double d = shape - 1.0 / 3.0, c = 1.0 / std::sqrt(9.0 * d);
  for (;;) {
    const double x = random.normal(), v = std::pow(1.0 + c * x, 3);
    if (!(v > 0.0)) continue;
    const double u = random.uniform();
    if (std::log(u) < 0.5 * x * x + d - d * v + d * std::log(v)) return d * v;
  }
}

}  // namespace

double sum_of_squared_normals(double count, Random& random) {
  double sum = 0.0;
  if (count < 1.5) {
    if (count > 0.5) {
      const double x = random.normal();
      sum = x * x;
    }
    return sum;
  }
  return 2.0 * gamma_number(0.5 * count, random);
}

double rescaling_factor(double kinetic, double target, double freedom, double c, Random& random) {
  const double first = random.normal();
  const double others = sum_of_squared_normals(freedom - 1.0, random);
  const double ratio = target / (freedom * kinetic);
  const double square =
      c + (1.0 - c) * ratio * (first * first + others) + 2.0 * first * std::sqrt(c * (1.0 - c) * ratio);
  const double factor = std::sqrt(std::fmax(square, 0.0));
  // √c + R₁ √((1 − c) K̄/(f K)): the scaled component along the old velocity, which may turn round.
  return std::sqrt(c) + first * std::sqrt((1.0 - c) * ratio) < 0.0 ? -factor : factor;
}

}  // namespace adatom
