#include "atoms/verlet_list.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "atoms/verlet_list_kernel.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"
#include "core/parallel.hpp"
#include "core/processor.hpp"

namespace adatom {

namespace kernels {
namespace baseline {
extern const VerletListTable verlet_list;
}
#if defined(__x86_64__)
namespace avx2 {
extern const VerletListTable verlet_list;
}
namespace avx512 {
extern const VerletListTable verlet_list;
}
#endif

static const VerletListTable& verlet_list_table() {
#if defined(__x86_64__)
  return select(baseline::verlet_list, avx2::verlet_list, avx512::verlet_list);
#else
  return baseline::verlet_list;
#endif
}

}  // namespace kernels

namespace {

using Bin = std::array<std::size_t, 3>;

/// Atoms of a block, at least.
constexpr std::size_t block_size = 256;
/// Places moved as one task.
constexpr std::size_t task_size = 4096;
/// Where the place is that fills up rows: the square of its distance is finite, and beyond every cutoff.
constexpr double far_away = 1e20;

/// The larger one; NaN if either is.
double largest(double a, double b) { return a > b || a != a ? a : b; }

/// Whether there are far more bins than places to fill them.
bool mostly_vacuum(double bins, double places) { return bins > 64.0 * places + 1000.0; }

/// Counting sort of what has these bins: returns the place of each in the order of bins, and sets `before` (bins + 1)
/// to how many there are in the bins before each.
std::vector<std::size_t> sorted_places(std::vector<std::size_t> bin, std::size_t bins,
                                       std::vector<std::size_t>& before) {
  before.assign(bins + 1, 0);
  for (const std::size_t b : bin) ++before[b + 1];
  for (std::size_t b = 0; b < bins; ++b) before[b + 1] += before[b];
  std::vector<std::size_t> next(before.begin(), before.end() - 1);
  for (std::size_t& b : bin) b = next[b]++;
  return bin;
}

}  // namespace

/// Bins half as wide as the reach, in fractional coordinates, so that they follow skewed cells; the last index runs
/// fastest. Around the cell there is room for images.
struct VerletList::Grid {
  Cell cell;  ///< completed
  Cell inverse;
  Vector3 low{}, width{};  ///< fractional
  Vector3 margin{};        ///< the reach in fractional coordinates; 0 where nothing is periodic
  Bin count{1, 1, 1};
  double reach = 0.0;  ///< Å

