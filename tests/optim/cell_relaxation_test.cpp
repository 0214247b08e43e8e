// Tests optim/cell_strain.cpp and relaxations of the cell: gradients, shapes, masks, pressure.
#include <cmath>
#include <vector>

#include "core/error.hpp"
#include "core/random.hpp"
#include "optim/free_atoms.hpp"
#include "optim/relax.hpp"
#include "potentials/lennard_jones.hpp"
#include "tests/optim/reference.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

const LennardJones& crystal_potential() {
  static const LennardJones potential({.epsilon = 1.0, .sigma = 1.0, .cutoff = 3.0});
  return potential;
}

Atoms fcc(double a) { return adatom::fcc(18, a); }

Atoms strained(Atoms atoms, const Matrix3& f) {
  for (Vector3& p : atoms.positions) p = {dot(f[0], p), dot(f[1], p), dot(f[2], p)};
  for (Vector3& a : atoms.cell.vectors) a = {dot(f[0], a), dot(f[1], a), dot(f[2], a)};
  return atoms;
}

Atoms rattled(Atoms atoms, double amount, std::uint64_t seed) {
  Random random(seed);
  for (Vector3& p : atoms.positions) p += amount * Vector3{random.normal(), random.normal(), random.normal()};
  return atoms;
}

/// The lattice constant of lowest enthalpy per atom, by golden section on the energy alone.
double best_lattice_constant(double pressure = 0.0) {
  const auto h = [&](double a) { return crystal_potential().compute(fcc(a)).energy + pressure * a * a * a; };
  double low = 1.4, high = 1.7;
  const double share = 0.6180339887498949;
  while (high - low > 1e-9) {
    const double left = high - share * (high - low), right = low + share * (high - low);
    (h(left) < h(right) ? high : low) = h(left) < h(right) ? right : left;
  }
  return 0.5 * (low + high);
}

RelaxOptions with(CellShape shape) {
  RelaxOptions options;
  options.fmax = 1e-5;
  options.cell.shape = shape;
  options.cell.max_stress = 1e-5;
  return options;
}

constexpr Matrix3 skewed{{{1.04, 0.03, -0.02}, {0.01, 0.97, 0.04}, {0.0, 0.02, 1.02}}};

}  // namespace

TEST_CASE("the gradient of atoms and cell is that of the enthalpy", "[optim][cell]") {
  for (const CellShape shape : {CellShape::full, CellShape::isotropic, CellShape::lengths}) {
    for (const std::array<bool, 3> pbc : {std::array{true, true, true}, std::array{true, true, false}}) {
      Atoms atoms = rattled(strained(repeated(fcc(1.55), {2, 2, 2}), skewed), 0.05, 3);
      atoms.pbc = pbc;
      CellOptions cell;
      cell.shape = shape;
      cell.mask = {true, true, true, false, true, true};
      cell.pressure = pbc[2] ? 0.7 : 0.0;
      FreeAtoms free(atoms, crystal_potential(), {.fixed = {3}, .planes = {{5, {1, 1, 0}}}}, cell);
      std::vector<double> x;
      free.read(atoms, x);
      Random random(8);
      for (std::size_t k = 3 * 31; k < x.size(); ++k) x[k] = 0.1 * random.uniform(-1, 1);
      std::vector<double> gradient(x.size()), other(x.size());
      free.objective()(x, gradient);
      for (std::size_t k = 0; k < x.size(); k += k + 12 < x.size() ? 7 : 1) {
        std::vector<double> at = x;
        const double h = 1e-5;
        at[k] = x[k] + h;
        const double up = free.objective()(at, other);
        at[k] = x[k] - h;
        const double down = free.objective()(at, other);
        if (k / 3 != 4) CHECK(gradient[k] == Approx((up - down) / (2 * h)).epsilon(1e-6).margin(1e-6));
      }
    }
  }
}

