#include "atoms/atoms.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>

#include "atoms/elements.hpp"
#include "atoms/message_text.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"

namespace adatom {
void validate(const Atoms& atoms) {
  if (atoms.numbers.size() != atoms.positions.size()) {
    throw InputError("structure has " + std::to_string(atoms.numbers.size()) + " atomic numbers but " +
                     std::to_string(atoms.positions.size()) + " positions");
  }
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    if (atoms.numbers[i] < 1 || atoms.numbers[i] > element_count) {
      throw InputError("atom " + std::to_string(i) + " has atomic number " + std::to_string(atoms.numbers[i]) +
                       "; expected 1 (H) to 118 (Og)");
    }
    for (std::size_t k = 0; k < 3; ++k) {
      // Written so that NaN fails too.
      if (std::abs(atoms.positions[i][k]) <= largest_coordinate) continue;
      throw InputError("atom " + std::to_string(i) + " has " + "xyz"[k] + " = " + number_text(atoms.positions[i][k]) +
                       "; expected a finite number of at most 1e15 Å");
    }
  }
  for (std::size_t k = 0; k < 3; ++k) {
    for (const double x : atoms.cell[k]) {
      if (std::abs(x) <= largest_coordinate) continue;
      throw InputError(std::string("cell vector ") + "abc"[k] + " has a component " + number_text(x) +
                       "; expected a finite number of at most 1e15 Å");
    }
  }
  require_periodic(atoms.cell, atoms.pbc);
}

std::string chemical_formula(std::span<const int> numbers) {
  std::map<std::string_view, std::size_t> counts;
  for (const int number : numbers) ++counts[element(number).symbol];
  std::string formula;
  const auto take = [&](std::string_view symbol) {
    const auto entry = counts.find(symbol);
    if (entry == counts.end()) return;
    formula += symbol;
    if (entry->second > 1) formula += std::to_string(entry->second);
    counts.erase(entry);
  };
  if (counts.contains("C")) {
    take("C");
    take("H");
  }
  while (!counts.empty()) take(counts.begin()->first);
  return formula;
}

std::vector<int> elements_of(std::span<const int> numbers) {
  std::vector<int> result(numbers.begin(), numbers.end());
  std::ranges::sort(result);
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

std::vector<int> parse_formula(std::string_view formula, std::size_t most) {
  const std::string whole = in_quotes(formula);
  std::vector<int> numbers;
  std::size_t at = 0;
  while (at < formula.size()) {
    // The symbol: a capital and, perhaps, a small letter.
    const bool two = at + 1 < formula.size() && formula[at + 1] >= 'a' && formula[at + 1] <= 'z';
    const std::string_view symbol = formula.substr(at, two ? 2 : 1);
    if (symbol[0] < 'A' || symbol[0] > 'Z') {
      throw InputError("formula " + whole + ": expected an element symbol at '" + printable(formula.substr(at)) + "'");
    }
    const int number = atomic_number(symbol);
    at += symbol.size();
    // Its count, 1 when left out.
    std::size_t count = 1;
    if (at < formula.size() && formula[at] >= '0' && formula[at] <= '9') {
      const auto [end, error] = std::from_chars(formula.data() + at, formula.data() + formula.size(), count);
      if (error != std::errc{} || count == 0) {
        throw InputError("formula " + whole + ": the count at '" + printable(formula.substr(at)) +
                         "' must be 1 or more");
      }
      at = static_cast<std::size_t>(end - formula.data());
    }
    if (count > most || numbers.size() > most - count) {
      throw InputError("formula " + whole + " has more than " + std::to_string(most) + " atoms");
    }
    numbers.insert(numbers.end(), count, number);
  }
  if (numbers.empty()) throw InputError("the formula is empty; expected something like 'Cu13' or 'C2H6O'");
  return numbers;
}

std::vector<double> masses(const Atoms& atoms) {
  std::vector<double> result(atoms.size());
  std::ranges::transform(atoms.numbers, result.begin(), [](int number) { return element(number).mass; });
  return result;
}

Vector3 center_of_mass(const Atoms& atoms) {
  Vector3 sum{};
  double total = 0.0;
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    const double mass = element(atoms.numbers[i]).mass;
    sum += mass * atoms.positions[i];
    total += mass;
  }
  return total > 0.0 ? (1.0 / total) * sum : Vector3{};
}

Atoms wrapped(Atoms atoms) {
  validate(atoms);
  const Cell cell = completed(atoms.cell, atoms.pbc);
  const Cell star = reciprocal(cell);
  for (Vector3& position : atoms.positions) {
    const Vector3 original = position;
    for (std::size_t k = 0; k < 3; ++k) {
      if (atoms.pbc[k]) position -= std::floor(dot(original, star[k])) * cell[k];
    }
  }
  return atoms;
}

Atoms repeated(const Atoms& atoms, const std::array<int, 3>& counts) {
  double total = static_cast<double>(atoms.size());
  for (std::size_t k = 0; k < 3; ++k) {
    const std::string name(1, "abc"[k]);
    if (counts[k] < 1) {
      throw InputError("repetitions along " + name + " must be at least 1, found " + std::to_string(counts[k]));
    }
    if (counts[k] > 1 && norm(atoms.cell[k]) == 0.0) {
      throw InputError("cannot repeat along " + name + ": cell vector " + name + " = (0,0,0)");
    }
    total *= counts[k];
  }
  if (total > 1e8) throw InputError("the repeated structure would have more than 100 million atoms");

  Atoms result{.numbers = {}, .positions = {}, .cell = atoms.cell, .pbc = atoms.pbc};
  result.numbers.reserve(static_cast<std::size_t>(total));
  result.positions.reserve(static_cast<std::size_t>(total));
  for (int a = 0; a < counts[0]; ++a) {
    for (int b = 0; b < counts[1]; ++b) {
      for (int c = 0; c < counts[2]; ++c) {
        const Vector3 shift = cartesian(atoms.cell, {double(a), double(b), double(c)});
        result.numbers.insert(result.numbers.end(), atoms.numbers.begin(), atoms.numbers.end());
        for (const Vector3& position : atoms.positions) result.positions.push_back(position + shift);
      }
    }
  }
  for (std::size_t k = 0; k < 3; ++k) result.cell[k] = double(counts[k]) * atoms.cell[k];
  return result;
}

double smallest_distance(const Atoms& atoms) {
  double smallest = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < atoms.positions.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const Vector3 d = atoms.positions[j] - atoms.positions[i];
      smallest = std::min(smallest, dot(d, d));
    }
  }
  return std::sqrt(smallest);
}

}  // namespace adatom
