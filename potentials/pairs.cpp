#include "potentials/pairs.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "autodiff/arithmetic.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/matmul.hpp"
#include "autodiff/reductions.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"

namespace adatom {
namespace {

struct PairIndices {
  std::size_t atoms = 0;
  Indices first, second;
};

PairIndices every_pair(std::size_t n) {
  std::vector<std::uint32_t> first, second;
  for (std::uint32_t i = 0; i < n; ++i) {
    for (std::uint32_t j = i + 1; j < n; ++j) first.push_back(i), second.push_back(j);
  }
  return {n, std::move(first), std::move(second)};
}

/// Each pair of a list once: of (i, j, S) and (j, i, −S) the one with the smaller atom first, or for an atom and its
/// own image the one whose first shift that is not zero is positive.
bool counts(std::size_t i, std::size_t j, const std::array<int, 3>& shift) {
  return i != j ? i < j : shift > std::array<int, 3>{0, 0, 0};
}

}  // namespace

Pairs all_pairs(const Tensor& positions) {
  // Searches look at one structure size many times over; its pairs are numbered once.
  thread_local PairIndices latest = every_pair(0);
  const std::size_t n = positions.shape()[0];
  if (latest.atoms != n) latest = every_pair(n);
  return {n, latest.first, latest.second, gather(positions, latest.second) - gather(positions, latest.first)};
}

Pairs pairs_within(const Atoms& atoms, double cutoff, const Tensor& positions, const Tensor& cell) {
  const NeighborList list = neighbor_list(atoms, cutoff);
  std::vector<std::uint32_t> first, second;
  std::vector<double> shift;
  for (std::uint32_t i = 0; i < atoms.size(); ++i) {
    for (std::size_t n = list.offsets[i]; n < list.offsets[i + 1]; ++n) {
      if (!counts(i, list.index[n], list.shift[n])) continue;
      first.push_back(i);
      second.push_back(list.index[n]);
      shift.insert(shift.end(), list.shift[n].begin(), list.shift[n].end());
    }
  }
  const Tensor images = matmul(Tensor::constant({first.size(), 3}, shift), cell);
  const Indices i(std::move(first)), j(std::move(second));
  return {atoms.size(), i, j, gather(positions, j) - gather(positions, i) + images};
}

Tensor squared_distances(const Pairs& pairs, double closest) {
  Tensor squares = sum(square(pairs.displacement), {1});
  const std::span<const double> values = squares.values();
  const auto least = std::min_element(values.begin(), values.end());
  if (least != values.end() && *least < closest * closest) {
    const std::size_t p = least - values.begin();
    throw_too_close(pairs.first[p], pairs.second[p], std::sqrt(*least));
  }
  return squares;
}

Tensor shared_equally(const Pairs& pairs, const Tensor& energies) {
  const Tensor halves = 0.5 * energies;
  return segment_sum(halves, pairs.first, pairs.atoms) + segment_sum(halves, pairs.second, pairs.atoms);
}

void require_apart(const NeighborList& list, double closest) {
  double least = closest;
  std::size_t i_least = 0, j_least = 0;
  for (std::size_t i = 0; i + 1 < list.offsets.size(); ++i) {
    for (std::size_t n = list.offsets[i]; n < list.offsets[i + 1]; ++n) {
      const double r = norm(list.displacement[n]);
      if (r < least) least = r, i_least = i, j_least = list.index[n];
    }
  }
  if (least < closest) throw_too_close(i_least, j_least, least);
}

void throw_too_close(std::size_t i, std::size_t j, double distance) {
  const std::string length = fixed_number_text(distance, 3);
  throw InputError(i == j ? "atom " + std::to_string(i) + " and its periodic image are " + length + " Å apart"
                          : "atoms " + std::to_string(i) + " and " + std::to_string(j) + " are " + length + " Å apart");
}

}  // namespace adatom
