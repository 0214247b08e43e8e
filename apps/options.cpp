#include "apps/options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "apps/config_file.hpp"
#include "apps/console.hpp"
#include "apps/nearest.hpp"
#include "apps/table.hpp"
#include "atoms/message_text.hpp"
#include "core/error.hpp"
#include "core/parallel.hpp"

namespace adatom::apps {
namespace {

[[noreturn]] void refuse(const std::string& option, const std::string& expected, const std::string& found) {
  throw InputError(option + ": expected " + expected + ", found " + in_quotes(found));
}

template <class T>
bool read_whole(const std::string& text, T& value) {
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && rest == end;
}

std::string describe(Range range) {
  switch (range) {
    case Range::any:
      return "";
    case Range::not_negative:
      return " of 0 or more";
    case Range::positive:
      return " above 0";
    case Range::fraction:
      return " from 0 up to, but not including, 1";
  }
  return "";
}

bool lies_in(Range range, double value) {
  switch (range) {
    case Range::any:
      return true;
    case Range::not_negative:
      return value >= 0.0;
    case Range::positive:
      return value > 0.0;
    case Range::fraction:
      return value >= 0.0 && value < 1.0;
  }
  return true;
}

double read_real(const std::string& option, const std::string& text, Range range) {
  double value = 0.0;
  if (!read_whole(text, value) || !std::isfinite(value) || !lies_in(range, value))
    refuse(option, "a number" + describe(range), text);
  return value;
}

std::size_t read_count(const std::string& option, const std::string& text, Range range) {
  std::size_t value = 0;
  const bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  if (digits && !read_whole(text, value)) refuse(option, "a whole number that fits 64 bits", text);
  if (!digits || !lies_in(range, static_cast<double>(value))) refuse(option, "a whole number" + describe(range), text);
  return value;
}

std::vector<std::string> split_at_commas(const std::string& text) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  for (std::size_t comma; (comma = text.find(',', begin)) != std::string::npos; begin = comma + 1) {
    parts.push_back(text.substr(begin, comma - begin));
  }
  parts.push_back(text.substr(begin));
  return parts;
}

/// "--epochs" of "-e,--epochs".
std::string longest_name(const std::string& names) {
  const std::vector<std::string> all = split_at_commas(names);
  return all.back();
}

/// An option with one value that `read` converts.
Option add(CLI::App& app, const std::string& names, const std::string& help, const std::string& type,
           const std::string& shown_default,
           std::function<void(const std::string& option, const std::string& text)> read) {
  const std::string option = longest_name(names);
  CLI::Option* const added = app.add_option(
      names,
      [option, read = std::move(read)](const CLI::results_t& results) {
        read(option, results.front());
        return true;
      },
      help);
  added->type_name(type)->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::Throw);
  if (!shown_default.empty()) added->default_str(shown_default);
  return Option(added);
}

SizeRange read_sizes(const std::string& option, const std::string& text) {
  const std::size_t dash = text.find('-');
  const auto number = [&](const std::string& part) {
    std::size_t value = 0;
    if (part.empty() || !read_whole(part, value)) refuse(option, "a number of atoms or a range such as 4-8", text);
    return value;
  };
  const SizeRange sizes = dash == std::string::npos
                              ? SizeRange{number(text), number(text)}
                              : SizeRange{number(text.substr(0, dash)), number(text.substr(dash + 1))};
  if (sizes.smallest > sizes.largest) refuse(option, "the smaller size first", text);
  return sizes;
}

template <class T>
std::string join(const std::vector<T>& values) {
  std::string text;
  for (const T& value : values) text += (text.empty() ? "" : ",") + general(static_cast<double>(value), 12);
  return text;
}

std::string alternatives(const std::vector<std::string>& choices) {
  std::string list;
  for (const std::string& choice : choices) list += (list.empty() ? "" : "|") + choice;
  return list;
}

void require_choice(const std::string& option, const std::string& text, const std::vector<std::string>& choices) {
  if (std::find(choices.begin(), choices.end(), text) != choices.end()) return;
  throw InputError(option + ": expected one of " + alternatives(choices) + ", found " + in_quotes(text) +
                   did_you_mean(text, choices));
}

}  // namespace

Option Option::group(const std::string& title) const {
  option_->group(title);
  return *this;
}

Option Option::required() const {
  option_->required();
  return *this;
}

Option Option::excludes(const Option& other) const {
  option_->excludes(other.option_);
  return *this;
}

Option Option::default_text(const std::string& text) const {
  option_->default_str(text);
  return *this;
}

void Option::warn_without_effect(const std::string& where) const {
  if (option_->count() > 0) warn(option_->get_name() + " has no effect " + where);
}

void warn_without_effect(const std::vector<Option>& options, const std::string& where) {
  for (const Option& option : options) option.warn_without_effect(where);
}

