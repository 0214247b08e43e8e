// What this file is: options from a TOML file: `epochs = 300` stands for `--epochs 300`. The command line wins.
#pragma once

namespace CLI {
class App;
}  // namespace CLI

namespace adatom::apps {

/// Adds --config FILE. Keys are the options' long names, at the top of the file or in a table named after the subcommand;
/// tables of other subcommands are skipped, so one file can serve all. Anything else is refused with file and line.
void add_config_option(CLI::App& app);

}  // namespace adatom::apps
