// Tests internal relaxation in optim/elastic.cpp and equation_of_state.cpp on diamond, whose two atoms move against
// each other when it is sheared, with a potential whose elastic constants are known in closed form.
#include "optim/elastic.hpp"

#include <cmath>

#include "core/error.hpp"
#include "optim/equation_of_state.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;

namespace {

/// P. N. Keating, Phys. Rev. 145, 637 (1966): bonds (α) and pairs of bonds (β) of each atom, for the perfect bond
/// length r: Σ_i (3α/16r²) Σ_j (r_ij² − r²)² + (3β/8r²) Σ_j<k (r_ij · r_ik + r²/3)². Units eV/Å², Å.
class Keating : public Potential {
 public:
  static constexpr double alpha = 3.0, beta = 0.85, lattice_constant = 5.43;

  Tensor energies(const Atoms&, const Tensor&, const Tensor&) const override { throw Error("not differentiable here"); }

  using Potential::compute;
  void compute(const Atoms& atoms, Want want, Prediction& result) const override {
    const double bond = std::sqrt(3.0) / 4.0 * lattice_constant, square = bond * bond;
    const double stretch = 3.0 * alpha / (16.0 * square), bend = 3.0 * beta / (8.0 * square);
    result.energy = 0.0;
    result.forces.assign(atoms.size(), Vector3{});
    Cell virial{};  // Σ dE/dr rᵀ
    for (std::size_t i = 0; i < atoms.size(); ++i) {
      struct Bond {
        std::size_t to;
        Vector3 r, slope;
      };
      std::vector<Bond> bonds;
      for (std::size_t j = 0; j < atoms.size(); ++j) {
        for (int n = 0; n < 125; ++n) {
          const Vector3 r = atoms.positions[j] - atoms.positions[i] + double(n % 5 - 2) * atoms.cell[0] +
                            double(n / 5 % 5 - 2) * atoms.cell[1] + double(n / 25 - 2) * atoms.cell[2];
          if (norm(r) > 0.1 && norm(r) < 1.25 * bond) bonds.push_back({j, r, {}});
        }
      }
      REQUIRE(bonds.size() == 4);
      for (std::size_t j = 0; j < 4; ++j) {
        const double off = dot(bonds[j].r, bonds[j].r) - square;
        result.energy += stretch * off * off;
        bonds[j].slope += (4.0 * stretch * off) * bonds[j].r;
        for (std::size_t k = 0; k < j; ++k) {
          const double turn = dot(bonds[j].r, bonds[k].r) + square / 3.0;
          result.energy += bend * turn * turn;
          bonds[j].slope += (2.0 * bend * turn) * bonds[k].r;
          bonds[k].slope += (2.0 * bend * turn) * bonds[j].r;
        }
      }
      for (const Bond& b : bonds) {
        result.forces[i] += b.slope;
        result.forces[b.to] -= b.slope;
        for (std::size_t k = 0; k < 3; ++k) virial[k] += b.slope[k] * b.r;
      }
    }
    if (!want.stress) return;
    const double v = volume(atoms.cell);
    result.stress = {virial[0][0] / v, virial[1][1] / v, virial[2][2] / v,
                     virial[1][2] / v, virial[0][2] / v, virial[0][1] / v};
  }
};

Atoms diamond() {
  const double half = 0.5 * Keating::lattice_constant;
  Atoms atoms;
  atoms.numbers = {14, 14};
  atoms.positions = {{0, 0, 0}, {0.5 * half, 0.5 * half, 0.5 * half}};
  atoms.cell = {{{{0, half, half}, {half, 0, half}, {half, half, 0}}}};
  atoms.pbc = {true, true, true};
  return atoms;
}

}  // namespace

TEST_CASE("atoms relax within the strained cells of elastic constants", "[optim][elastic]") {
  constexpr double alpha = Keating::alpha, beta = Keating::beta, a = Keating::lattice_constant;
  ElasticOptions options;
  options.relax.cell.shape = CellShape::full;  // does not count: the strain is what is varied
  const ElasticConstants c = elastic_constants(diamond(), Keating(), options);
  CHECK(c.warnings.empty());
  CHECK(c.stable);
  // Keating's closed forms; the shear C44 alone moves the atoms against each other.
  CHECK(c.c11 == Approx((alpha + 3.0 * beta) / a).epsilon(1e-5));
  CHECK(c.c12 == Approx((alpha - beta) / a).epsilon(1e-5));
  CHECK(c.c44 == Approx(4.0 * alpha * beta / (alpha + beta) / a).epsilon(1e-5));
  const ElasticConstants clamped = elastic_constants(diamond(), Keating(), {.relax_atoms = false});
  CHECK(clamped.c11 == Approx(c.c11).epsilon(1e-5));
  CHECK(clamped.c12 == Approx(c.c12).epsilon(1e-5));
  CHECK(clamped.c44 == Approx((alpha + beta) / a).epsilon(1e-5));
  // Half the strain as well takes the error of second order away: 1e-4 and more here.
  const ElasticConstants far = elastic_constants(diamond(), Keating(), {.strain = 0.04, .relax_atoms = false});
  CHECK(far.c11 == Approx((alpha + 3.0 * beta) / a).epsilon(2e-5));
  CHECK(far.c44 == Approx((alpha + beta) / a).epsilon(2e-5));
}

TEST_CASE("atoms relax within the cells of an equation of state", "[optim][eos]") {
  Atoms displaced = diamond();
  displaced.positions[1] += Vector3{0.2, -0.1, 0.05};
  EquationOfStateOptions options;
  options.points = 5;
  options.strain = 0.01;
  const EquationOfState still = equation_of_state(diamond(), Keating(), options);
  CHECK(equation_of_state(displaced, Keating(), options).energies[2] > still.energies[2] + 0.05);
  options.relax_atoms = true;
  options.relax.fmax = 1e-4;
  options.relax.cell.shape = CellShape::full;  // does not count: the volume is what is varied
  const EquationOfState relaxed = equation_of_state(displaced, Keating(), options);
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(relaxed.energies[i] == Approx(still.energies[i]).margin(1e-8));
    CHECK(relaxed.volumes[i] == Approx(still.volumes[i]).epsilon(1e-12));
  }
  CHECK(relaxed.fit.bulk_modulus ==
        Approx((3.0 * Keating::alpha + Keating::beta) / 3.0 / Keating::lattice_constant).epsilon(2e-3));
  options.relax.max_steps = 1;
  CHECK_THROWS_AS(equation_of_state(displaced, Keating(), options), NumericalError);
}
