#include "potentials/dataset.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "atoms/elements.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"
#include "core/random.hpp"

namespace adatom {
namespace {

/// Solves (A + tiny·1) x = b for a small symmetric positive semidefinite A by Gaussian elimination.
std::vector<double> solve_regularised(std::vector<std::vector<double>> a, std::vector<double> b) {
  const std::size_t n = b.size();
  double scale = 0.0;
  for (std::size_t i = 0; i < n; ++i) scale = std::max(scale, a[i][i]);
  // The ridge picks the smallest solution where several fit. It moves one that is well determined by a part in 10¹²; an
  // element that is rare by as much more as its diagonal is smaller.
  for (std::size_t i = 0; i < n; ++i) a[i][i] += 1e-12 * scale;
  for (std::size_t column = 0; column < n; ++column) {
    std::size_t pivot = column;
    for (std::size_t i = column + 1; i < n; ++i) {
      if (std::abs(a[i][column]) > std::abs(a[pivot][column])) pivot = i;
    }
    std::swap(a[column], a[pivot]);
    std::swap(b[column], b[pivot]);
    for (std::size_t i = column + 1; i < n; ++i) {
      const double factor = a[i][column] / a[column][column];
      for (std::size_t k = column; k < n; ++k) a[i][k] -= factor * a[column][k];
      b[i] -= factor * b[column];
    }
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t k = i + 1; k < n; ++k) b[i] -= a[i][k] * b[k];
    b[i] /= a[i][i];
  }
  return b;
}

/// Share of each element among the atoms, in the order of `elements`.
std::vector<double> fractions(const std::vector<int>& elements, std::span<const int> numbers) {
  std::vector<double> shares(elements.size(), 0.0);
  for (const int number : numbers) {
    const auto place = std::lower_bound(elements.begin(), elements.end(), number) - elements.begin();
    shares[static_cast<std::size_t>(place)] += 1.0 / static_cast<double>(numbers.size());
  }
  return shares;
}

}  // namespace

Split split_by_run(std::span<const LabelledStructure> data, double validation_fraction, double test_fraction,
                   std::uint64_t seed) {
  if (!(validation_fraction >= 0.0) || !(test_fraction >= 0.0) || !(validation_fraction + test_fraction < 1.0)) {
    throw InputError("split: validation fraction " + number_text(validation_fraction) + " and test fraction " +
                     number_text(test_fraction) + " must not be negative and must leave something to train on");
  }
  // The runs of each structure size; a run is counted with the size of its first structure.
  std::map<std::size_t, std::map<std::int64_t, std::vector<std::size_t>>> sizes;
  std::map<std::int64_t, std::size_t> size_of_run;
  for (std::size_t i = 0; i < data.size(); ++i) {
    const std::size_t size = size_of_run.try_emplace(data[i].run, data[i].atoms.size()).first->second;
    sizes[size][data[i].run].push_back(i);
  }

  Split split;
  Random random(seed);
  for (const auto& [size, runs] : sizes) {
    std::vector<const std::vector<std::size_t>*> order;
    std::size_t count = 0;
    for (const auto& [run, members] : runs) {
      order.push_back(&members);
      count += members.size();
    }
    random.shuffle(std::span(order));
    const auto share = [count](double fraction) {
      return static_cast<std::size_t>(std::lround(fraction * static_cast<double>(count)));
    };
    const std::size_t for_validation = share(validation_fraction), for_test = share(test_fraction);
    std::size_t validation = 0, test = 0;
    for (const std::vector<std::size_t>* members : order) {
      std::vector<std::size_t>* part = &split.train;
      if (validation < for_validation) {
        part = &split.validation;
        validation += members->size();
      } else if (test < for_test) {
        part = &split.test;
        test += members->size();
      }
      part->insert(part->end(), members->begin(), members->end());
    }
  }
  for (std::vector<std::size_t>* part : {&split.train, &split.validation, &split.test}) {
    std::sort(part->begin(), part->end());
  }
  return split;
}

void require_forces_fit(const LabelledStructure& structure, std::string_view place) {
  if (structure.forces.empty() || structure.forces.size() == structure.atoms.size()) return;
  throw InputError(std::string(place) + " has " + std::to_string(structure.forces.size()) + " forces for " +
                   std::to_string(structure.atoms.size()) + " atoms");
}

double largest_force_component(const LabelledStructure& structure) {
  double largest = 0.0;
  for (const Vector3& force : structure.forces) {
    for (const double component : force) largest = std::max(largest, std::abs(component));
  }
  return largest;
}

double ReferenceEnergies::total(std::span<const int> numbers) const {
  double sum = 0.0;
  for (const int number : numbers) {
    const auto place = std::lower_bound(elements.begin(), elements.end(), number);
    if (place == elements.end() || *place != number) {
      throw InputError("no reference energy for element '" + std::string(element(number).symbol) + "'");
    }
    sum += energies[static_cast<std::size_t>(place - elements.begin())];
  }
  return sum;
}

ReferenceEnergies fit_reference_energies(std::span<const LabelledStructure> data) {
  ReferenceEnergies result;
  std::vector<int> numbers;
  for (const LabelledStructure& structure : data) {
    numbers.insert(numbers.end(), structure.atoms.numbers.begin(), structure.atoms.numbers.end());
  }
  result.elements = elements_of(numbers);
  const std::size_t n = result.elements.size();

  // Normal equations of Σ (E/N − Σ_z share_z e_z)².
  std::vector<std::vector<double>> a(n, std::vector<double>(n, 0.0));
  std::vector<double> b(n, 0.0);
  const auto each = [&](auto&& use) {
    for (const LabelledStructure& structure : data) {
      if (structure.atoms.size() == 0) continue;
      use(fractions(result.elements, structure.atoms.numbers),
          structure.energy / static_cast<double>(structure.atoms.size()));
    }
  };
  each([&](const std::vector<double>& share, double energy) {
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) a[i][j] += share[i] * share[j];
      b[i] += share[i] * energy;
    }
  });
  result.energies = solve_regularised(std::move(a), std::move(b));

  double squares = 0.0;
  std::size_t count = 0;
  each([&](const std::vector<double>& share, double energy) {
    for (std::size_t i = 0; i < n; ++i) energy -= share[i] * result.energies[i];
    squares += energy * energy;
    ++count;
  });
  result.rmse = count > 0 ? std::sqrt(squares / static_cast<double>(count)) : 0.0;
  return result;
}

}  // namespace adatom
