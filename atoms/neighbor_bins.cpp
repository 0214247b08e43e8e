#include "atoms/neighbor_bins.hpp"

#include <algorithm>
#include <cmath>

namespace adatom::neighbor_bins {

using neighbor_pairs::Lattice;

namespace {

/// How finely each direction is divided.
void choose_bins(const Atoms& atoms, const Lattice& lattice, Bins& bins) {
  for (std::size_t k = 0; k < 3; ++k) {
    if (!atoms.pbc[k]) continue;
    const double fit = lattice.heights[k] / lattice.reach * (1.0 - 1e-12);
    bins.count[k] = static_cast<std::int64_t>(std::clamp(std::floor(fit), 1.0, 1e9));
    bins.reach[k] = bins.count[k] > 1 ? 1 : static_cast<std::int64_t>(std::ceil(lattice.reach / lattice.heights[k]));
  }
}

}  // namespace

Bins sort_into_bins(const Atoms& atoms, const Lattice& lattice) {
  const std::size_t n = atoms.size();
  Bins bins{.table = BinTable(n), .begin = {}, .atom = {}, .position = {}, .cells = {}};
  choose_bins(atoms, lattice, bins);

  // Where each atom belongs. Bins of free directions are counted from the origin.
  std::vector<std::uint32_t> bin_of(n);
  std::vector<Shift> cells(n, Shift{});
  for (std::size_t i = 0; i < n; ++i) {
    BinKey key{};
    for (std::size_t k = 0; k < 3; ++k) {
      const double s = dot(atoms.positions[i], lattice.reciprocal[k]);
      if (atoms.pbc[k]) {
        const double whole = std::floor(s);
        cells[i][k] = static_cast<int>(whole);
        key[k] =
            std::min(static_cast<std::int64_t>((s - whole) * static_cast<double>(bins.count[k])), bins.count[k] - 1);
      } else {
        key[k] = static_cast<std::int64_t>(std::floor(s / lattice.reach));
      }
    }
    bin_of[i] = bins.table.insert(key);
  }

  // Counting sort; stable, so atoms of a bin stay in order.
  bins.begin.assign(bins.table.keys().size() + 1, 0);
  for (const std::uint32_t bin : bin_of) ++bins.begin[bin + 1];
  for (std::size_t b = 1; b < bins.begin.size(); ++b) bins.begin[b] += bins.begin[b - 1];
  std::vector<std::size_t> next(bins.begin.begin(), bins.begin.end() - 1);
  bins.atom.resize(n);
  bins.position.resize(n);
  bins.cells.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t place = next[bin_of[i]]++;
    bins.atom[place] = static_cast<std::uint32_t>(i);
    bins.position[place] = atoms.positions[i] - neighbor_pairs::translation(atoms.cell, cells[i]);
    bins.cells[place] = cells[i];
  }
  return bins;
}

}  // namespace adatom::neighbor_bins
