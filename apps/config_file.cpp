#include "apps/config_file.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <set>
#include <string>
#include <vector>

#define TOML_EXCEPTIONS 1
#include <toml++/toml.h>

#include "apps/nearest.hpp"
#include "core/error.hpp"
#include "core/file.hpp"

namespace adatom::apps {
namespace {

/// A table of the file, and the subcommand it is for.
class ConfigReader {
 public:
  ConfigReader(CLI::App& app, std::string file) : app_(app), file_(std::move(file)) {
    for (CLI::Option* option : app.get_options()) {
      if (!option->empty()) given_.insert(option);
    }
  }

  void read(const std::string& content) const { apply(parse(content), true); }

 private:
  [[noreturn]] void refuse(const toml::source_region& where, const std::string& what) const {
    throw InputError(file_ + ":" + std::to_string(where.begin.line) + ": " + what);
  }

  toml::table parse(const std::string& content) const {
    try {
      return toml::parse(content, file_);
    } catch (const toml::parse_error& error) {
      std::string what(error.description());
      std::replace(what.begin(), what.end(), '\n', ' ');
      refuse(error.source(), what);
    }
  }

  static std::vector<std::string> known_keys(const CLI::App& app) {
    std::vector<std::string> keys;
    for (const CLI::Option* option : app.get_options()) {
      for (const std::string& name : option->get_lnames()) {
        if (name != "help" && name != "config") keys.push_back(name);
      }
      if (option->get_positional() && !option->get_name(true).empty()) keys.push_back(option->get_name(true));
    }
    return keys;
  }

  void require_known(const CLI::App& app, const std::string& key, const toml::source_region& where) const {
    const std::vector<std::string> keys = known_keys(app);
    if (std::find(keys.begin(), keys.end(), key) != keys.end()) return;
    std::string command = app.get_name();
    for (const CLI::App* parent = app.get_parent(); parent != nullptr; parent = parent->get_parent())
      command = parent->get_name() + " " + command;
    refuse(where, "unknown key '" + key + "' for '" + command + "'" + did_you_mean(key, keys));
  }

  /// This command's siblings, and those it is part of and their siblings.
  std::vector<const CLI::App*> commands() const {
    std::vector<const CLI::App*> all;
    for (CLI::App* parent = app_.get_parent(); parent != nullptr; parent = parent->get_parent()) {
      for (const CLI::App* one : parent->get_subcommands([](CLI::App*) { return true; })) all.push_back(one);
    }
    return all;
  }

  /// A table that is not for this command: for the one of its name, whose keys it must hold.
  void check_table(const std::string& name, const toml::key& key, const toml::table& table) const {
    std::vector<std::string> names;
    bool known = false;
    for (const CLI::App* const command : commands()) {
      names.push_back(command->get_name());
      if (command->get_name() != name) continue;
      known = true;
      for (const auto& [inner, node] : table) {
        if (!node.is_table()) require_known(*command, std::string(inner.str()), inner.source());
      }
    }
    if (!known) refuse(key.source(), "unknown table '" + name + "'" + did_you_mean(name, names));
  }

  void apply(const toml::table& table, bool top) const {
    for (const auto& [key, node] : table) {
      const std::string name(key.str());
      if (const toml::table* const inner = node.as_table(); inner != nullptr && top) {
        name == app_.get_name() ? apply(*inner, false) : check_table(name, key, *inner);
        continue;
      }
      set(name, key.source(), node);
    }
  }

  void set(const std::string& key, const toml::source_region& where, const toml::node& node) const {
    require_known(app_, key, where);
    CLI::Option* option = app_.get_option_no_throw("--" + key);
    if (option == nullptr) option = app_.get_option(key);
    if (command_line_wins(*option)) return;
    if (!option->empty()) refuse(where, "'" + key + "' is set twice: in another table, or by another of its names");
    const std::vector<std::string> given = values(node, *option);
    try {
      option->add_result(given);
      option->run_callback();
    } catch (const Error& error) {
      refuse(node.source(), error.what());
    } catch (const CLI::Error& error) {
      refuse(node.source(), key + ": " + error.what());
    }
  }

  /// Over this option, also by giving one that excludes it.
  bool command_line_wins(CLI::Option& option) const {
    const std::set<CLI::Option*> excluded = option.get_excludes();
    const auto given = [this](CLI::Option* one) { return given_.contains(one); };
    return given(&option) || std::any_of(excluded.begin(), excluded.end(), given);
  }

  /// The value as the command line would have it. Arrays are lists "32,32", except for options that take several words.
  std::vector<std::string> values(const toml::node& node, const CLI::Option& option) const {
    const toml::array* const array = node.as_array();
    if (array == nullptr) return {text(node)};
    std::vector<std::string> each;
    for (const toml::node& element : *array) each.push_back(text(element));
    if (option.get_items_expected_max() > 1) return each;
    std::string list;
    for (const std::string& one : each) list += (list.empty() ? "" : ",") + one;
    return {list};
  }

  std::string text(const toml::node& node) const {
    if (const auto* const value = node.as_string()) return value->get();
    if (const auto* const value = node.as_integer()) return std::to_string(value->get());
    if (const auto* const value = node.as_boolean()) return value->get() ? "true" : "false";
    if (const auto* const value = node.as_floating_point()) {
      char digits[64];
      const auto [end, error] = std::to_chars(digits, digits + sizeof digits, value->get());
      return {digits, end};
    }
    refuse(node.source(), "expected a text, number, true or false, or a list of these");
  }

  CLI::App& app_;
  std::string file_;
  std::set<CLI::Option*> given_;  // on the command line
};

}  // namespace

void apply_config(CLI::App& app, const std::string& content, const std::string& file) {
  ConfigReader(app, file).read(content);
}

void add_config_option(CLI::App& app) {
  app.add_option(
         "--config",
         [&app](const CLI::results_t& results) {
           apply_config(app, read_file(results.front()), results.front());
           return true;
         },
         "take options from a TOML file, one `name = value` a line; the command line wins")
      ->type_name("FILE")
      ->expected(1)
      ->group("General");
}

}  // namespace adatom::apps
