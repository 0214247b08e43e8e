#include "optim/band.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "core/parallel.hpp"

namespace adatom {
namespace {

using Vectors = std::vector<Vector3>;

Vectors difference(const Atoms& to, const Atoms& from) {
  Vectors result(to.size());
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = to.positions[i] - from.positions[i];
  return result;
}

double product(const Vectors& a, const Vectors& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += dot(a[i], b[i]);
  return sum;
}

void normalize(Vectors& v) {
  const double length = std::sqrt(product(v, v));
  if (length > 0.0) {
    for (Vector3& a : v) a = (1.0 / length) * a;
  }
}

Vectors combination(double wa, const Vectors& a, double wb, const Vectors& b) {
  Vectors result(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) result[i] = wa * a[i] + wb * b[i];
  return result;
}

}  // namespace

Band::Band(std::vector<Atoms> images, double first_energy, double last_energy, const FreeDirections& free,
           double spring, ImageForces compute)
    : images_(std::move(images)),
      energies_(images_.size(), 0.0),
      forces_(images_.size(), Vectors(images_[0].size(), Vector3{})),
      failures_(images_.size()),
      free_(free),
      spring_(spring),
      compute_(std::move(compute)) {
  energies_.front() = first_energy;
  energies_.back() = last_energy;
}

std::vector<double> Band::coordinates() const {
  std::vector<double> x;
  for (std::size_t m = 1; m + 1 < size(); ++m) {
    for (const std::size_t i : free_.indices()) {
      x.insert(x.end(), images_[m].positions[i].begin(), images_[m].positions[i].end());
    }
  }
  return x;
}

std::size_t Band::highest() const {
  return static_cast<std::size_t>(std::max_element(energies_.begin() + 1, energies_.end() - 1) - energies_.begin());
}

double Band::distance(std::size_t image) const {
  const Vectors step = difference(images_[image + 1], images_[image]);
  return std::sqrt(product(step, step));
}

// Henkelman and Jónsson, eqs. 8 to 11: towards the higher neighbour, mixed at extrema so that it never jumps.
Vectors Band::tangent(std::size_t m) const {
  if (m == 0 || m + 1 == size()) {
    Vectors end = m == 0 ? difference(images_[1], images_[0]) : difference(images_[m], images_[m - 1]);
    normalize(end);
    return end;
  }
  const Vectors forward = difference(images_[m + 1], images_[m]), backward = difference(images_[m], images_[m - 1]);
  const double up = energies_[m + 1] - energies_[m], down = energies_[m - 1] - energies_[m];
  Vectors result;
  if (up > 0.0 && down < 0.0) {
    result = forward;
  } else if (up < 0.0 && down > 0.0) {
    result = backward;
  } else {
    const double most = std::max(std::abs(up), std::abs(down)), least = std::min(std::abs(up), std::abs(down));
    const bool rises = energies_[m + 1] > energies_[m - 1];
    result = most > 0.0 ? combination(rises ? most : least, forward, rises ? least : most, backward)
                        : combination(1.0, forward, 1.0, backward);
  }
  normalize(result);
  return result;
}

double Band::evaluate(std::span<const double> x, std::span<double> gradient) {
  const std::span<const std::size_t> free = free_.indices();
  const std::size_t stride = 3 * free.size();
  parallel_for(size() - 2, [&](std::size_t task) {
    const std::size_t m = task + 1;
    for (std::size_t n = 0; n < free.size(); ++n) {
      const double* const from = &x[task * stride + 3 * n];
      images_[m].positions[free[n]] = {from[0], from[1], from[2]};
    }
    failures_[m].clear();
    try {
      energies_[m] = compute_(m, images_[m], forces_[m]);
    } catch (const InputError& error) {
      failures_[m] = error.what();
    }
  });
  failure_.clear();
  for (std::size_t m = 1; m + 1 < size(); ++m) {
    if (!failures_[m].empty()) {
      failure_ = "image " + std::to_string(m) + ": " + failures_[m];
      return std::numeric_limits<double>::quiet_NaN();
    }
  }

  for (std::size_t m = 1; m + 1 < size(); ++m) {
    const Vectors along = tangent(m);
    // Only free atoms count, so that forces on fixed ones do not leak into the others along the tangent.
    double force = 0.0;
    for (const std::size_t i : free) force += dot(forces_[m][i], along[i]);
    const double change = climbing_ == m ? -2.0 * force : spring_ * (distance(m) - distance(m - 1)) - force;
    for (std::size_t n = 0; n < free.size(); ++n) {
      const Vector3 total = forces_[m][free[n]] + change * along[free[n]];
      for (std::size_t k = 0; k < 3; ++k) gradient[(m - 1) * stride + 3 * n + k] = -total[k];
    }
    free_.project(gradient.subspan((m - 1) * stride, stride));
  }
  return 0.0;
}

}  // namespace adatom
