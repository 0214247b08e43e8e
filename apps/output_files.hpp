// What this file is: care with the files that a command writes, before hours are spent on their content.
#pragma once

#include <filesystem>
#include <span>

namespace adatom::apps {

/// Throws InputError if the output is one of the inputs (under whatever name), is a folder, or its folder does not exist.
/// An empty path is no output.
void require_writable(const std::filesystem::path& output, std::span<const std::filesystem::path> inputs,
                      const char* option = "--output");

/// Creates the folder (and those above it) for figures. Throws Error with the system's reason.
void make_folder(const std::filesystem::path& folder);

}  // namespace adatom::apps
