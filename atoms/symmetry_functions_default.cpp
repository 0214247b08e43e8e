// What this file is: the generator of a default set of symmetry functions.
#include <algorithm>
#include <cmath>
#include <string>

#include "atoms/atoms.hpp"
#include "atoms/elements.hpp"
#include "atoms/symmetry_functions.hpp"
#include "core/error.hpp"

namespace adatom {
namespace {

void validate(std::span<const int> elements, double cutoff, const DefaultSymmetryFunctionOptions& options) {
  if (elements.empty()) throw InputError("symmetry functions need at least one element");
  for (const int number : elements) static_cast<void>(element(number));  // throws outside 1 … 118
  const double angular = options.angular_cutoff == 0.0 ? cutoff : options.angular_cutoff;
  for (const double radius : {cutoff, angular}) {
    if (!(radius > options.first_shift && std::isfinite(radius))) {
      throw InputError("the cutoff of symmetry functions must be above their first shift, " +
                       std::to_string(options.first_shift) + " Å; found " + std::to_string(radius) + " Å");
    }
  }
  if (!(options.first_shift >= 0.0)) {
    throw InputError("the first shift must not be negative, found " + std::to_string(options.first_shift) + " Å");
  }
  if (options.radial == 0 && (options.angular_radial == 0 || options.zetas.empty())) {
    throw InputError("these options leave no symmetry function: radial and angular_radial (or zetas) are 0");
  }
}

/// A Gaussian centred on point n of `count` evenly spaced ones, as wide as their spacing.
SymmetryFunction gaussian(std::size_t n, std::size_t count, double first, double cutoff) {
  const double spacing = (cutoff - first) / static_cast<double>(count);
  SymmetryFunction f;
  f.shift = first + static_cast<double>(n) * spacing;
  f.eta = 1.0 / (2.0 * spacing * spacing);
  f.cutoff = cutoff;
  return f;
}

void add_radial(int center, std::span<const int> elements, double cutoff, const DefaultSymmetryFunctionOptions& options,
                std::vector<SymmetryFunction>& result) {
  for (const int neighbor : elements) {
    for (std::size_t n = 0; n < options.radial; ++n) {
      SymmetryFunction f = gaussian(n, options.radial, options.first_shift, cutoff);
      f.center = center;
      f.neighbor1 = neighbor;
      result.push_back(f);
    }
  }
}

void add_angular(int center, int neighbor1, int neighbor2, double cutoff, const DefaultSymmetryFunctionOptions& options,
                 std::vector<SymmetryFunction>& result) {
  for (std::size_t n = 0; n < options.angular_radial; ++n) {
    for (const double zeta : options.zetas) {
      for (const double lambda : {-1.0, 1.0}) {
        SymmetryFunction f = gaussian(n, options.angular_radial, options.first_shift, cutoff);
        f.kind = options.narrow ? SymmetryFunctionKind::angular_narrow : SymmetryFunctionKind::angular_wide;
        f.center = center;
        f.neighbor1 = neighbor1;
        f.neighbor2 = neighbor2;
        f.lambda = lambda;
        f.zeta = zeta;
        result.push_back(f);
      }
    }
  }
}

}  // namespace

std::vector<SymmetryFunction> default_symmetry_functions(std::span<const int> elements, double cutoff,
                                                         const DefaultSymmetryFunctionOptions& options) {
  validate(elements, cutoff, options);
  const std::vector<int> sorted = elements_of(elements);
  const double angular_cutoff = options.angular_cutoff == 0.0 ? cutoff : options.angular_cutoff;
  std::vector<SymmetryFunction> result;
  for (const int center : sorted) {
    add_radial(center, sorted, cutoff, options, result);
    for (std::size_t a = 0; a < sorted.size(); ++a) {
      for (std::size_t b = a; b < sorted.size(); ++b) {
        add_angular(center, sorted[a], sorted[b], angular_cutoff, options, result);
      }
    }
  }
  return result;
}

}  // namespace adatom
