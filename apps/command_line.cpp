#include "apps/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <cstdio>
#include <memory>
#include <new>

#include "apps/console.hpp"
#include "apps/help.hpp"
#include "apps/nearest.hpp"
#include "apps/progress.hpp"
#include "apps/signals.hpp"
#include "atoms/message_text.hpp"
#include "core/error.hpp"

namespace adatom::apps {
namespace {

constexpr int failed = 1, unusable_input = 2, pipe_closed = 141;

std::string command;

std::string quoted_for_shell(const std::string& word) {
  const auto plain = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || std::string_view("-_./=,:+@%").find(c) != std::string_view::npos; };
  if (!word.empty() && std::all_of(word.begin(), word.end(), plain)) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? "'\\''" : std::string(1, c);
  return quoted + "'";
}

/// The subcommand that the words chose; null before one is recognised.
const CLI::App* chosen(const CLI::App& app) {
  const auto parsed = app.get_subcommands();
  return parsed.empty() ? nullptr : parsed.front();
}

/// The innermost one: bulk of "adatom build bulk"; `app` itself before any is recognised.
const CLI::App& innermost(const CLI::App& app) {
  const CLI::App* const sub = chosen(app);
  return sub == nullptr ? app : innermost(*sub);
}

/// "adatom build bulk".
std::string full_name(const CLI::App& app) {
  return app.get_parent() == nullptr ? "adatom" : full_name(*app.get_parent()) + " " + app.get_name();
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
  for (const CLI::App* one : app.get_subcommands([](const CLI::App*) { return true; })) names.push_back(one->get_name());
  return names;
}

/// What CLI11 calls extras: options and words nobody asked for.
std::string describe_extra(const CLI::App& app, const std::string& word) {
  const CLI::App& sub = innermost(app);
  if (word.starts_with("-")) {
    const std::string name = word.substr(0, word.find('='));
    return "unknown option " + in_quotes(name) + did_you_mean(name, option_names(sub));
  }
  if (const std::vector<std::string> names = command_names(sub); !names.empty()) {
    return "unknown command " + in_quotes(word) + did_you_mean(word, names) + " ('" + full_name(sub) + " --help' lists them)";
  }
  return in_quotes(word) + " is one word too many";
}

std::string first_line(std::string text) {
  return text.substr(0, text.find('\n'));
}

int report(const std::string& who, const std::string& message, int code) {
  erase_progress_bar();
  std::fprintf(stderr, "%s: %s\n", who.c_str(), message.c_str());
  return code;
}

std::string describe(const CLI::App& app, const CLI::ParseError& error) {
  // A mistyped word explains a missing one better than the other way round.
  const bool missing = dynamic_cast<const CLI::RequiredError*>(&error) != nullptr;
  if (missing || dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    const std::vector<std::string> extras = app.remaining(true);
    if (!extras.empty()) return describe_extra(app, extras.front());
  }
  if (const std::vector<std::string> names = command_names(innermost(app)); missing && !names.empty()) {
    std::string list;
    for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
    return "which command? One of " + list + " ('" + full_name(innermost(app)) + " --help' explains)";
  }
  return first_line(error.what());
}

int parse_and_run(CLI::App& app, const std::vector<std::string>& words, const std::vector<std::function<int()>>& runs) {
  const auto who = [&app] { return full_name(innermost(app)); };
  try {
    try {
      std::vector<std::string> reversed(words.rbegin(), words.rend());
      app.parse(std::move(reversed));
    } catch (const CLI::CallForHelp&) {
      say_always((chosen(app) != nullptr ? chosen(app) : &app)->help("adatom"));
      return 0;
    } catch (const CLI::CallForVersion& version) {
      say_always(std::string(version.what()) + "\n");
      return 0;
    }
    const auto all = app.get_subcommands([](const CLI::App*) { return true; });
    const auto which = std::find(all.begin(), all.end(), chosen(app)) - all.begin();
    return runs[static_cast<std::size_t>(which)]();
  } catch (const CLI::ParseError& error) {
    return report(who(), describe(app, error), unusable_input);
  } catch (const OutputClosed&) {
    return pipe_closed;
  } catch (const Interrupted&) {
    return interrupted_exit_code;
  } catch (const InputError& error) {
    return report(who(), error.what(), unusable_input);
  } catch (const std::bad_alloc&) {
    return report(who(), "not enough memory", failed);
  } catch (const std::exception& error) {
    return report(who(), error.what(), failed);
  }
}

}  // namespace

const std::string& command_text() { return command; }

int run_command_line(const std::vector<std::string>& words, std::span<const Subcommand> subcommands) {
  command = "adatom";
  for (const std::string& word : words) command += " " + quoted_for_shell(word);

  CLI::App app("adatom: interatomic potentials from automatic differentiation.\n"
               "Units everywhere: Å, eV, eV/Å; structures are extended XYZ files.",
               "adatom");
  app.formatter(std::make_shared<HelpFormatter>());
  app.set_help_flag("-h,--help", "this text; 'adatom COMMAND --help' explains a command");
  app.set_version_flag("--version", "adatom " ADATOM_VERSION)->description("the version");
  app.require_subcommand(1);
  app.footer("\nA first model, in one line:\n  adatom train data/carbon/C[4-8].extxyz --output carbon.adatom");
  std::vector<std::function<int()>> runs;
  for (const Subcommand add : subcommands) runs.push_back(add(app));
  for (CLI::App* sub : app.get_subcommands([](CLI::App*) { return true; })) sub->set_help_flag("-h,--help", "this text")->group("General");
  return parse_and_run(app, words, runs);
}

}  // namespace adatom::apps
