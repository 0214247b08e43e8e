#include "potentials/emt_parameters.hpp"

#include <array>
#include <cmath>
#include <string>

#include "atoms/elements.hpp"
#include "core/error.hpp"
#include "potentials/emt.hpp"

namespace adatom {
namespace {

constexpr double bohr = 0.5291772105638411;  // Å, the value of ASE 3.22 (CODATA 2014)

/// A row of table 1 of Jacobsen, Stoltze, Nørskov (1996), with ASE's later E0 and its H C N O.
struct Row {
  int number;
  double E0, s0, V0, eta2, kappa, lambda, n0;  // eV, bohr, eV, 1/bohr, 1/bohr, 1/bohr, 1/bohr³
};
constexpr std::array<Row, 11> rows{{{13, -3.28, 3.00, 1.493, 1.240, 2.000, 1.169, 0.00700},
                                    {29, -3.51, 2.67, 2.476, 1.652, 2.740, 1.906, 0.00910},
                                    {47, -2.96, 3.01, 2.132, 1.652, 2.790, 1.892, 0.00547},
                                    {79, -3.80, 3.00, 2.321, 1.674, 2.873, 2.182, 0.00703},
                                    {28, -4.44, 2.60, 3.673, 1.669, 2.757, 1.948, 0.01030},
                                    {46, -3.90, 2.87, 2.773, 1.818, 3.107, 2.155, 0.00688},
                                    {78, -5.85, 2.90, 4.067, 1.812, 3.145, 2.192, 0.00802},
                                    {1, -3.21, 1.31, 0.132, 2.652, 2.790, 3.892, 0.00547},
                                    {6, -3.50, 1.81, 0.332, 1.652, 2.790, 1.892, 0.01322},
                                    {7, -5.10, 1.88, 0.132, 1.652, 2.790, 1.892, 0.01222},
                                    {8, -4.60, 1.95, 0.332, 1.652, 2.790, 1.892, 0.00850}}};

/// Silver has the largest s0; the cutoff lies half-way between the third and the fourth shell of its crystal.
EmtCutoff make_cutoff() {
  const double radius = emt_beta * 3.01 * bohr * (std::sqrt(3.0) + 2.0) / 2.0;
  const double fourth_shell = 4.0 * radius / (std::sqrt(3.0) + 2.0);
  return {radius, std::log(9999.0) / (fourth_shell - radius)};
}

EmtElement make_element(const Row& row) {
  EmtElement e{.number = row.number,
               .E0 = row.E0,
               .s0 = row.s0 * bohr,
               .V0 = row.V0,
               .eta2 = row.eta2 / bohr,
               .kappa = row.kappa / bohr,
               .lambda = row.lambda / bohr,
               .n0 = row.n0 / (bohr * bohr * bohr),
               .gamma1 = 0.0,
               .gamma2 = 0.0};
  constexpr std::array<double, 3> neighbors{12, 6, 24};  // in the first three shells of fcc, at β s0 √1, √2, √3
  const EmtCutoff& cutoff = emt_cutoff();
  for (std::size_t shell = 0; shell < 3; ++shell) {
    const double nearest = emt_beta * e.s0, r = nearest * std::sqrt(double(shell + 1));
    const double share = neighbors[shell] / 12.0 / (1.0 + std::exp(cutoff.steepness * (r - cutoff.radius)));
    e.gamma1 += share * std::exp(-e.eta2 * (r - nearest));
    e.gamma2 += share * std::exp(-e.kappa / emt_beta * (r - nearest));
  }
  return e;
}

std::array<EmtElement, rows.size()> make_elements() {
  std::array<EmtElement, rows.size()> elements{};
  for (std::size_t k = 0; k < rows.size(); ++k) elements[k] = make_element(rows[k]);
  return elements;
}

[[noreturn]] void throw_unknown(int number, std::size_t atom) {
  std::string known;
  for (const Row& row : rows) known += std::string(element(row.number).symbol) + " ";
  known.pop_back();
  throw InputError("EMT knows " + known + "; not '" + std::string(element(number).symbol) + "' (atom " +
                   std::to_string(atom) + ")");
}

}  // namespace

const EmtCutoff& emt_cutoff() {
  static const EmtCutoff cutoff = make_cutoff();
  return cutoff;
}

std::span<const EmtElement> emt_elements() {
  static const auto elements = make_elements();
  return elements;
}

std::vector<std::uint32_t> emt_kinds(std::span<const int> numbers) {
  constexpr std::uint32_t unknown = rows.size();
  std::array<std::uint32_t, element_count + 1> kind_of;
  kind_of.fill(unknown);
  for (std::uint32_t k = 0; k < rows.size(); ++k) kind_of[rows[k].number] = k;
  std::vector<std::uint32_t> kinds(numbers.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const bool valid = numbers[i] >= 1 && numbers[i] <= element_count;
    kinds[i] = valid ? kind_of[numbers[i]] : unknown;
    if (kinds[i] == unknown) throw_unknown(numbers[i], i);
  }
  return kinds;
}

EmtEmbedding emt_embedding(const EmtElement& e, double sigma) {
  if (!(sigma > 0.0)) return {-e.E0, 0.0};
  const double ds = -std::log(sigma / 12.0) / (emt_beta * e.eta2);
  const double x = e.lambda * ds, bound = e.E0 * std::exp(-x), crystal = 6.0 * e.V0 * std::exp(-e.kappa * ds);
  // dE/dds = −E0 λ² ds exp(−λ ds) − 6 V0 κ exp(−κ ds) and dds/dσ = −1/(β η2 σ)
  return {(1.0 + x) * bound - e.E0 + crystal, (e.lambda * x * bound + e.kappa * crystal) / (emt_beta * e.eta2 * sigma)};
}

bool Emt::knows(int number) {
  for (const Row& row : rows) {
    if (row.number == number) return true;
  }
  return false;
}

double Emt::cutoff() { return emt_cutoff().radius + 0.5; }

}  // namespace adatom