  Vector3 fractions(const Vector3& r) const { return {dot(r, inverse[0]), dot(r, inverse[1]), dot(r, inverse[2])}; }
  Vector3 place(const Vector3& s) const { return s[0] * cell[0] + s[1] * cell[1] + s[2] * cell[2]; }
  std::size_t bins() const { return count[0] * count[1] * count[2]; }
  std::size_t bin(const Vector3& s) const {
    Bin b{};
    for (std::size_t k = 0; k < 3; ++k) {
      const double x = (s[k] - low[k]) / width[k];
      b[k] = x > 0.0 ? std::min(count[k] - 1, static_cast<std::size_t>(x)) : 0;
    }
    return (b[0] * count[1] + b[1]) * count[2] + b[2];
  }
};

VerletList::VerletList(double cutoff, double skin, std::size_t every) : cutoff_(cutoff), skin_(skin), every_(every) {
  if (!(cutoff > 0.0) || !std::isfinite(cutoff)) {
    throw InputError("the cutoff of a neighbour list must be positive, found " + number_text(cutoff) + " Å");
  }
  if (!(skin >= 0.0) || !std::isfinite(skin)) {
    throw InputError("the skin of a neighbour list must not be negative, found " + number_text(skin) + " Å");
  }
}

bool VerletList::update(const Atoms& atoms) {
  if (still_serves(atoms)) {
    const bool near_enough = move_places(atoms);
    if (every_ > 0 ? uses_ < every_ : near_enough) {
      ++uses_;
      return true;
    }
  }
  uses_ = 1;
  return list(atoms);
}

void VerletList::restore(const Atoms& atoms, const std::vector<Vector3>& listed_at, std::size_t uses) {
  listed_ = false;
  if (listed_at.size() != atoms.size() || uses == 0) return;
  Atoms before = atoms;
  before.positions = listed_at;
  list(before);
  uses_ = uses - 1;  // the update that follows is the one after which `uses` was asked for
}

bool VerletList::still_serves(const Atoms& atoms) const {
  return listed_ && atoms.positions.size() == listed_at_.size() && atoms.cell == cell_ && atoms.pbc == pbc_;
}

/// Brings all places to where their atoms are now; false if one has moved more than half the skin since they were
/// listed.
bool VerletList::move_places(const Atoms& atoms) {
  const std::size_t n = order_.size(), images = owner_.size();
  std::vector<double> farthest((n + task_size - 1) / task_size, 0.0);
  parallel_for(farthest.size(), [&](std::size_t task) {
    double most = 0.0;
    for (std::size_t p = task * task_size; p < std::min(n, (task + 1) * task_size); ++p) {
      const std::uint32_t i = order_[p];
      const Vector3 r = atoms.positions[i], way = r - listed_at_[i], x = r + wrap_[p];
      most = largest(dot(way, way), most);
      for (std::size_t k = 0; k < 3; ++k) positions_[4 * p + k] = x[k];
    }
    farthest[task] = most;
  });
  parallel_for((images + task_size - 1) / task_size, [&](std::size_t task) {
    for (std::size_t g = task * task_size; g < std::min(images, (task + 1) * task_size); ++g) {
      const double* const from = &positions_[4 * static_cast<std::size_t>(owner_[g])];
      double* const to = &positions_[4 * (n + g)];
      for (std::size_t k = 0; k < 3; ++k) to[k] = from[k] + translation_[g][k];
    }
  });
  for (const double most : farthest) {
    if (!(most <= 0.25 * skin_ * skin_)) return false;
  }
  return true;
}

/// None if almost all bins would be empty, or the cell is far smaller than the reach: neighbor_list says what is wrong.
std::optional<VerletList::Grid> VerletList::grid_for(const Atoms& atoms, double reach) {
  Grid grid;
  grid.reach = reach;
  grid.cell = completed(atoms.cell, atoms.pbc);
  grid.inverse = reciprocal(grid.cell);
  const Vector3 height = heights(grid.cell);
  double bins = 1.0, most_places = static_cast<double>(atoms.size());
  for (std::size_t k = 0; k < 3; ++k) {
    double low = 0.0, high = 1.0;
    if (atoms.pbc[k]) {
      grid.margin[k] = reach / height[k] * (1.0 + 1e-12);
      if (grid.margin[k] > 1000.0) return std::nullopt;
      most_places *= 2.0 * std::floor(grid.margin[k]) + 3.0;
      low -= grid.margin[k], high += grid.margin[k];
    } else {
      low = high = dot(atoms.positions[0], grid.inverse[k]);
      for (const Vector3& r : atoms.positions) {
        const double s = dot(r, grid.inverse[k]);
        low = std::min(low, s), high = std::max(high, s);
      }
    }
    const double count = std::max(1.0, std::floor((high - low) * height[k] / (0.5 * reach)));
    bins *= count;
    if (!(bins < 1e9)) return std::nullopt;
    grid.low[k] = low;
    grid.width[k] = high > low ? (high - low) / count : 1.0;
    grid.count[k] = static_cast<std::size_t>(count);
  }
  if (mostly_vacuum(bins, most_places)) return std::nullopt;
  return grid;
}

bool VerletList::list(const Atoms& atoms) {
  listed_ = false;
  validate(atoms);
  if (atoms.size() == 0) return false;
  const std::optional<Grid> grid = grid_for(atoms, cutoff_ + skin_);
  if (!grid) return false;
  sort_atoms(atoms, *grid);
  add_images(atoms, *grid);
  if (mostly_vacuum(static_cast<double>(grid->bins()), static_cast<double>(order_.size() + owner_.size())))
    return false;
  cut_blocks();
  parallel_for(blocks_.size(), [&](std::size_t b) { list_block(*grid, blocks_[b]); });
  listed_at_ = atoms.positions;
  cell_ = atoms.cell;
  pbc_ = atoms.pbc;
  listed_ = true;
  return true;
}

/// Sorts the atoms by bins: fills order_, wrap_, atoms_before_ and the atoms' positions_.
void VerletList::sort_atoms(const Atoms& atoms, const Grid& grid) {
  const std::size_t n = atoms.size();
  std::vector<std::size_t> bin(n);
  std::vector<Vector3> inside(n);
  for (std::size_t i = 0; i < n; ++i) {
    const Vector3 s = grid.fractions(atoms.positions[i]);
    Vector3 cells{};
    for (std::size_t k = 0; k < 3; ++k) cells[k] = atoms.pbc[k] ? -std::floor(s[k]) : 0.0;
    inside[i] = grid.place(cells);
    bin[i] = grid.bin(s + cells);
  }
  const std::vector<std::size_t> place = sorted_places(std::move(bin), grid.bins(), atoms_before_);
  order_.resize(n);
  wrap_.resize(n);
  positions_.resize(4 * n);
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t p = place[i];
    order_[p] = static_cast<std::uint32_t>(i);
    wrap_[p] = inside[i];
    const Vector3 x = atoms.positions[i] + inside[i];
    std::copy(x.begin(), x.end(), &positions_[4 * p]);
    positions_[4 * p + 3] = 0.0;
  }
}