TEST_CASE("a strained and rattled crystal finds its lattice constant again", "[optim][cell]") {
  const double a = best_lattice_constant();
  const double energy = crystal_potential().compute(fcc(a)).energy / 4.0;
  const Atoms start = rattled(strained(repeated(fcc(1.57), {2, 2, 2}), skewed), 0.03, 1);
  for (const RelaxMethod method : {RelaxMethod::automatic, RelaxMethod::lbfgs, RelaxMethod::fire,
                                   RelaxMethod::bfgs_line_search, RelaxMethod::conjugate_gradients}) {
    INFO(name(method));
    RelaxOptions options = with(CellShape::full);
    options.method = method;
    const RelaxResult r = relax(start, crystal_potential(), options);
    INFO(r.reason << ", calls " << r.force_calls);
    CHECK(r.converged);
    CHECK(r.energy / 32.0 == Approx(energy).epsilon(1e-9));
    for (std::size_t i = 0; i < 3; ++i) {
      CHECK(norm(r.atoms.cell[i]) == Approx(2 * a).epsilon(1e-5));
      CHECK(std::abs(dot(r.atoms.cell[i], r.atoms.cell[(i + 1) % 3])) < 1e-3);
    }
    CHECK(r.largest_stress <= 1e-5);
    CHECK(r.fmax <= 1e-5);
    for (const double s : *r.stress) CHECK(std::abs(s) <= 1.0001e-5);
    const Prediction again = crystal_potential().compute(r.atoms, {.forces = true, .stress = true});
    CHECK(again.energy == r.energy);
    CHECK(again.stress == r.stress);
  }
}

TEST_CASE("forces and stress each have a limit of their own", "[optim][cell]") {
  const Atoms start = rattled(strained(repeated(fcc(1.57), {2, 2, 2}), skewed), 0.03, 1);
  for (const auto& [fmax, max_stress] : {std::pair{1e-2, 1e-7}, {1e-6, 1e-1}}) {
    RelaxOptions options = with(CellShape::full);
    options.fmax = fmax;
    options.cell.max_stress = max_stress;
    const RelaxResult r = relax(start, crystal_potential(), options);
    CHECK(r.converged);
    CHECK(r.fmax <= fmax);
    CHECK(r.largest_stress <= max_stress);
  }
}

TEST_CASE("under pressure the enthalpy is lowest and the stress is minus the pressure", "[optim][cell]") {
  for (const double pressure : {-2.0, 0.5, 20.0}) {
    const double a = best_lattice_constant(pressure);
    for (const CellShape shape : {CellShape::full, CellShape::isotropic, CellShape::lengths}) {
      RelaxOptions options = with(shape);
      options.cell.pressure = pressure;
      const RelaxResult r = relax(fcc(1.58), crystal_potential(), options);
      CHECK(r.converged);
      CHECK(std::cbrt(volume(r.atoms.cell)) == Approx(a).epsilon(1e-6));
      CHECK((*r.stress)[0] == Approx(-pressure).margin(2e-5));
      CHECK(r.enthalpy == Approx(r.energy + pressure * volume(r.atoms.cell)).epsilon(1e-14));
      // dE/dV = −p, by differences of the energy
      const double h = 1e-4, v = std::pow(a + h, 3) - std::pow(a - h, 3);
      const double slope =
          (crystal_potential().compute(fcc(a + h)).energy - crystal_potential().compute(fcc(a - h)).energy) / v;
      CHECK(slope == Approx(-pressure).epsilon(1e-4));
    }
  }
}

