#include "apps/help.hpp"

#include <algorithm>
#include <sstream>
#include <string>

#include "apps/table.hpp"

namespace adatom::apps {
namespace {

constexpr std::size_t column = 30;  // where explanations begin
constexpr std::size_t width = 99;

/// `name` and beside it the explanation, wrapped.
std::string entry(const std::string& name, const std::string& explanation) {
  const std::size_t used = 2 + display_width(name);
  return "  " + name + (used + 2 > column ? "\n" + std::string(column, ' ') : std::string(column - used, ' ')) +
         wrapped(explanation, column, width) + "\n";
}

}  // namespace

std::string usage_line(const CLI::App& app, const std::string& name) {
  if (!app.get_subcommands([](const CLI::App*) { return true; }).empty()) {
    return name + (app.get_parent() == nullptr ? " COMMAND" : " KIND") + " [options]";
  }
  std::string files, needed;
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_positional()) {
      const std::string what = option->get_name(true) + (option->get_items_expected_max() > 1 ? "..." : "");
      files += option->get_required() ? " " + what : " [" + what + "]";
    } else if (option->get_required()) {
      needed += " --" + option->get_lnames().front() + " " + option->get_type_name();
    }
  }
  return name + files + needed + " [options]";
}

std::string HelpFormatter::make_usage(const CLI::App* app, std::string name) const {
  return "\nUsage: " + usage_line(*app, app->get_parent() == nullptr ? app->get_name() : name) + "\n\n";
}

std::string HelpFormatter::make_footer(const CLI::App* app) const {
  // One blank line comes before it already.
  const std::string text = app->get_footer();
  std::istringstream lines(text.substr(std::min(text.size(), text.find_first_not_of('\n'))));
  std::string out;
  for (std::string line; std::getline(lines, line);)
    out += (line.starts_with(' ') ? line : wrapped(line, 0, width)) + "\n";
  return out;
}

std::string HelpFormatter::make_option(const CLI::Option* option, bool is_positional) const {
  std::string name = option->get_name(is_positional, !is_positional);
  for (std::size_t comma; (comma = name.find(",--")) != std::string::npos;) name.replace(comma, 1, ", ");
  if (is_positional && option->get_items_expected_max() > 1) name += "...";
  if (!is_positional && option->get_items_expected_max() > 0) name += " " + option->get_type_name();
  std::string explanation = option->get_description();
  if (!option->get_default_str().empty()) explanation += " [" + option->get_default_str() + "]";
  if (!is_positional && option->get_required()) explanation += " (required)";
  return entry(name, explanation);
}

std::string HelpFormatter::make_group(std::string group, bool is_positional,
                                      std::vector<const CLI::Option*> options) const {
  std::string out = is_positional ? "Files:\n" : group + ":\n";
  for (const CLI::Option* option : options) out += make_option(option, is_positional);
  return out + (is_positional ? "\n" : "");
}

std::string HelpFormatter::make_subcommand(const CLI::App* app) const {
  return entry(app->get_name(), app->get_description());
}

}  // namespace adatom::apps
