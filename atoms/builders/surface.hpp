// What this file is: slabs with a surface of low index, ready for adsorbates (builders/adsorbate.hpp).
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "atoms/atoms.hpp"
#include "atoms/builders/facet.hpp"

namespace adatom {

struct SlabOptions {
  /// Atoms along the first and second direction, and layers. For fcc211 the first counts rows of atoms across the steps
  /// and must be a multiple of 3; its layers are terraces of three rows.
  std::array<int, 3> size{1, 1, 3};
  double vacuum = 10.0;       ///< on each side of the slab, Angstrom
  std::optional<double> a{};  ///< lattice constant, Angstrom; default: the known one
  std::optional<double> c{};  ///< hcp0001; default: the known c/a, else sqrt(8/3) a
  /// A rectangular cell where the usual one has an angle (fcc111, bcc110, bcc111, hcp0001, diamond111); needs an even
  /// number of atoms along the second direction. The others are rectangular anyway.
  bool orthogonal = false;
  /// diamond111: the upper surface ends with a double layer, so that its atoms have one broken bond. Otherwise, as with
  /// ASE, the double layer is cut and they have three.
  bool whole_double_layer = false;
};

/// A slab and what is needed to work on it. `atoms` may be changed at will; keep `tags` as long as it.
struct Slab {
  Atoms atoms{};            ///< pbc T T F; the third cell vector is along z and holds slab and vacuum
  std::vector<int> tags{};  ///< layer of each atom, N: 1 the uppermost, increasing downwards; 0 for adsorbates
  Facet facet{};
  std::array<int, 2> cells{};             ///< surface cells along the first and second direction
  std::array<Vector3, 2> surface_cell{};  ///< its vectors, Angstrom
  Vector3 origin{};                       ///< an atom of the uppermost plane: the site "ontop" of cell (0, 0)
};

/// n_1 × n_2 atoms in each of n_3 layers, lowest layer first; an atom of the uppermost plane above the cell's corner.
///
///   Slab slab = surface(Facet::fcc111, "Cu", {.size = {2, 2, 3}, .vacuum = 7.0});
///
/// Throws InputError for a size below 1, more than 100 million atoms, a negative vacuum, an unknown lattice constant,
/// and an orthogonal cell that does not exist.
Slab surface(Facet facet, std::string_view symbol, const SlabOptions& options = {});

inline Slab fcc100(std::string_view symbol, const SlabOptions& o = {}) { return surface(Facet::fcc100, symbol, o); }
inline Slab fcc110(std::string_view symbol, const SlabOptions& o = {}) { return surface(Facet::fcc110, symbol, o); }
inline Slab fcc111(std::string_view symbol, const SlabOptions& o = {}) { return surface(Facet::fcc111, symbol, o); }
inline Slab fcc211(std::string_view symbol, const SlabOptions& o = {}) { return surface(Facet::fcc211, symbol, o); }
inline Slab bcc100(std::string_view symbol, const SlabOptions& o = {}) { return surface(Facet::bcc100, symbol, o); }
inline Slab bcc110(std::string_view symbol, const SlabOptions& o = {}) { return surface(Facet::bcc110, symbol, o); }
inline Slab bcc111(std::string_view symbol, const SlabOptions& o = {}) { return surface(Facet::bcc111, symbol, o); }
inline Slab hcp0001(std::string_view symbol, const SlabOptions& o = {}) { return surface(Facet::hcp0001, symbol, o); }
inline Slab diamond100(std::string_view symbol, const SlabOptions& o = {}) {
  return surface(Facet::diamond100, symbol, o);
}
inline Slab diamond111(std::string_view symbol, const SlabOptions& o = {}) {
  return surface(Facet::diamond111, symbol, o);
}

/// Layers of the slab: the largest tag.
int layer_count(const Slab& slab);

/// Indices, ascending, of the atoms of the lowest `layers` layers: those one keeps fixed where the crystal would go on.
/// Throws InputError unless 0 ≤ layers ≤ layer_count(slab).
std::vector<std::size_t> lowest_layers(const Slab& slab, int layers);

}  // namespace adatom
