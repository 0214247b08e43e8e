#include "tests/atoms/builders/shells.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "atoms/elements.hpp"
#include "atoms/neighbors.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;

namespace {

constexpr double tolerance = 1e-6;  // Angstrom

const nlohmann::json& reference(const std::string& name) {
  static const auto index =
      nlohmann::json::parse(std::ifstream(std::string(ADATOM_TEST_DATA) + "/structures/index.json"));
  for (const nlohmann::json& one : index.at("cases")) {
    if (one.at("name") == name) return one;
  }
  throw std::runtime_error("no reference structure named " + name);
}

double angle(const Vector3& a, const Vector3& b) {
  return std::atan2(norm(cross(a, b)), dot(a, b)) * 180.0 / 3.14159265358979323846;
}

}  // namespace

Shells shells_of(const Atoms& atoms, double rmax) {
  const NeighborList list = neighbor_list(atoms, rmax);
  std::map<std::string, std::vector<double>> distances;
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    for (std::size_t n = list.offsets[i]; n < list.offsets[i + 1]; ++n) {
      std::string a(element(atoms.numbers[i]).symbol), b(element(atoms.numbers[list.index[n]]).symbol);
      if (b < a) std::swap(a, b);
      distances[a + "-" + b].push_back(norm(list.displacement[n]));
    }
  }
  Shells result;
  for (auto& [pair, values] : distances) {
    std::ranges::sort(values);
    std::vector<Shell>& shells = result[pair];
    double last = -1.0;
    for (const double r : values) {
      if (r - last > tolerance) shells.push_back({r, 0});
      ++shells.back().pairs;
      last = r;
    }
  }
  return result;
}

void check_reference(const std::string& name, const Atoms& atoms) {
  CAPTURE(name);
  const nlohmann::json& expected = reference(name);
  CHECK_NOTHROW(validate(atoms));
  REQUIRE(atoms.size() == expected.at("natoms").get<std::size_t>());
  CHECK(chemical_formula(atoms) == chemical_formula(parse_formula(expected.at("formula").get<std::string>())));
  for (std::size_t k = 0; k < 3; ++k) CHECK(atoms.pbc[k] == expected.at("pbc")[k].get<bool>());
  if (expected.contains("cellpar")) {
    const auto cellpar = expected.at("cellpar").get<std::vector<double>>();
    for (std::size_t k = 0; k < 3; ++k) {
      CHECK(std::abs(norm(atoms.cell[k]) - cellpar[k]) < tolerance);
      CHECK(std::abs(angle(atoms.cell[(k + 1) % 3], atoms.cell[(k + 2) % 3]) - cellpar[k + 3]) < tolerance);
    }
    CHECK(volume(atoms.cell) == Approx(expected.at("volume").get<double>()).epsilon(1e-9));
  }
  const Shells found = shells_of(atoms, expected.at("rmax").get<double>());
  REQUIRE(found.size() == expected.at("shells").size());
  for (const auto& [pair, shells] : expected.at("shells").items()) {
    CAPTURE(pair);
    REQUIRE(found.contains(pair));
    REQUIRE(found.at(pair).size() == shells.size());
    for (std::size_t s = 0; s < shells.size(); ++s) {
      CAPTURE(s);
      CHECK(std::abs(found.at(pair)[s].distance - shells[s][0].get<double>()) < tolerance);
      CHECK(found.at(pair)[s].pairs == shells[s][1].get<std::size_t>());
    }
  }
}

void check_same_crystal(const Atoms& a, const Atoms& b, double rmax) {
  CHECK(volume(a.cell) / double(a.size()) == Approx(volume(b.cell) / double(b.size())).epsilon(1e-12));
  const Shells first = shells_of(a, rmax), second = shells_of(b, rmax);
  REQUIRE(first.size() == second.size());
  for (const auto& [pair, shells] : first) {
    CAPTURE(pair);
    REQUIRE(second.contains(pair));
    REQUIRE(second.at(pair).size() == shells.size());
    for (std::size_t s = 0; s < shells.size(); ++s) {
      CHECK(std::abs(shells[s].distance - second.at(pair)[s].distance) < tolerance);
      CHECK(shells[s].pairs * b.size() == second.at(pair)[s].pairs * a.size());
    }
  }
}

std::vector<std::size_t> coordination_of(const Atoms& atoms, double cutoff) {
  const NeighborList list = neighbor_list(atoms, cutoff);
  std::vector<std::size_t> result;
  for (std::size_t i = 0; i < atoms.size(); ++i) result.push_back(list.offsets[i + 1] - list.offsets[i]);
  return result;
}
