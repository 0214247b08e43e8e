#include "apps/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <memory>
#include <string_view>

#include "apps/help.hpp"
#include "apps/program.hpp"

namespace adatom::apps {
namespace {

std::string command;

std::string quoted_for_shell(const std::string& word) {
  const auto plain = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("-_./=,:+@%").find(c) != std::string_view::npos;
  };
  if (!word.empty() && std::all_of(word.begin(), word.end(), plain)) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? "'\\''" : std::string(1, c);
  return quoted + "'";
}

/// "adatom help train" is "adatom train --help".
std::vector<std::string> with_help_as_option(std::vector<std::string> words) {
  if (!words.empty() && words.front() == "help") {
    words.erase(words.begin());
    words.emplace_back("--help");
  }
  return words;
}

}  // namespace

const std::string& command_text() { return command; }

int run_command_line(const std::vector<std::string>& words, std::span<const Subcommand> subcommands) {
  command = "adatom";
  for (const std::string& word : words) command += " " + quoted_for_shell(word);

  CLI::App app(
      "adatom: interatomic potentials from automatic differentiation.\n"
      "Units everywhere: Å, eV, eV/Å; structures are extended XYZ files.",
      "adatom");
  app.formatter(std::make_shared<HelpFormatter>());
  app.set_help_flag("-h,--help", "this text; 'adatom COMMAND --help' explains a command");
  app.set_version_flag("--version", "adatom " ADATOM_VERSION)->description("the version");
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 done, 1 the computation failed or did not converge, 2 input that cannot be used, 130 stopped by "
      "Ctrl-C.\n\n"
      "A first model, in one line:\n"
      "  adatom train data/carbon/C[4-8].extxyz --output carbon.adatom");
  std::vector<std::function<int()>> runs;
  for (const Subcommand add : subcommands) runs.push_back(add(app));
  for (CLI::App* sub : app.get_subcommands([](CLI::App*) { return true; }))
    sub->set_help_flag("-h,--help", "this text")->group("General");
  return parse_and_run(app, with_help_as_option(words), [&app, &runs] {
    const auto all = app.get_subcommands([](const CLI::App*) { return true; });
    const auto which = std::find(all.begin(), all.end(), chosen_subcommand(app)) - all.begin();
    return runs[static_cast<std::size_t>(which)]();
  });
}

}  // namespace adatom::apps
