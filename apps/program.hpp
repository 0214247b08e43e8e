// What this file is: what the adatom command and the lessons share: from words to a run, and from whatever it throws to
// one line and an exit code: 0 done, 1 the computation failed, 2 input that cannot be used, 130 stopped by Ctrl-C, 141
// nobody reads the output any more.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
}  // namespace CLI

namespace adatom::apps {

constexpr int unusable_input_exit_code = 2;
constexpr int closed_pipe_exit_code = 141;

/// Lets `app` read the words (without the program's name) and calls `run`, whose result is the exit code. --help and
/// --version are answered; everything that is wrong is said in one line on standard error. `about_extra_words` is added
/// where a word is one too many.
int parse_and_run(CLI::App& app, const std::vector<std::string>& words, const std::function<int()>& run,
                  const std::string& about_extra_words = "");

/// The subcommand that the words chose; null before one is recognised.
const CLI::App* chosen_subcommand(const CLI::App& app);

}  // namespace adatom::apps
