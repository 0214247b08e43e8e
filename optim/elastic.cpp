#include "optim/elastic.hpp"

#include <algorithm>
#include <cmath>

#include "atoms/editing.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"
#include "core/parallel.hpp"

namespace adatom {
namespace {

using Voigt = std::array<double, 6>;

Voigt stress_of(const Atoms& atoms, const Potential& potential, const ElasticOptions& options) {
  if (!options.relax_atoms) return *potential.compute(atoms, {.forces = false, .stress = true}).stress;
  RelaxOptions inside = options.relax;
  inside.cell = {};
  const RelaxResult relaxed = relax(atoms, potential, inside);
  if (!relaxed.converged) throw NumericalError("elastic constants: in a strained cell " + relaxed.reason);
  return *potential.compute(relaxed.atoms, {.forces = false, .stress = true}).stress;
}

/// Means over what cubic symmetry makes equal, and how far the entries are from them.
void summarize(ElasticConstants& c) {
  const auto& m = c.matrix;
  for (std::size_t i = 0; i < 3; ++i) {
    c.c11 += m[i][i] / 3.0;
    c.c44 += m[i + 3][i + 3] / 3.0;
    for (std::size_t j = 0; j < 3; ++j) c.c12 += i != j ? m[i][j] / 6.0 : 0.0;
  }
  for (std::size_t i = 0; i < 6; ++i) {
    for (std::size_t j = 0; j < 6; ++j) {
      const double cubic = i == j ? (i < 3 ? c.c11 : c.c44) : (i < 3 && j < 3 ? c.c12 : 0.0);
      c.asymmetry = std::max(c.asymmetry, std::abs(m[i][j] - cubic) / std::abs(c.c11));
    }
  }
  c.bulk_modulus = (c.c11 + 2.0 * c.c12) / 3.0;
  c.shear_modulus = 0.5 * (c.c11 - c.c12);
  c.anisotropy = c.c44 / c.shear_modulus;
  c.stable = c.c11 > c.c12 && c.c11 + 2.0 * c.c12 > 0.0 && c.c44 > 0.0;
}

}  // namespace

ElasticConstants elastic_constants(const Atoms& crystal, const Potential& potential, const ElasticOptions& options) {
  validate(crystal);
  if (!(crystal.pbc[0] && crystal.pbc[1] && crystal.pbc[2])) {
    throw InputError("elastic constants need a crystal, periodic along all three directions");
  }
  if (!(options.strain > 0.0 && options.strain <= largest_elastic_strain)) {
    throw InputError("elastic constants: strain must be above 0 and at most 0.05, found " +
                     number_text(options.strain));
  }

  // σ(±δ) and σ(±δ/2) for each component, and σ(0).
  constexpr std::array<double, 4> shares{1.0, -1.0, 0.5, -0.5};
  std::array<std::array<Voigt, 4>, 6> stress;
  Voigt left;
  parallel_for(25, [&](std::size_t task) {
    if (task == 24) {
      left = stress_of(crystal, potential, options);
    } else {
      Voigt strain{};
      strain[task / 4] = shares[task % 4] * options.strain;
      stress[task / 4][task % 4] = stress_of(strained(crystal, strain), potential, options);
    }
  });

  ElasticConstants result;
  for (std::size_t j = 0; j < 6; ++j) {
    for (std::size_t i = 0; i < 6; ++i) {
      const double wide = (stress[j][0][i] - stress[j][1][i]) / (2.0 * options.strain);
      const double narrow = (stress[j][2][i] - stress[j][3][i]) / options.strain;
      result.matrix[i][j] = (4.0 * narrow - wide) / 3.0;  // Richardson
    }
  }
  summarize(result);
  double largest = 0.0;
  for (const double s : left) largest = std::max(largest, std::abs(s));
  if (largest > 1e-3 * std::abs(result.c11)) {
    result.warnings.push_back("the crystal is under a stress of " + short_number_text(largest, 6) +
                              " eV/Å³: relax its cell first");
  }
  if (result.asymmetry > 1e-3) {
    result.warnings.push_back("not cubic along x, y, z: entries differ from the cubic form by " +
                              short_number_text(100.0 * result.asymmetry, 6) + " % of C11");
  }
  return result;
}

}  // namespace adatom
