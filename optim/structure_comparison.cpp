#include "optim/structure_comparison.hpp"

#include <algorithm>
#include <cmath>

namespace adatom {
namespace {

/// Three unit vectors at right angles, the first along p, the second in the plane of p and q. A line q ∥ p gives any
/// such frame.
Matrix3 frame(const Vector3& p, const Vector3& q) {
  const double length = norm(p);
  const Vector3 e0 = length > 0.0 ? (1.0 / length) * p : Vector3{1, 0, 0};
  Vector3 e1 = q - dot(q, e0) * e0;
  if (norm(e1) <= 1e-9 * (norm(q) + 1.0)) {
    e1 = std::abs(e0[0]) < 0.7 ? Vector3{1, 0, 0} : Vector3{0, 1, 0};
    e1 = e1 - dot(e1, e0) * e0;
  }
  e1 = (1.0 / norm(e1)) * e1;
  return {e0, e1, cross(e0, e1)};
}

/// The rotation that turns frame f into frame g: Σ g_k f_kᵀ.
Matrix3 between(const Matrix3& f, const Matrix3& g) {
  Matrix3 r{};
  for (std::size_t k = 0; k < 3; ++k) {
    for (std::size_t i = 0; i < 3; ++i) r[i] += g[k][i] * f[k];
  }
  return r;
}

/// How far apart two points are: plainly, or the nearest images of a periodic cell.
class Metric {
 public:
  explicit Metric(const Atoms& atoms) : pbc_(atoms.pbc), periodic_(pbc_[0] || pbc_[1] || pbc_[2]) {
    if (periodic_) cell_ = completed(atoms.cell, pbc_), inverse_ = reciprocal(cell_);
  }
  bool periodic() const { return periodic_; }
  Vector3 nearest(Vector3 d) const {
    if (!periodic_) return d;
    for (std::size_t k = 0; k < 3; ++k) {
      if (pbc_[k]) d -= std::round(dot(inverse_[k], d)) * cell_[k];
    }
    return d;
  }

 private:
  std::array<bool, 3> pbc_;
  bool periodic_;
  Cell cell_, inverse_;
};

/// Tries to give each atom of a an atom of b of its element, `moved` being b's places laid upon a.
class Partners {
 public:
  Partners(const Atoms& a, const Atoms& b, const Metric& metric) : a_(a), b_(b), metric_(metric) {}

  /// Nearest atoms, none farther than reach; where two want the same one, the assignment of least Σ d².
  bool find(std::span<const Vector3> moved, double reach, std::vector<std::size_t>& partner) {
    const std::size_t n = a_.size();
    partner.resize(n);
    taken_.assign(n, false);
    bool unique = true;
    for (std::size_t i = 0; i < n; ++i) {
      double least = reach * reach;
      std::size_t best = n;
      for (std::size_t j = 0; j < n; ++j) {
        if (b_.numbers[j] != a_.numbers[i]) continue;
        const double q = square(a_.positions[i], moved[j]);
        if (q <= least) least = q, best = j;
      }
      if (best == n) return false;
      unique = unique && !taken_[best];
      taken_[best] = true;
      partner[i] = best;
    }
    if (unique) return true;
    cost_.resize(n * n);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) {
        cost_[i * n + j] = a_.numbers[i] == b_.numbers[j] ? square(a_.positions[i], moved[j]) : 1e12;
      }
    }
    partner = assign(cost_, n);
    for (std::size_t i = 0; i < n; ++i) {
      if (cost_[i * n + partner[i]] > reach * reach) return false;
    }
    return true;
  }

 private:
  double square(const Vector3& x, const Vector3& y) const {
    const Vector3 d = metric_.nearest(y - x);
    return dot(d, d);
  }

  const Atoms &a_, &b_;
  const Metric& metric_;
  std::vector<char> taken_;
  std::vector<double> cost_;
};

/// Where the superposition leaves each atom of b.
void apply(const Superposition& s, std::span<const Vector3> b, std::vector<Vector3>& moved) {
  moved.resize(b.size());
  for (std::size_t j = 0; j < b.size(); ++j) moved[j] = product(s.rotation, b[j]) + s.shift;
}

