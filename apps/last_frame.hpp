// What this file is: the structure that a command works on when its file holds several.
#pragma once

#include <filesystem>
#include <string>

#include "atoms/extxyz.hpp"

namespace adatom::apps {

/// The last frame of an extended XYZ file. Where there are others, a note says so and `remark`, such as "the last one
/// counts". Throws InputError if there is none.
Frame last_frame(const std::filesystem::path& path, const std::string& remark);

}  // namespace adatom::apps
