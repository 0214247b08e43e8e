// What this file is: running another program, silently, in a folder of its own.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace adatom::apps {

/// Its exit code; `program_missing` when there is no such program. Its output goes nowhere.
int run_program(const std::filesystem::path& folder, const std::vector<std::string>& words);
constexpr int program_missing = 127;

}  // namespace adatom::apps