TEST_CASE("shapes and masks keep what they promise to keep", "[optim][cell]") {
  const Atoms start = strained(fcc(1.6), skewed);
  const auto angle = [](const Cell& cell, std::size_t i, std::size_t j) {
    return dot(cell[i], cell[j]) / (norm(cell[i]) * norm(cell[j]));
  };
  const RelaxResult isotropic = relax(start, crystal_potential(), with(CellShape::isotropic));
  CHECK(isotropic.converged);
  const double factor = norm(isotropic.atoms.cell[0]) / norm(start.cell[0]);
  CHECK(std::abs(factor - 1.0) > 0.01);
  for (std::size_t i = 0; i < 3; ++i) CHECK(norm(isotropic.atoms.cell[i] - factor * start.cell[i]) < 1e-12);

  const RelaxResult lengths = relax(start, crystal_potential(), with(CellShape::lengths));
  CHECK(lengths.converged);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(angle(lengths.atoms.cell, i, (i + 1) % 3) == Approx(angle(start.cell, i, (i + 1) % 3)).epsilon(1e-12));
  }
  CHECK(std::abs(norm(lengths.atoms.cell[0]) / norm(start.cell[0]) -
                 norm(lengths.atoms.cell[1]) / norm(start.cell[1])) > 1e-3);

  RelaxOptions along_z = with(CellShape::full);
  along_z.cell.mask = {false, false, true, false, false, false};
  const RelaxResult masked = relax(fcc(1.6), crystal_potential(), along_z);
  CHECK(masked.converged);
  CHECK(masked.atoms.cell[0] == fcc(1.6).cell[0]);
  CHECK(masked.atoms.cell[2][2] < 1.55);
  CHECK(std::abs((*masked.stress)[2]) <= 1e-5);
  CHECK(std::abs((*masked.stress)[0]) > 0.1);  // what may not relax is no part of the measure

  // A slab: the vacuum stays, the atoms and the two periodic vectors relax.
  Atoms slab = repeated(fcc(1.6), {1, 1, 3});
  slab.cell[2] = {0, 0, 12};
  slab.pbc = {true, true, false};
  const RelaxResult r = relax(slab, crystal_potential(), with(CellShape::full));
  CHECK(r.converged);
  CHECK(r.atoms.cell[2] == Vector3{0, 0, 12});
  CHECK(r.atoms.cell[0][0] < 1.57);
  CHECK(r.atoms.cell[0][2] == 0.0);
}

TEST_CASE("fixed atoms keep their place in the cell, even all of them", "[optim][cell]") {
  Atoms start = fcc(1.6);
  RelaxOptions options = with(CellShape::isotropic);
  options.fixed = {0, 1, 2, 3};
  const RelaxResult r = relax(start, crystal_potential(), options);
  CHECK(r.converged);
  CHECK(norm(r.atoms.cell[0]) == Approx(best_lattice_constant()).epsilon(1e-5));
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(norm(fractional(r.atoms.cell, r.atoms.positions[i]) - fractional(start.cell, start.positions[i])) < 1e-12);
  }
}

TEST_CASE("a crystal torn apart is reported", "[optim][cell]") {
  RelaxOptions options = with(CellShape::isotropic);
  options.cell.pressure = -50.0;
  options.max_steps = 5000;
  const RelaxResult r = relax(fcc(1.55), crystal_potential(), options);
  CHECK(!r.converged);
  CHECK_THAT(r.reason, ContainsSubstring("the crystal has evaporated"));
}

TEST_CASE("cells that cannot relax are refused by name", "[optim][cell]") {
  const auto message = [&](const Atoms& atoms, const RelaxOptions& options) -> std::string {
    try {
      relax(atoms, crystal_potential(), options);
    } catch (const InputError& error) {
      return error.what();
    }
    return "accepted";
  };
  Atoms cluster = fcc(1.55);
  cluster.pbc = {};
  CHECK_THAT(message(cluster, with(CellShape::full)), ContainsSubstring("periodic along at least one direction"));
  Atoms wire = fcc(1.55);
  wire.pbc = {true, false, false};
  wire.cell[1] = wire.cell[2] = {};
  CHECK_THAT(message(wire, with(CellShape::full)), ContainsSubstring("a cell with a volume"));
  Atoms slab = fcc(1.55);
  slab.pbc = {true, true, false};
  RelaxOptions options = with(CellShape::full);
  options.cell.pressure = 1.0;
  CHECK_THAT(message(slab, options), ContainsSubstring("along all three directions"));
  options.cell.pressure = std::nan("");
  CHECK_THAT(message(fcc(1.55), options), ContainsSubstring("pressure must be finite"));
  options = with(CellShape::full);
  options.cell.mask = {};
  CHECK_THAT(message(fcc(1.55), options), ContainsSubstring("the mask leaves no strain"));
  options = with(CellShape::full);
  options.cell.max_stress = 0.0;
  CHECK_THAT(message(fcc(1.55), options), ContainsSubstring("max_stress must be positive"));
  for (const CellShape shape : {CellShape::fixed, CellShape::full, CellShape::isotropic, CellShape::lengths}) {
    CHECK(cell_shape(name(shape)) == shape);
  }
  CHECK_THROWS_WITH(cell_shape("cubic"), ContainsSubstring("unknown cell shape 'cubic'"));
}
