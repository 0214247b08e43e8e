// What this file is: the decision to stop when the validation error has not improved for a while.
#pragma once

#include <cstddef>
#include <limits>

namespace adatom {

struct EarlyStopping {
  std::size_t patience = 20;    ///< so many updates without improvement in a row, one at least, and it is time to stop
  double minimum_change = 0.0;  ///< smaller improvements do not count

  double best = std::numeric_limits<double>::infinity();
  std::size_t best_update = 0;  ///< number of the update (1, 2, …) that gave `best`
  std::size_t updates = 0;

  /// Takes the newest validation error; true if it is the best so far (the moment to keep a copy of the model).
  /// nan is never an improvement.
  bool update(double error) {
    ++updates;
    if (!(error < best - minimum_change) && !(updates == 1 && error == error)) return false;
    best = error;
    best_update = updates;
    return true;
  }

  bool should_stop() const { return updates > best_update && updates - best_update >= patience; }
};

}  // namespace adatom
