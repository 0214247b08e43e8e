#include "apps/help.hpp"

#include <sstream>
#include <string>

#include "apps/table.hpp"

namespace adatom::apps {
namespace {

constexpr std::size_t column = 30;  // where explanations begin
constexpr std::size_t width = 100;

/// `name` and beside it the explanation, wrapped.
std::string entry(const std::string& name, const std::string& explanation) {
  std::string out = "  " + name;
  std::size_t used = 2 + display_width(name);
  const auto fill = [&] {
    out.append(column - used, ' ');
    used = column;
  };
  if (used + 2 > column) {
    out += "\n";
    used = 0;
  }
  fill();
  std::istringstream words(explanation);
  for (std::string word; words >> word;) {
    if (used + 1 + display_width(word) > width) {
      out += "\n";
      used = 0;
      fill();
    }
    if (used > column) out += " ";
    out += word;
    used += display_width(word) + 1;
  }
  return out + "\n";
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
  const std::size_t begin = text.find_first_not_of('\n');
  return begin == std::string::npos ? "" : text.substr(begin) + "\n";
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
