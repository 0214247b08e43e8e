// What this file is: results for other programs, as JSON.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>

namespace adatom::apps {

/// Writes indented JSON, whole or not at all; nothing for an empty path. Throws NumericalError naming a number that is
/// not finite, which JSON cannot hold.
void write_metrics(const std::filesystem::path& path, const nlohmann::json& metrics);

}  // namespace adatom::apps
