// What this file is: what the states that long runs save have to tell, for `adatom info`.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace adatom::apps {

/// Of a training ("adatom checkpoint"). This and the next throw InputError, naming the file, for a damaged one.
std::string describe_training(const std::filesystem::path& path);
/// Of a simulation of molecular dynamics ("adatom dynamics").
std::string describe_dynamics(const std::filesystem::path& path);
/// Of a search, relaxations or a path, which are extended XYZ files; nothing for a file of another kind. Throws
/// InputError for structures that are none of these, and for damaged ones.
std::optional<std::string> describe_structures(const std::filesystem::path& path);

}  // namespace adatom::apps