CLI::App& add_subcommand(CLI::App& app, const std::string& name, const std::string& help) {
  return *app.add_subcommand(name, help)->group(app.get_parent() == nullptr ? "Commands" : "Kinds");
}

void set_footer(CLI::App& app, const std::string& text) { app.footer(text); }

Option add_value(CLI::App& app, const std::string& names, double& value, const std::string& help, Range range) {
  return add(
      app, names, help, "X", general(value, 12),
      [&value, range](const std::string& option, const std::string& text) { value = read_real(option, text, range); });
}

Option add_value(CLI::App& app, const std::string& names, std::size_t& value, const std::string& help, Range range) {
  return add(
      app, names, help, "N", std::to_string(value),
      [&value, range](const std::string& option, const std::string& text) { value = read_count(option, text, range); });
}

Option add_value(CLI::App& app, const std::string& names, std::string& value, const std::string& help,
                 const std::string& type, std::function<void(const std::string&)> check) {
  return add(app, names, help, type, value,
             [&value, check = std::move(check)](const std::string& option, const std::string& text) {
               if (text.empty()) refuse(option, "some text", text);
               try {
                 if (check) check(text);
               } catch (const InputError& error) {
                 throw InputError(option + ": " + error.what());
               }
               value = text;
             });
}

Option add_value(CLI::App& app, const std::string& names, std::filesystem::path& value, const std::string& help,
                 const std::string& type) {
  return add(app, names, help, type, value.string(), [&value](const std::string& option, const std::string& text) {
    if (text.empty()) refuse(option, "a name", text);
    value = text;
  });
}

Option add_value(CLI::App& app, const std::string& names, SizeRange& value, const std::string& help) {
  return add(app, names, help, "A-B", "",
             [&value](const std::string& option, const std::string& text) { value = read_sizes(option, text); });
}

Option add_value(CLI::App& app, const std::string& names, std::vector<std::size_t>& value, const std::string& help) {
  return add(app, names, help, "N,N,...", join(value), [&value](const std::string& option, const std::string& text) {
    value.clear();
    for (const std::string& part : split_at_commas(text)) value.push_back(read_count(option, part, Range::positive));
  });
}

Option add_value(CLI::App& app, const std::string& names, std::vector<double>& value, const std::string& help) {
  return add(app, names, help, "X,X,...", join(value), [&value](const std::string& option, const std::string& text) {
    value.clear();
    for (const std::string& part : split_at_commas(text)) value.push_back(read_real(option, part, Range::any));
  });
}

Option add_choice(CLI::App& app, const std::string& names, std::string& value, const std::vector<std::string>& choices,
                  const std::string& help) {
  return add(app, names, help, alternatives(choices), value,
             [&value, choices](const std::string& option, const std::string& text) {
               require_choice(option, text, choices);
               value = text;
             });
}

Option add_choices(CLI::App& app, const std::string& names, std::vector<std::string>& value,
                   const std::vector<std::string>& choices, const std::string& help) {
  CLI::Option* const added = app.add_option(
      names,
      [&value, choices, option = longest_name(names)](const CLI::results_t& results) {
        for (const std::string& text : results) require_choice(option, text, choices);
        value.assign(results.begin(), results.end());
        return true;
      },
      help);
  return Option(added->type_name("NAME")->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll));
}

Option add_flag(CLI::App& app, const std::string& names, bool& value, const std::string& help) {
  return Option(app.add_flag(names, value, help));
}

Option add_files(CLI::App& app, const std::string& names, std::vector<std::filesystem::path>& value,
                 const std::string& help) {
  CLI::Option* const added = app.add_option(
      names,
      [&value](const CLI::results_t& results) {
        value.assign(results.begin(), results.end());
        return true;
      },
      help);
  return Option(added->type_name("FILE")->expected(1, CLI::detail::expected_max_vector_size)->allow_extra_args());
}

void add_common(CLI::App& app, CommonOptions& options, bool with_seed) {
  add_config_option(app);
  add_general(app, options, with_seed);
}

void add_general(CLI::App& app, CommonOptions& options, bool with_seed) {
  if (with_seed) {
    add_value(app, "--seed", options.seed, "of all random numbers: the same seed gives the same result")
        .group("General");
  }
  add_value(app, "--threads", options.threads, "how many threads; results do not depend on it", Range::positive)
      .default_text("all processors")
      .group("General");
  add_flag(app, "-q,--quiet", options.quiet, "say nothing but warnings and errors").group("General");
}

void apply(const CommonOptions& options) {
  set_quiet(options.quiet);
  set_thread_count(options.threads > 0 ? std::min<std::size_t>(options.threads, 1024) : available_processors());
}

std::string to_text(const SizeRange& sizes) {
  if (sizes.everything()) return "all";
  return sizes.smallest == sizes.largest ? std::to_string(sizes.smallest)
                                         : std::to_string(sizes.smallest) + "-" + std::to_string(sizes.largest);
}

}  // namespace adatom::apps
