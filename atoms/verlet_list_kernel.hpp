// What this file is: the inner loop of listing neighbours, reached through one table of functions.
// verlet_list_kernel.cpp is compiled once per instruction set; verlet_list.cpp calls it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace adatom::kernels {

struct VerletListTable {
  /// Of `count` candidates at x, y, z (Å) those whose squared distance from `center` (3) is below `limit`: their
  /// numbers from `place` into `near`, without `self`; returns how many. `squared` is scratch; all arrays but x, y, z
  /// have room for `count`.
  std::size_t (*near)(std::size_t count, const double* x, const double* y, const double* z, const std::uint32_t* place,
                      const double* center, double limit, std::uint32_t self, double* squared, std::uint32_t* near);
};

}  // namespace adatom::kernels
