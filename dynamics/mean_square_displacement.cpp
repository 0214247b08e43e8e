#include "dynamics/mean_square_displacement.hpp"

#include <cmath>
#include <string>

#include "core/error.hpp"
#include "core/number_text.hpp"

namespace adatom {

double mean_square_displacement(std::span<const Vector3> start, std::span<const Vector3> now) {
  if (start.size() != now.size()) {
    throw ShapeError("mean_square_displacement: " + std::to_string(start.size()) + " and " +
                     std::to_string(now.size()) + " atoms");
  }
  double sum = 0.0;
  for (std::size_t i = 0; i < start.size(); ++i) {
    const Vector3 way = now[i] - start[i];
    sum += dot(way, way);
  }
  return start.empty() ? 0.0 : sum / static_cast<double>(start.size());
}

std::vector<double> mean_square_displacements(std::span<const std::vector<Vector3>> trajectory) {
  std::vector<double> result;
  for (std::size_t lag = 0; lag <= trajectory.size() / 2 && lag < trajectory.size(); ++lag) {
    double sum = 0.0;
    for (std::size_t t = 0; t + lag < trajectory.size(); ++t) {
      sum += mean_square_displacement(trajectory[t], trajectory[t + lag]);
    }
    result.push_back(sum / static_cast<double>(trajectory.size() - lag));
  }
  return result;
}

std::vector<std::vector<Vector3>> unwrapped(std::span<const std::vector<Vector3>> trajectory, const Cell& cell,
                                            const std::array<bool, 3>& pbc) {
  require_periodic(cell, pbc);
  const Cell full = completed(cell, pbc);
  std::vector<std::vector<Vector3>> result;
  for (const std::vector<Vector3>& frame : trajectory) {
    if (result.empty()) {
      result.push_back(frame);
      continue;
    }
    const std::vector<Vector3>& last = result.back();
    if (frame.size() != last.size()) throw ShapeError("unwrapped: frames of different numbers of atoms");
    std::vector<Vector3> next(frame.size());
    for (std::size_t i = 0; i < frame.size(); ++i) {
      Vector3 s = fractional(full, frame[i] - last[i]);
      for (std::size_t k = 0; k < 3; ++k) s[k] = pbc[k] ? -std::round(s[k]) : 0.0;
      next[i] = frame[i] + cartesian(full, s);
    }
    result.push_back(std::move(next));
  }
  return result;
}

double diffusion_coefficient(std::span<const double> displacements, double interval) {
  if (!(interval > 0.0)) throw InputError("the time between frames must be positive, found " + number_text(interval));
  const std::size_t n = displacements.size(), first = n / 2;
  if (n < 4) throw InputError("a diffusion coefficient needs at least 4 displacements, found " + std::to_string(n));
  double mean_t = 0.0, mean_d = 0.0, tt = 0.0, td = 0.0;
  const double count = static_cast<double>(n - first);
  for (std::size_t i = first; i < n; ++i) mean_t += static_cast<double>(i) / count, mean_d += displacements[i] / count;
  for (std::size_t i = first; i < n; ++i) {
    const double t = static_cast<double>(i) - mean_t;
    tt += t * t;
    td += t * (displacements[i] - mean_d);
  }
  return td / tt / interval / 6.0;
}

}  // namespace adatom
