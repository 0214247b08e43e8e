// The neighbour list in O(N). Few free atoms: a plain double loop. Otherwise atoms are moved into the cell and sorted
// into bins at least as wide as the cutoff; only bins that touch are compared. Directions that are not periodic have
// as many bins as the atoms reach, but only bins with atoms in them are stored, in a hash table, so that vacuum costs
// nothing. What lies within the cutoff by a safe margin is known from the moved positions; the final displacements,
// and every decision closer than rounding error, come from neighbor_pairs::displacement like the naive twin's.
#include "atoms/neighbors.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "atoms/neighbor_bins.hpp"
#include "atoms/neighbor_pairs.hpp"
#include "core/error.hpp"
#include "core/parallel.hpp"

namespace adatom {
namespace {

using neighbor_bins::BinKey;
using neighbor_bins::Bins;
using neighbor_bins::BinTable;
using neighbor_bins::Shift;
using neighbor_pairs::Lattice;

/// Up to this many free atoms the double loop is faster than bins.
constexpr std::size_t few_atoms = 128;

// --- Few free atoms ------------------------------------------------------------------------------------------------

/// Row by row; a row is collected without branches, which would be mispredicted often.
void list_few(const Atoms& atoms, double t, NeighborList& list) {
  const std::size_t n = atoms.size();
  const Vector3* r = atoms.positions.data();
  list.offsets.assign(1, 0);
  list.index.clear();
  list.displacement.clear();
  std::array<Vector3, few_atoms> row_displacement;
  std::array<std::uint32_t, few_atoms> row_index;
  for (std::size_t i = 0; i < n; ++i) {
    std::size_t count = 0;
    const auto collect = [&](std::size_t first, std::size_t last) {
      for (std::size_t j = first; j < last; ++j) {
        const Vector3 d = neighbor_pairs::displacement(r[i], r[j], {});
        row_displacement[count] = d;
        row_index[count] = static_cast<std::uint32_t>(j);
        count += dot(d, d) < t ? 1 : 0;
      }
    };
    collect(0, i);
    collect(i + 1, n);
    list.displacement.insert(list.displacement.end(), row_displacement.data(), row_displacement.data() + count);
    list.index.insert(list.index.end(), row_index.data(), row_index.data() + count);
    list.offsets.push_back(list.size());
  }
  list.shift.assign(list.size(), Shift{});
}

// --- Comparing a bin with those around it --------------------------------------------------------------------------

/// A bin with atoms and the translation of its image.
struct BinImage {
  std::uint32_t bin = 0;
  Shift image{};
};

/// All atoms and images that may be neighbours of the atoms of one bin.
struct Candidates {
  std::size_t bin = std::numeric_limits<std::size_t>::max();  ///< whose candidates these are
  std::vector<BinImage> around;                               ///< the bins they are in
  std::size_t count = 0;
  // Per candidate; the vectors only grow.
  std::vector<double> x, y, z;        ///< Angstrom
  std::vector<std::uint32_t> place;   ///< position in sorted order
  std::vector<std::uint32_t> origin;  ///< index into `around`
  std::vector<double> squared;        ///< distances to the atom at hand, squared
  std::vector<std::uint32_t> near;    ///< candidates not certainly too far

  void make_room(std::size_t most) {
    if (most <= place.size()) return;
    for (std::vector<double>* v : {&x, &y, &z, &squared}) v->resize(most);
    for (std::vector<std::uint32_t>* v : {&place, &origin, &near}) v->resize(most);
  }
};

/// The smallest box around the atoms of a bin.
struct Box {
  Vector3 low, high;