/// Images within reach of the cell, direction by direction: first copies along a, then of all of those along b, …
void VerletList::add_images(const Atoms& atoms, const Grid& grid) {
  struct Image {
    std::uint32_t owner;
    Vector3 fractions, translation;
  };
  const std::size_t n = atoms.size();
  std::vector<Image> all(n);
  for (std::size_t p = 0; p < n; ++p) {
    const double* const x = &positions_[4 * p];
    all[p] = {static_cast<std::uint32_t>(p), grid.fractions({x[0], x[1], x[2]}), {}};
  }
  for (std::size_t k = 0; k < 3; ++k) {
    if (!atoms.pbc[k]) continue;
    const std::size_t before = all.size();
    const int most = static_cast<int>(std::ceil(grid.margin[k])) + 1;
    for (std::size_t p = 0; p < before; ++p) {
      for (int shift = -most; shift <= most; ++shift) {
        const double s = all[p].fractions[k] + shift;
        if (shift == 0 || s < -grid.margin[k] || s > 1.0 + grid.margin[k]) continue;
        Image image = all[p];
        image.fractions[k] = s;
        image.translation += static_cast<double>(shift) * grid.cell[k];
        all.push_back(image);
      }
    }
  }

  const std::size_t images = all.size() - n;
  std::vector<std::size_t> bin(images);
  for (std::size_t g = 0; g < images; ++g) bin[g] = grid.bin(all[n + g].fractions);
  const std::vector<std::size_t> sorted = sorted_places(std::move(bin), grid.bins(), images_before_);
  owner_.resize(images);
  translation_.resize(images);
  positions_.resize(4 * (n + images + 1));
  for (std::size_t g = 0; g < images; ++g) {
    const std::size_t place = sorted[g];
    const Image& image = all[n + g];
    owner_[place] = image.owner;
    translation_[place] = image.translation;
    double* const to = &positions_[4 * (n + place)];
    for (std::size_t k = 0; k < 3; ++k) to[k] = positions_[4 * image.owner + k] + image.translation[k];
    to[3] = 0.0;
  }
  double* const last = &positions_[4 * (n + images)];
  last[0] = last[1] = last[2] = far_away, last[3] = 0.0;
}

