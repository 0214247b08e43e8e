// What this file is: the look of --help: options in groups, wrapped, with their defaults.
#pragma once

#include <CLI/CLI.hpp>

namespace adatom::apps {

class HelpFormatter : public CLI::Formatter {
 public:
  std::string make_usage(const CLI::App* app, std::string name) const override;
  std::string make_option(const CLI::Option* option, bool is_positional) const override;
  std::string make_group(std::string group, bool is_positional, std::vector<const CLI::Option*> options) const override;
  std::string make_subcommand(const CLI::App* app) const override;
  /// Wrapped too, but for lines that begin with a space: commands to copy, and tables.
  std::string make_footer(const CLI::App* app) const override;
};

/// "adatom train data... --output FILE [options]": the files, and the options that must be given. `name` is the
/// command's.
std::string usage_line(const CLI::App& app, const std::string& name);

}  // namespace adatom::apps
