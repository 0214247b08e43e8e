#include "optim/constraints.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.hpp"

namespace adatom {
namespace {

/// A negative number that was converted to std::size_t is shown as it was.
std::string index_text(std::size_t i) {
  constexpr std::size_t half = std::numeric_limits<std::size_t>::max() / 2;
  return i > half ? "-" + std::to_string(std::numeric_limits<std::size_t>::max() - i + 1) : std::to_string(i);
}

class Named {
 public:
  explicit Named(std::size_t count) : named_(count, false) {}
  void add(std::size_t i, const char* kind) {
    if (i >= named_.size()) {
      throw InputError(kind + (" atom " + index_text(i)) + " does not exist: the structure has " +
                       std::to_string(named_.size()) + " atoms, counted from 0");
    }
    if (named_[i]) throw InputError(kind + (" atom " + std::to_string(i)) + " is named twice");
    named_[i] = true;
  }

 private:
  std::vector<bool> named_;
};

Vector3 unit(const Vector3& v, std::size_t atom, const char* what) {
  const double length = norm(v);
  if (!(length > 0.0) || !std::isfinite(length)) {
    throw InputError(std::string(what) + " of the constraint on atom " + std::to_string(atom) +
                     " must be finite and not zero");
  }
  return (1.0 / length) * v;
}

}  // namespace

FreeDirections::FreeDirections(const Atoms& atoms, const Constraints& constraints, bool none_is_fine) {
  validate(atoms);
  Named named(atoms.size());
  std::vector<bool> is_fixed(atoms.size(), false);
  for (const std::size_t i : constraints.fixed) {
    named.add(i, "fixed");
    is_fixed[i] = true;
  }
  for (const PlaneConstraint& plane : constraints.planes) {
    named.add(plane.atom, "constrained");
    guides_.push_back({plane.atom, false, unit(plane.normal, plane.atom, "the normal")});
  }
  for (const LineConstraint& line : constraints.lines) {
    named.add(line.atom, "constrained");
    guides_.push_back({line.atom, true, unit(line.direction, line.atom, "the direction")});
  }

  std::vector<std::size_t> place(atoms.size(), 0);
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    place[i] = indices_.size();
    if (!is_fixed[i]) indices_.push_back(i);
  }
  for (Guide& guide : guides_) guide.place = place[guide.place];
  if (atoms.size() == 0) throw InputError("nothing to relax: the structure has no atoms");
  if (indices_.empty() && !none_is_fine) {
    throw InputError("nothing to relax: all " + std::to_string(atoms.size()) + " atoms are fixed");
  }
}

Vector3 FreeDirections::Guide::allowed(const Vector3& v) const {
  const Vector3 along = dot(v, unit) * unit;
  return line ? along : v - along;
}

void FreeDirections::project(std::span<double> triples) const {
  for (const Guide& guide : guides_) {
    double* const v = &triples[3 * guide.place];
    const Vector3 kept = guide.allowed({v[0], v[1], v[2]});
    std::copy(kept.begin(), kept.end(), v);
  }
}

void FreeDirections::return_to_guides(const Atoms& start, Atoms& atoms) const {
  for (const Guide& guide : guides_) {
    const std::size_t i = indices_[guide.place];
    atoms.positions[i] = start.positions[i] + guide.allowed(atoms.positions[i] - start.positions[i]);
  }
}

}  // namespace adatom