  double squared_distance(const Vector3& r) const {
    double sum = 0.0;
    for (std::size_t k = 0; k < 3; ++k) {
      const double outside = std::max(0.0, std::max(low[k] - r[k], r[k] - high[k]));
      sum += outside * outside;
    }
    return sum;
  }
};

Box box_of(const Bins& bins, std::size_t bin) {
  Box box{bins.position[bins.begin[bin]], bins.position[bins.begin[bin]]};
  for (std::size_t place = bins.begin[bin]; place < bins.begin[bin + 1]; ++place) {
    for (std::size_t k = 0; k < 3; ++k) {
      box.low[k] = std::min(box.low[k], bins.position[place][k]);
      box.high[k] = std::max(box.high[k], bins.position[place][k]);
    }
  }
  return box;
}

/// Lists the occupied bins, and images of them, within reach of `bin`; returns how many atoms they hold.
std::size_t find_bins_around(const Bins& bins, const std::array<bool, 3>& pbc, std::size_t bin,
                             std::vector<BinImage>& around) {
  around.clear();
  std::size_t atoms = 0;
  const BinKey center = bins.table.keys()[bin];
  BinKey key{};
  Shift image{};
  // Moves along direction k, wrapping around where it is periodic.
  const auto move = [&](std::size_t k, std::int64_t offset) {
    key[k] = center[k] + offset;
    if (!pbc[k]) return;
    const std::int64_t count = bins.count[k];
    const std::int64_t crossed = key[k] >= 0 ? key[k] / count : -((-key[k] + count - 1) / count);
    key[k] -= crossed * count;
    image[k] = static_cast<int>(crossed);
  };
  for (std::int64_t a = -bins.reach[0]; a <= bins.reach[0]; ++a) {
    move(0, a);
    for (std::int64_t b = -bins.reach[1]; b <= bins.reach[1]; ++b) {
      move(1, b);
      for (std::int64_t c = -bins.reach[2]; c <= bins.reach[2]; ++c) {
        move(2, c);
        const std::uint32_t other = bins.table.find(key);
        if (other == BinTable::none) continue;
        around.push_back({other, image});
        atoms += bins.begin[other + 1] - bins.begin[other];
      }
    }
  }
  return atoms;
}

/// Fills `found` for one bin; `farthest_squared` is beyond doubt too far.
void gather(const Bins& bins, const Atoms& atoms, std::size_t bin, double farthest_squared, Candidates& found) {
  if (found.bin == bin) return;
  found.bin = bin;
  found.make_room(find_bins_around(bins, atoms.pbc, bin, found.around));
  const Box box = box_of(bins, bin);
  std::size_t count = 0;
  for (std::size_t n = 0; n < found.around.size(); ++n) {
    const auto& [other, image] = found.around[n];
    const Vector3 t = neighbor_pairs::translation(atoms.cell, image);
    for (std::size_t place = bins.begin[other]; place < bins.begin[other + 1]; ++place) {
      const Vector3 moved = bins.position[place] + t;
      found.x[count] = moved[0];
      found.y[count] = moved[1];
      found.z[count] = moved[2];
      found.place[count] = static_cast<std::uint32_t>(place);
      found.origin[count] = static_cast<std::uint32_t>(n);
      count += box.squared_distance(moved) < farthest_squared ? 1 : 0;
    }
  }
  found.count = count;
}

/// Fills found.near with the candidates whose moved position is closer than `farthest_squared`; returns how many.
std::size_t select_near(const Vector3& center, double farthest_squared, Candidates& found) {
  const std::size_t n = found.count;
  const double* x = found.x.data();
  const double* y = found.y.data();
  const double* z = found.z.data();
  double* squared = found.squared.data();
  for (std::size_t c = 0; c < n; ++c) {
    const double dx = x[c] - center[0], dy = y[c] - center[1], dz = z[c] - center[2];
    squared[c] = dx * dx + dy * dy + dz * dz;
  }
  // Without a branch, which would be mispredicted often.
  std::uint32_t* near = found.near.data();
  std::size_t count = 0;
  for (std::size_t c = 0; c < n; ++c) {
    near[count] = static_cast<std::uint32_t>(c);
    count += squared[c] < farthest_squared ? 1 : 0;
  }
  return count;
}

/// The search for one list: what every part of it needs to know.
struct Search {
  const Atoms& atoms;
  const Bins& bins;
  double squared_cutoff;  ///< exact test of a final displacement
  double surely_near;     ///< squared distances of moved positions below this are within the cutoff
  double surely_far;      ///< and above this they are not
};

/// Calls store(j, S, D) for every neighbour of the sorted atom `place`; `found` holds the candidates of its bin.
template <class Store>
void for_neighbors(const Search& search, std::size_t place, Candidates& found, Store&& store) {
  const Bins& bins = search.bins;
  const std::uint32_t i = bins.atom[place];
  const std::size_t count = select_near(bins.position[place], search.surely_far, found);
  for (std::size_t n = 0; n < count; ++n) {
    const std::size_t c = found.near[n];
    const std::size_t other = found.place[c];
    Shift shift;
    const Shift& image = found.around[found.origin[c]].image;
    for (std::size_t k = 0; k < 3; ++k) shift[k] = image[k] + bins.cells[place][k] - bins.cells[other][k];
    if (other == place && shift == Shift{}) continue;
    store(i, bins.atom[other], shift, found.squared[c]);
  }
}

/// Final displacement of an entry.
Vector3 entry_displacement(const Atoms& atoms, std::uint32_t i, std::uint32_t j, const Shift& shift) {
  return neighbor_pairs::displacement(atoms.positions[i], atoms.positions[j],
                                      neighbor_pairs::translation(atoms.cell, shift));
}

/// Numbers of neighbours of all atoms in bins first … last−1 into counts[i + 1].
void count_neighbors(const Search& search, std::size_t first, std::size_t last, Candidates& found,
                     std::vector<std::size_t>& counts) {
  for (std::size_t bin = first; bin < last; ++bin) {
    gather(search.bins, search.atoms, bin, search.surely_far, found);
    for (std::size_t place = search.bins.begin[bin]; place < search.bins.begin[bin + 1]; ++place) {
      std::size_t count = 0;
      for_neighbors(search, place, found, [&](std::uint32_t i, std::uint32_t j, const Shift& shift, double squared) {
        if (squared >= search.surely_near) {
          const Vector3 d = entry_displacement(search.atoms, i, j, shift);
          if (!(dot(d, d) < search.squared_cutoff)) return;
        }
        ++count;
      });
      counts[search.bins.atom[place] + 1] = count;
    }
  }
}

/// The entries of all atoms in bins first … last−1 to where list.offsets says.
void store_neighbors(const Search& search, std::size_t first, std::size_t last, Candidates& found, NeighborList& list) {
  for (std::size_t bin = first; bin < last; ++bin) {
    gather(search.bins, search.atoms, bin, search.surely_far, found);
    for (std::size_t place = search.bins.begin[bin]; place < search.bins.begin[bin + 1]; ++place) {
      std::size_t entry = list.offsets[search.bins.atom[place]];
      for_neighbors(search, place, found, [&](std::uint32_t i, std::uint32_t j, const Shift& shift, double) {
        const Vector3 d = entry_displacement(search.atoms, i, j, shift);
        if (!(dot(d, d) < search.squared_cutoff)) return;
        list.index[entry] = j;
        list.shift[entry] = shift;
        list.displacement[entry] = d;
        ++entry;
      });
    }
  }
}

void list_by_bins(const Atoms& atoms, const Lattice& lattice, double cutoff, NeighborList& list) {
  const Bins bins = neighbor_bins::sort_into_bins(atoms, lattice);
  const double margin = std::isfinite(cutoff) ? lattice.reach - cutoff + 1e-14 * cutoff : 0.0;
  const double inner = std::max(0.0, cutoff - margin), outer = cutoff + margin;
  const Search search{.atoms = atoms,
                      .bins = bins,
                      .squared_cutoff = neighbor_pairs::squared_cutoff(cutoff),
                      .surely_near = inner * inner,
                      .surely_far = outer * outer};

  // Blocks of bins are independent: each atom's entries have a place of their own.
  constexpr std::size_t block = 256;
  const std::size_t bin_count = bins.table.keys().size();
  const std::size_t blocks = (bin_count + block - 1) / block;
  const auto last_of = [&](std::size_t b) { return std::min(bin_count, (b + 1) * block); };

  list.offsets.assign(atoms.size() + 1, 0);
  Candidates kept;  // of a single block: what was gathered for counting serves for storing
  const auto for_blocks = [&](const auto& work) {
    if (blocks == 1) return work(0, kept);
    parallel_for(blocks, [&](std::size_t b) {
      Candidates own;
      work(b, own);
    });
  };
  for_blocks([&](std::size_t b, Candidates& c) { count_neighbors(search, b * block, last_of(b), c, list.offsets); });
  for (std::size_t i = 0; i < atoms.size(); ++i) list.offsets[i + 1] += list.offsets[i];
  const std::size_t total = list.offsets.back();
  list.index.resize(total);
  list.shift.resize(total);
  list.displacement.resize(total);
  for_blocks([&](std::size_t b, Candidates& c) { store_neighbors(search, b * block, last_of(b), c, list); });
}

}  // namespace

void neighbor_list(const Atoms& atoms, double cutoff, NeighborList& result) {
  const Lattice lattice = neighbor_pairs::prepare(atoms, cutoff);
  const bool free = !atoms.pbc[0] && !atoms.pbc[1] && !atoms.pbc[2];
  if (free && atoms.size() <= few_atoms) {
    list_few(atoms, neighbor_pairs::squared_cutoff(cutoff), result);
  } else {
    list_by_bins(atoms, lattice, cutoff, result);
  }
}

NeighborList neighbor_list(const Atoms& atoms, double cutoff) {
  NeighborList result;
  neighbor_list(atoms, cutoff, result);
  return result;
}

}  // namespace adatom
