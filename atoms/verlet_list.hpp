// What this file is: neighbours listed with a skin, so that one list serves for many steps of moving atoms, laid out
// for speed: atoms sorted in space, periodic images as atoms of their own, rows of plain integers. neighbors.hpp has
// the list that is made once for one structure.
//
// L. Verlet, Phys. Rev. 159, 98 (1967).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "atoms/atoms.hpp"

namespace adatom {

/// A *place* is where an atom or one of its images stands. The first N are the atoms themselves, moved into the cell
/// and sorted along bins; then the images within reach of the cell; then one far beyond everything, with which rows are
/// filled up.
class VerletList {
 public:
  /// Pairs up to cutoff + skin (Å) are listed. `every` = 0: listed anew once an atom has moved skin/2 since; n: at
  /// every n-th update, unchecked. Throws InputError for a cutoff that is not positive and finite, or a negative skin.
  VerletList(double cutoff, double skin, std::size_t every = 0);

  /// Takes over the positions of `atoms`, and lists neighbours anew if need be. False, and then there is no list, if
  /// the structure is not made for bins: no atoms, a few in an immense vacuum, a cell a thousand times smaller than the
  /// reach. Throws InputError for an invalid structure.
  bool update(const Atoms& atoms);

  /// Rows are padded with the farthest place to a multiple of this.
  static constexpr std::size_t padding = 8;

  /// Neighbours of the places first … last−1. Blocks are independent pieces of work.
  struct Block {
    std::size_t first = 0, last = 0;
    std::vector<std::uint32_t> begin;      ///< row of place first + k: entries begin[k] … begin[k+1]−1
    std::vector<std::uint32_t> neighbors;  ///< places closer than cutoff + skin when listed; each pair stands twice
  };
  std::span<const Block> blocks() const { return blocks_; }

  /// x y z 0 of every place, Å.
  const double* positions() const { return positions_.data(); }
  /// The atom at each of the first N places.
  std::span<const std::uint32_t> order() const { return order_; }
  /// The place of the atom of each image; the first image stands at place N.
  std::span<const std::uint32_t> owners() const { return owner_; }

  /// Where the atoms were when listed last, and how often the list has served since: what a resumed run needs to go on
  /// with exactly this list.
  const std::vector<Vector3>& listed_at() const { return listed_at_; }
  std::size_t uses() const { return uses_; }
  /// Lists the neighbours of `atoms` at `listed_at`, as if that had been done `uses` updates ago.
  void restore(const Atoms& atoms, const std::vector<Vector3>& listed_at, std::size_t uses);

 private:
  struct Grid;
  struct Candidates;
  static std::optional<Grid> grid_for(const Atoms& atoms, double reach);
  bool list(const Atoms& atoms);
  void sort_atoms(const Atoms& atoms, const Grid& grid);
  void add_images(const Atoms& atoms, const Grid& grid);
  void cut_blocks();
  void collect(const Grid& grid, std::size_t bin, Candidates& result) const;
  void list_block(const Grid& grid, Block& block) const;
  bool move_places(const Atoms& atoms);
  bool still_serves(const Atoms& atoms) const;

  double cutoff_, skin_;
  std::size_t every_, uses_ = 0;
  bool listed_ = false;
  std::vector<Vector3> listed_at_;
  Cell cell_;
  std::array<bool, 3> pbc_{};
  std::vector<Block> blocks_;
  std::vector<double> positions_;                          // (places + 1, 4)
  std::vector<std::uint32_t> order_;                       // atom of a place
  std::vector<Vector3> wrap_;                              // what moves that atom into the cell
  std::vector<std::uint32_t> owner_;                       // of images: place of the atom
  std::vector<Vector3> translation_;                       // of images
  std::vector<std::size_t> atoms_before_, images_before_;  // per bin, bins + 1
};

}  // namespace adatom
