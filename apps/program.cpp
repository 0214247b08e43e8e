#include "apps/program.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <new>

#include "apps/console.hpp"
#include "apps/help.hpp"
#include "apps/nearest.hpp"
#include "apps/progress.hpp"
#include "apps/signals.hpp"
#include "atoms/message_text.hpp"
#include "core/error.hpp"
#include "core/processor.hpp"

namespace adatom::apps {
namespace {

constexpr int failed = 1;

/// The innermost subcommand: bulk of "adatom build bulk"; `app` itself before any is recognised.
const CLI::App& innermost(const CLI::App& app) {
  const CLI::App* const sub = chosen_subcommand(app);
  return sub == nullptr ? app : innermost(*sub);
}

/// "adatom build bulk".
std::string full_name(const CLI::App& app) {
  return app.get_parent() == nullptr ? app.get_name() : full_name(*app.get_parent()) + " " + app.get_name();
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* one : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(one->get_name());
  return names;
}

/// What CLI11 calls extras: options and words nobody asked for.
std::string describe_extra(const CLI::App& app, const std::string& word, const std::string& about_extra_words) {
  const CLI::App& sub = innermost(app);
  if (word.starts_with("-")) {
    const std::string name = word.substr(0, word.find('='));
    const std::vector<std::string> names = option_names(sub);
    if (std::find(names.begin(), names.end(), name) != names.end())
      return "option " + in_quotes(name) + " belongs behind '" + full_name(sub) + "'";
    return "unknown option " + in_quotes(name) + did_you_mean(name, names);
  }
  if (const std::vector<std::string> names = command_names(sub); !names.empty()) {
    return "unknown command " + in_quotes(word) + did_you_mean(word, names) + " ('" + full_name(sub) +
           " --help' lists them)";
  }
  return in_quotes(word) + " is one word too many" + about_extra_words;
}

/// A word or option that must be there and is not, with the usage line, which shows where it belongs.
std::string describe_missing(const CLI::App& app, const std::string& what) {
  const CLI::App& sub = innermost(app);
  if (const std::vector<std::string> names = command_names(sub); !names.empty()) {
    std::string list;
    for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
    return "which command? One of " + list + " ('" + full_name(sub) + " --help' explains)";
  }
  return what + "; usage: " + usage_line(sub, full_name(sub));
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

/// Our words for what CLI11 found.
std::string describe(const CLI::App& app, const CLI::ParseError& error, const std::string& about_extra_words) {
  const std::string what = first_line(error.what());
  const bool missing = dynamic_cast<const CLI::RequiredError*>(&error) != nullptr;
  // A mistyped word explains a missing one better than the other way round.
  if (missing || dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    std::vector<std::string> extras = app.remaining(true);
    std::erase(extras, "--");  // which only says that no options follow
    if (!extras.empty()) return describe_extra(app, extras.front(), about_extra_words);
  }
  if (missing) return describe_missing(app, what);
  if (dynamic_cast<const CLI::ExcludesError*>(&error) != nullptr) {
    constexpr std::string_view between = " excludes ";
    const std::size_t at = what.find(between);
    if (at != std::string::npos)
      return what.substr(0, at) + " and " + what.substr(at + between.size()) + " exclude each other: give one of them";
  }
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
    const std::string name = what.substr(0, what.find(": "));
    if (what.find("At Most 1") != std::string::npos) return name + " is given more than once";
    if (what.ends_with("missing")) return name + " needs a value";
  }
  return what;
}

int report(const std::string& who, const std::string& message, int code) {
  erase_progress_bar();
  std::fprintf(stderr, "%s: %s\n", who.c_str(), message.c_str());
  return code;
}

/// CLI11 reads from the back.
void parse(CLI::App& app, const std::vector<std::string>& words) {
  std::vector<std::string> reversed(words.rbegin(), words.rend());
  app.parse(std::move(reversed));
}

}  // namespace

const CLI::App* chosen_subcommand(const CLI::App& app) {
  const auto parsed = app.get_subcommands();
  return parsed.empty() ? nullptr : parsed.front();
}

int parse_and_run(CLI::App& app, const std::vector<std::string>& words, const std::function<int()>& run,
                  const std::string& about_extra_words) {
  const auto who = [&app] { return full_name(innermost(app)); };
  try {
    try {
      parse(app, words);
    } catch (const CLI::CallForHelp&) {
      const CLI::App* const sub = chosen_subcommand(app);
      say_always(sub != nullptr ? sub->help(app.get_name()) : app.help());
      return 0;
    } catch (const CLI::CallForVersion& version) {
      say_always(std::string(version.what()) + "\n");
      return 0;
    }
    processor();  // a mistake in its environment variable is said now and not in the middle of the run
    return run();
  } catch (const CLI::ParseError& error) {
    return report(who(), describe(app, error, about_extra_words), unusable_input_exit_code);
  } catch (const OutputClosed&) {
    return closed_pipe_exit_code;
  } catch (const Interrupted&) {
    return interrupted_exit_code;
  } catch (const InputError& error) {
    return report(who(), error.what(), unusable_input_exit_code);
  } catch (const std::bad_alloc&) {
    return report(who(), "not enough memory", failed);
  } catch (const std::exception& error) {
    return report(who(), error.what(), failed);
  }
}

}  // namespace adatom::apps
