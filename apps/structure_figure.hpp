// What this file is: clusters drawn as balls and sticks, looked at from where they are broadest.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "atoms/atoms.hpp"

namespace adatom::apps {

struct Portrait {
  std::string title;
  Atoms atoms;
};

/// NAME.{dat,gp,png} with the portraits side by side, `columns` in a row, all to the same scale.
void draw_structures(const std::filesystem::path& folder, const std::string& name, const std::vector<Portrait>& portraits, std::size_t columns);

}  // namespace adatom::apps
