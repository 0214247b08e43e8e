// What this file is: the subcommands of adatom put together, and run (program.hpp says how errors end).
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace CLI {
class App;
}  // namespace CLI

namespace adatom::apps {

/// Adds a subcommand with its options to `app`; returns what runs it and gives the exit code.
using Subcommand = std::function<int()> (*)(CLI::App& app);

/// Runs the command that the words (without the program's name) say.
int run_command_line(const std::vector<std::string>& words, std::span<const Subcommand> subcommands);

/// The command being run as one line, quoted for a shell where needed; for notes in files.
const std::string& command_text();

}  // namespace adatom::apps
