// What this file is: options of the command line, read strictly: a number is a number to its last letter, and every
// refusal names the option, what was found and what is expected.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace adatom::apps {

/// An option that was added. CLI11's own headers are large; only the files that work on options include them.
class Option {
 public:
  explicit Option(CLI::Option* option) : option_(option) {}
  Option group(const std::string& title) const;  ///< the heading in --help
  Option required() const;
  Option excludes(const Option& other) const;
  Option default_text(const std::string& text) const;  ///< shown instead of the value
  /// Warns "--sigma has no effect with --potential emt" where the option was given; `where` is "with --potential emt".
  /// For after the command line is read.
  void warn_without_effect(const std::string& where) const;

 private:
  CLI::Option* option_;
};

/// The same of several.
void warn_without_effect(const std::vector<Option>& options, const std::string& where);

CLI::App& add_subcommand(CLI::App& app, const std::string& name, const std::string& help);
/// Text after the options in --help, wrapped there; a line that begins with a space stays as it is.
void set_footer(CLI::App& app, const std::string& text);

/// What every subcommand has.
struct CommonOptions {
  std::uint64_t seed = 1;
  std::size_t threads = 0;  ///< 0: all processors
  bool quiet = false;
};

/// --config, --threads, --quiet and, where something is random, --seed. Call it before other options are added: the
/// configuration file is read when the command line is complete and before values are converted.
void add_common(CLI::App& app, CommonOptions& options, bool with_seed);
/// The same without --config.
void add_general(CLI::App& app, CommonOptions& options, bool with_seed);
/// Puts --threads and --quiet into effect.
void apply(const CommonOptions& options);

/// Smallest and largest sizes of structures, both included.
struct SizeRange {
  std::size_t smallest = 0, largest = SIZE_MAX;
  bool contains(std::size_t size) const { return smallest <= size && size <= largest; }
  bool everything() const { return smallest == 0 && largest == SIZE_MAX; }
};

/// What values may be.
enum class Range { any, not_negative, positive, fraction };

/// Options whose present value is shown as the default (an empty text or list shows none).
Option add_value(CLI::App& app, const std::string& names, double& value, const std::string& help,
                 Range range = Range::any);
Option add_value(CLI::App& app, const std::string& names, std::size_t& value, const std::string& help,
                 Range range = Range::any);
/// `check` throws InputError for a text that will not do; the message gets the option's name, and line, before it.
Option add_value(CLI::App& app, const std::string& names, std::string& value, const std::string& help,
                 const std::string& type = "TEXT", std::function<void(const std::string&)> check = {});
Option add_value(CLI::App& app, const std::string& names, std::filesystem::path& value, const std::string& help,
                 const std::string& type = "FILE");
Option add_value(CLI::App& app, const std::string& names, SizeRange& value, const std::string& help);
/// Lists, "32,32" (also as an array in a configuration file).
Option add_value(CLI::App& app, const std::string& names, std::vector<std::size_t>& value, const std::string& help);
Option add_value(CLI::App& app, const std::string& names, std::vector<double>& value, const std::string& help);
/// One of several words.
Option add_choice(CLI::App& app, const std::string& names, std::string& value, const std::vector<std::string>& choices,
                  const std::string& help);
/// Any number of them, the option once for each.
Option add_choices(CLI::App& app, const std::string& names, std::vector<std::string>& value,
                   const std::vector<std::string>& choices, const std::string& help);
Option add_flag(CLI::App& app, const std::string& names, bool& value, const std::string& help);
/// Files that the command reads: DATA... or --output.
Option add_files(CLI::App& app, const std::string& names, std::vector<std::filesystem::path>& value,
                 const std::string& help);

/// "C10" or "4-8" style text of a size range, for notes and tables.
std::string to_text(const SizeRange& sizes);

}  // namespace adatom::apps