/// Blocks end with a bin, so that a bin's candidates are collected once.
void VerletList::cut_blocks() {
  std::size_t count = 0, first = 0;
  for (std::size_t b = 1; b < atoms_before_.size(); ++b) {
    const std::size_t last = atoms_before_[b];
    if (last == first || (last - first < block_size && last < order_.size())) continue;
    if (blocks_.size() <= count) blocks_.emplace_back();
    blocks_[count].first = first;
    blocks_[count++].last = last;
    first = last;
  }
  blocks_.resize(count);
}

/// Places side by side, for the kernel.
struct VerletList::Candidates {
  std::vector<double> x, y, z, squared;
  std::vector<std::uint32_t> place;
  std::size_t count = 0;

  /// Appends the places first … last − 1.
  void add(const double* positions, std::size_t first, std::size_t last) {
    if (place.size() < count + last - first) {
      const std::size_t room = 2 * (count + last - first);
      for (std::vector<double>* v : {&x, &y, &z, &squared}) v->resize(room);
      place.resize(room);
    }
    std::size_t n = count;
    for (std::size_t p = first; p < last; ++p, ++n) {
      x[n] = positions[4 * p];
      y[n] = positions[4 * p + 1];
      z[n] = positions[4 * p + 2];
      place[n] = static_cast<std::uint32_t>(p);
    }
    count = n;
  }
};

/// All places in the bins around one.
void VerletList::collect(const Grid& grid, std::size_t bin, Candidates& result) const {
  constexpr std::size_t around = 2;  // bins are half as wide as the reach, or wider
  const Bin at{bin / grid.count[2] / grid.count[1], bin / grid.count[2] % grid.count[1], bin % grid.count[2]};
  Bin low{}, high{};
  for (std::size_t k = 0; k < 3; ++k) {
    low[k] = at[k] < around ? 0 : at[k] - around;
    high[k] = std::min(grid.count[k] - 1, at[k] + around);
  }
  result.count = 0;
  const std::size_t n = order_.size();
  for (std::size_t a = low[0]; a <= high[0]; ++a) {
    for (std::size_t b = low[1]; b <= high[1]; ++b) {
      const std::size_t row = (a * grid.count[1] + b) * grid.count[2];
      result.add(positions(), atoms_before_[row + low[2]], atoms_before_[row + high[2] + 1]);
      result.add(positions(), n + images_before_[row + low[2]], n + images_before_[row + high[2] + 1]);
    }
  }
}

/// Bin by bin: picks the near ones among the candidates for each atom of the bin.
void VerletList::list_block(const Grid& grid, Block& block) const {
  thread_local Candidates c;  // memory that is used again; nothing is remembered
  const kernels::VerletListTable& table = kernels::verlet_list_table();
  const std::uint32_t farthest = static_cast<std::uint32_t>(order_.size() + owner_.size());
  block.begin.assign(1, 0);
  std::size_t used = 0;
  std::size_t bin = static_cast<std::size_t>(std::upper_bound(atoms_before_.begin(), atoms_before_.end(), block.first) -
                                             atoms_before_.begin()) -
                    1;
  for (; bin < grid.bins() && atoms_before_[bin] < block.last; ++bin) {
    const std::size_t atoms_here = atoms_before_[bin + 1] - atoms_before_[bin];
    if (atoms_here == 0) continue;
    collect(grid, bin, c);
    if (block.neighbors.size() < used + atoms_here * (c.count + padding)) {
      block.neighbors.resize(used + 2 * atoms_here * (c.count + padding));
    }
    for (std::size_t p = atoms_before_[bin]; p < atoms_before_[bin + 1]; ++p) {
      std::uint32_t* const row = block.neighbors.data() + used;
      std::size_t found = table.near(c.count, c.x.data(), c.y.data(), c.z.data(), c.place.data(), &positions_[4 * p],
                                     grid.reach * grid.reach, static_cast<std::uint32_t>(p), c.squared.data(), row);
      while (found % padding != 0) row[found++] = farthest;
      used += found;
      block.begin.push_back(static_cast<std::uint32_t>(used));
    }
  }
}

}  // namespace adatom
