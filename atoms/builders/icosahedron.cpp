#include <cmath>
#include <numbers>
#include <string>

#include "atoms/builders/crystal.hpp"
#include "atoms/builders/nanoparticles.hpp"
#include "atoms/elements.hpp"
#include "core/error.hpp"

namespace adatom {
namespace {

/// Neighbouring vertices are 2 apart, others at least 2φ = 3.2.
bool adjacent(const Vector3& v, const Vector3& w) {
  const Vector3 d = w - v;
  return dot(d, d) < 5.0;
}

/// The points of shell n: n steps from the centre along each vertex, and on edges and faces between them.
void add_shell(int n, const std::array<Vector3, 12>& vertices, std::vector<Vector3>& points) {
  for (std::size_t i = 0; i < 12; ++i) {
    const Vector3& u = vertices[i];
    points.push_back(double(n) * u);
    for (std::size_t j = 0; j < i; ++j) {
      const Vector3& v = vertices[j];
      if (!adjacent(u, v)) continue;
      for (int q = 1; q < n; ++q) points.push_back(double(n - q) * u + double(q) * v);
      for (std::size_t k = 0; k < j; ++k) {
        const Vector3& w = vertices[k];
        if (!adjacent(u, w) || !adjacent(v, w)) continue;
        for (int q = 1; q < n; ++q) {
          for (int r = 1; r < n - q; ++r) points.push_back(double(n - q - r) * u + double(q) * v + double(r) * w);
        }
      }
    }
  }
}

}  // namespace

std::array<Vector3, 12> icosahedron_vertices() {
  std::array<Vector3, 12> vertices{};
  std::size_t n = 0;
  for (std::size_t k = 0; k < 3; ++k) {
    for (const double s : {-1.0, 1.0}) {
      for (const double t : {-std::numbers::phi, std::numbers::phi}) {
        vertices[n][(k + 1) % 3] = s;
        vertices[n][(k + 2) % 3] = t;
        ++n;
      }
    }
  }
  return vertices;
}

Atoms icosahedron(std::string_view element, int shells, const ParticleOptions& options) {
  constexpr int most_shells = 311;  // 99.8 million atoms
  if (shells < 1 || shells > most_shells) {
    throw InputError("icosahedron: shells must be between 1 and " + std::to_string(most_shells) + ", found " +
                     std::to_string(shells));
  }
  const int number = atomic_number(element);
  const double a = lattice_constants("icosahedron", element, Crystal::fcc, options.a, std::nullopt).a;
  const std::array<Vector3, 12> vertices = icosahedron_vertices();
  Atoms atoms;
  atoms.positions.push_back({});
  for (int n = 1; n < shells; ++n) add_shell(n, vertices, atoms.positions);
  const double scale = a / std::numbers::sqrt2 / norm(vertices[0]);
  for (Vector3& r : atoms.positions) r = scale * r;
  atoms.numbers.assign(atoms.positions.size(), number);
  return atoms;
}

}  // namespace adatom