void measure(std::span<const Vector3> a, std::span<const Vector3> moved, const Metric& metric, Superposition& s) {
  double sum = 0.0, largest = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const Vector3 d = metric.nearest(moved[s.partner[i]] - a[i]);
    sum += dot(d, d);
    largest = std::max(largest, dot(d, d));
  }
  s.rms = a.empty() ? 0.0 : std::sqrt(sum / static_cast<double>(a.size()));
  s.largest = std::sqrt(largest);
}

/// Free structures: every way to lay two chosen atoms of a, seen from the centre, upon two of b.
class FreeMatch {
 public:
  FreeMatch(const Atoms& a, const Atoms& b, const MatchOptions& options)
      : a_(a), b_(b), options_(options), metric_(a), partners_(a_, b_, metric_) {
    center_a_ = middle(a_.positions), center_b_ = middle(b_.positions);
    for (Vector3& x : a_.positions) x -= center_a_;
    for (Vector3& x : b_.positions) x -= center_b_;
    for (const Vector3& x : a_.positions) radius_a_.push_back(norm(x));
    for (const Vector3& x : b_.positions) radius_b_.push_back(norm(x));
  }

  std::optional<Superposition> run() {
    choose_atoms();
    const Matrix3 target = frame(a_.positions[p_], a_.positions[q_]);
    for (const Counterparts& pair : counterparts()) {
      for (const bool mirror : {false, true}) {
        if (mirror && !options_.mirror) continue;
        const double sign = mirror ? -1.0 : 1.0;
        Superposition s;
        s.mirrored = mirror;
        s.rotation = between(frame(sign * b_.positions[pair.i], sign * b_.positions[pair.j]), target);
        for (Vector3& row : s.rotation) row = sign * row;
        if (refine(s)) return s;
      }
    }
    return std::nullopt;
  }

 private:
  /// Atoms of b that may be the two chosen ones of a.
  struct Counterparts {
    double off = 0.0;  // by how much their triangles with the centre differ
    std::size_t i = 0, j = 0;
  };

  /// The most similar pair first, which in equal structures is a right one.
  std::vector<Counterparts> counterparts() const {
    const double apart = norm(a_.positions[q_] - a_.positions[p_]);
    std::vector<Counterparts> pairs;
    for (std::size_t i = 0; i < b_.size(); ++i) {
      if (!alike(p_, i)) continue;
      for (std::size_t j = 0; j < b_.size(); ++j) {
        if ((i == j) != (p_ == q_) || !alike(q_, j)) continue;
        const double change = std::abs(norm(b_.positions[j] - b_.positions[i]) - apart);
        if (change > 2.0 * options_.tolerance) continue;
        pairs.push_back(
            {change + std::abs(radius_a_[p_] - radius_b_[i]) + std::abs(radius_a_[q_] - radius_b_[j]), i, j});
      }
    }
    std::ranges::sort(pairs, {}, &Counterparts::off);
    return pairs;
  }

  bool alike(std::size_t i, std::size_t j) const {
    return a_.numbers[i] == b_.numbers[j] && std::abs(radius_a_[i] - radius_b_[j]) <= options_.tolerance;
  }

  /// An outer atom with few counterparts, and another far from its axis.
  void choose_atoms() {
    const std::size_t n = a_.size();
    const double outermost = *std::ranges::max_element(radius_a_);
    const auto count_alike = [&](std::size_t i) {
      std::size_t count = 0;
      for (std::size_t j = 0; j < n; ++j) count += alike(i, j);
      return count;
    };
    std::size_t fewest = n + 1;
    for (std::size_t i = 0; i < n; ++i) {
      if (radius_a_[i] < 0.7 * outermost) continue;
      const std::size_t count = count_alike(i);
      if (count < fewest) fewest = count, p_ = i;
    }
    const auto off_axis = [&](std::size_t i) {
      return norm(cross(a_.positions[p_], a_.positions[i])) / std::max(radius_a_[p_], 1e-300);
    };
    double farthest = 0.0;
    for (std::size_t i = 0; i < n; ++i) farthest = std::max(farthest, off_axis(i));
    q_ = p_;  // on a line no second atom is needed
    if (farthest < 1e-3) return;
    fewest = n + 1;
    for (std::size_t i = 0; i < n; ++i) {
      if (off_axis(i) < 0.7 * farthest) continue;
      const std::size_t count = count_alike(i);
      if (count < fewest) fewest = count, q_ = i;
    }
  }

