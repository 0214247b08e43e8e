// What this file is: options from a TOML file: `epochs = 300` stands for `--epochs 300`. The command line wins.
#pragma once

#include <string>

namespace CLI {
class App;
}  // namespace CLI

namespace adatom::apps {

/// Adds --config FILE. Keys are the options' long names, at the top of the file or in a table named after the
/// subcommand; those of other subcommands are only looked at for unknown keys, so one file can serve all. Anything else
/// is refused with file and line.
void add_config_option(CLI::App& app);

/// What --config does with the content of its file, whose name is for messages: sets those options of `app` that the
/// command line has not set. Throws InputError.
void apply_config(CLI::App& app, const std::string& content, const std::string& file);

}  // namespace adatom::apps
