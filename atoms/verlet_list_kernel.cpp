// What this file is: the inner loop of listing neighbours, compiled once per instruction set (see adatom_add_kernel in
// cmake/AdatomLibrary.cmake). The interface stands in verlet_list_kernel.hpp.
#include "atoms/verlet_list_kernel.hpp"

#include "autodiff/kernels/vector.hpp"

namespace adatom::kernels::ADATOM_LEVEL {
namespace {

Size near(Size count, const double* x, const double* y, const double* z, const std::uint32_t* place,
          const double* center, double limit, std::uint32_t self, double* squared, std::uint32_t* found) {
  const double cx = center[0], cy = center[1], cz = center[2];
  for (Size c = 0; c < count; ++c) {
    const double dx = x[c] - cx, dy = y[c] - cy, dz = z[c] - cz;
    squared[c] = dx * dx + dy * dy + dz * dz;
  }
  // Without a branch, which would be mispredicted often.
  Size n = 0;
  for (Size c = 0; c < count; ++c) {
    found[n] = place[c];
    n += static_cast<Size>(squared[c] < limit) & static_cast<Size>(place[c] != self);
  }
  return n;
}

}  // namespace

extern const VerletListTable verlet_list;
const VerletListTable verlet_list = {near};

}  // namespace adatom::kernels::ADATOM_LEVEL
