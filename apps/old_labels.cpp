#include "apps/old_labels.hpp"

#include <vector>

namespace adatom::apps {

void drop_old_labels(Frame& frame) {
  std::erase_if(frame.info, [](const auto& entry) {
    return entry.first == "free_energy" || entry.first == "stress" || entry.first == "virial";
  });
  std::erase_if(frame.columns,
                [](const Column& column) { return column.name == "energies" || column.name == "stresses"; });
}

}  // namespace adatom::apps