  /// Matches and superposes in turn until the partners stay. True when they end within the tolerance.
  bool refine(Superposition& s) {
    const std::size_t n = a_.size();
    for (int round = 0; round < 4; ++round) {
      apply(s, b_.positions, moved_);
      if (!partners_.find(moved_, 2.0 * options_.tolerance, found_)) return false;
      if (found_ == s.partner) break;
      s.partner = found_;
      matched_.resize(n);
      for (std::size_t i = 0; i < n; ++i) matched_[i] = b_.positions[s.partner[i]];
      s.rotation = superpose(a_.positions, matched_, s.mirrored).rotation;
      apply(s, b_.positions, moved_);
    }
    measure(a_.positions, moved_, metric_, s);
    s.shift = center_a_ - product(s.rotation, center_b_);
    return s.largest <= options_.tolerance;
  }

  Atoms a_, b_;
  MatchOptions options_;
  Metric metric_;
  Partners partners_;
  Vector3 center_a_{}, center_b_{};
  std::vector<double> radius_a_, radius_b_;  // distances from the centres
  std::size_t p_ = 0, q_ = 0;
  std::vector<Vector3> moved_, matched_;
  std::vector<std::size_t> found_;
};

/// Periodic or fixed structures: b is only moved, so that an atom of the rarest element meets each of its kind.
std::optional<Superposition> match_in_place(const Atoms& a, const Atoms& b, const MatchOptions& options) {
  for (std::size_t k = 0; k < 3; ++k) {
    if (a.pbc[k] && norm(a.cell[k] - b.cell[k]) > 1e-6) return std::nullopt;
  }
  const Metric metric(a);
  Partners partners(a, b, metric);
  std::vector<Vector3> moved;
  const auto try_shift = [&](const Vector3& shift) -> std::optional<Superposition> {
    Superposition s;
    s.shift = shift;
    apply(s, b.positions, moved);
    if (!partners.find(moved, 2.0 * options.tolerance, s.partner)) return std::nullopt;
    if (options.movable) {  // the shift of least rms
      Vector3 drift{};
      for (std::size_t i = 0; i < a.size(); ++i) drift += metric.nearest(a.positions[i] - moved[s.partner[i]]);
      s.shift += (1.0 / static_cast<double>(a.size())) * drift;
      apply(s, b.positions, moved);
    }
    measure(a.positions, moved, metric, s);
    if (s.largest > options.tolerance) return std::nullopt;
    return s;
  };
  if (!options.movable) return try_shift({});

  std::size_t rarest = 0, fewest = a.size() + 1;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto count = static_cast<std::size_t>(std::ranges::count(a.numbers, a.numbers[i]));
    if (count < fewest) fewest = count, rarest = i;
  }
  for (std::size_t j = 0; j < b.size(); ++j) {
    if (b.numbers[j] != a.numbers[rarest]) continue;
    if (std::optional<Superposition> s = try_shift(a.positions[rarest] - b.positions[j])) return s;
  }
  return std::nullopt;
}

bool same_elements(const Atoms& a, const Atoms& b) {
  if (a.size() != b.size()) return false;
  if (a.numbers == b.numbers) return true;
  std::vector<int> x = a.numbers, y = b.numbers;
  std::ranges::sort(x);
  std::ranges::sort(y);
  return x == y;
}

}  // namespace

std::optional<Superposition> match(const Atoms& a, const Atoms& b, const MatchOptions& options) {
  validate(a);
  validate(b);
  if (!same_elements(a, b) || a.pbc != b.pbc) return std::nullopt;
  if (a.size() == 0) return Superposition{};
  if (!options.movable || a.pbc[0] || a.pbc[1] || a.pbc[2]) return match_in_place(a, b, options);
  return FreeMatch(a, b, options).run();
}

std::vector<double> radial_profile(const Atoms& atoms) {
  const Vector3 center = middle(atoms.positions);
  std::vector<std::pair<int, double>> rows(atoms.size());
  for (std::size_t i = 0; i < atoms.size(); ++i) rows[i] = {atoms.numbers[i], norm(atoms.positions[i] - center)};
  std::ranges::sort(rows);
  std::vector<double> result(atoms.size());
  std::ranges::transform(rows, result.begin(), [](const auto& row) { return row.second; });
  return result;
}

}  // namespace adatom
