#include "optim/cell_strain.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/number_text.hpp"

namespace adatom {
namespace {

struct Named {
  CellShape shape;
  std::string_view name;
};
constexpr Named shapes[] = {{CellShape::fixed, "fixed"},
                            {CellShape::full, "full"},
                            {CellShape::isotropic, "isotropic"},
                            {CellShape::lengths, "lengths"}};

constexpr std::array<std::array<std::size_t, 2>, 6> voigt{{{0, 0}, {1, 1}, {2, 2}, {1, 2}, {0, 2}, {0, 1}}};
constexpr Matrix3 unit_matrix{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};

Matrix3 outer(const Vector3& a, const Vector3& b) { return {a[0] * b, a[1] * b, a[2] * b}; }

double contraction(const Matrix3& a, const Matrix3& b) { return dot(a[0], b[0]) + dot(a[1], b[1]) + dot(a[2], b[2]); }

/// Onto the plane or line of the periodic vectors.
Matrix3 projector(const Atoms& atoms, const Cell& cell, const Cell& dual) {
  Matrix3 result{};
  for (std::size_t k = 0; k < 3; ++k) {
    if (!atoms.pbc[k]) continue;
    const Matrix3 part = outer(cell[k], dual[k]);
    for (std::size_t i = 0; i < 3; ++i) result[i] += part[i];
  }
  return result;
}

std::vector<Matrix3> deformations(const Atoms& atoms, const CellOptions& options) {
  // The dual vectors of the completed cell: those of periodic directions lie in the space of the periodic vectors.
  const Cell cell = completed(atoms.cell, atoms.pbc), dual = reciprocal(cell);
  const Matrix3 periodic = projector(atoms, cell, dual);
  std::vector<Matrix3> result;
  if (options.shape == CellShape::isotropic) {
    result.push_back(periodic);
  } else if (options.shape == CellShape::lengths) {
    for (std::size_t k = 0; k < 3; ++k) {
      if (atoms.pbc[k]) result.push_back(outer(cell[k], dual[k]));
    }
  } else {
    for (std::size_t v = 0; v < 6; ++v) {
      if (!options.mask[v]) continue;
      Matrix3 strain{};
      strain[voigt[v][0]][voigt[v][1]] = strain[voigt[v][1]][voigt[v][0]] = 1.0;
      const Matrix3 inside = product(periodic, product(strain, periodic));
      if (contraction(inside, inside) > 1e-12) result.push_back(inside);
    }
  }
  return result;
}

void check(const Atoms& atoms, const CellOptions& options) {
  const std::size_t directions = static_cast<std::size_t>(std::count(atoms.pbc.begin(), atoms.pbc.end(), true));
  if (directions == 0)
    throw InputError("cell relaxation needs a structure that is periodic along at least one direction");
  if (volume(atoms.cell) == 0.0) {
    throw InputError("cell relaxation needs a cell with a volume; give directions that are not periodic a vector too");
  }
  if (!std::isfinite(options.pressure)) {
    throw InputError("cell relaxation: the pressure must be finite, found " + number_text(options.pressure));
  }
  if (options.pressure != 0.0 && directions < 3) {
    throw InputError("an external pressure needs a structure that is periodic along all three directions");
  }
  if (!(options.max_stress > 0.0) || !std::isfinite(options.max_stress)) {
    throw InputError("cell relaxation: max_stress must be positive, found " + number_text(options.max_stress));
  }
}

}  // namespace

std::string_view name(CellShape shape) {
  return std::find_if(std::begin(shapes), std::end(shapes), [=](const Named& s) { return s.shape == shape; })->name;
}

CellShape cell_shape(std::string_view name) {
  for (const Named& s : shapes) {
    if (s.name == name) return s.shape;
  }
  throw InputError("unknown cell shape '" + std::string(name) + "'; there are fixed, full, isotropic, lengths");
}

StrainModes::StrainModes(const Atoms& atoms, const CellOptions& options)
    : modes_((check(atoms, options), deformations(atoms, options))), pressure_(options.pressure) {
  if (modes_.empty()) throw InputError("cell relaxation: the mask leaves no strain along the periodic directions");
  // A strain moves every atom, so its stiffness grows with their number: in these coordinates it is that of a bond
  // (E. B. Tadmor, G. S. Smith, N. Bernstein and E. Kaxiras, Phys. Rev. B 59, 235 (1999), use the same idea).
  const double count = static_cast<double>(std::max<std::size_t>(1, atoms.size()));
  scale_ = std::sqrt(count) * std::cbrt(volume(atoms.cell) / count);
  for (Matrix3& mode : modes_) {
    norms_.push_back(std::sqrt(contraction(mode, mode)));
    for (Vector3& row : mode) row = (1.0 / (norms_.back() * scale_)) * row;
  }
}

Matrix3 StrainModes::deformation(std::span<const double> q) const {
  Matrix3 f = unit_matrix;
  for (std::size_t k = 0; k < modes_.size(); ++k) {
    for (std::size_t i = 0; i < 3; ++i) f[i] += q[k] * modes_[k][i];
  }
  return f;
}

void StrainModes::gradient(const Matrix3& deformation, const std::array<double, 6>& stress, double volume,
                           std::span<double> result) const {
  // dH/dF = V (σ + p) F⁻ᵀ
  Matrix3 sigma;
  for (std::size_t v = 0; v < 6; ++v) {
    const double value = stress[v] + (v < 3 ? pressure_ : 0.0);
    sigma[voigt[v][0]][voigt[v][1]] = sigma[voigt[v][1]][voigt[v][0]] = volume * value;
  }
  const Matrix3 back = inverse(deformation);
  Matrix3 slope;
  for (std::size_t i = 0; i < 3; ++i) slope[i] = product(back, sigma[i]);
  std::fill(result.begin(), result.end(), 0.0);
  for (std::size_t k = 0; k < modes_.size(); ++k) result[k] = contraction(slope, modes_[k]);
}

double StrainModes::largest_stress(std::span<const double> gradient, double volume) const {
  double largest = 0.0;
  for (std::size_t k = 0; k < modes_.size(); ++k) {
    largest = std::max(largest, std::abs(gradient[k]) * scale_ / (volume * norms_[k]));
    if (std::isnan(gradient[k])) return gradient[k];
  }
  return largest;
}

Matrix3 inverse(const Matrix3& f) {
  const Cell dual = reciprocal(Cell{f});  // rows b_i with f_i · b_j = δ_ij
  Matrix3 result;
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) result[i][j] = dual[j][i];
  }
  return result;
}

}  // namespace adatom
