// What this file is: what the command says. Results go to standard output, notes and errors to standard error.
#pragma once

#include <exception>
#include <string_view>

namespace adatom::apps {

/// Nobody reads any more (`adatom … | head`): not an error, but a reason to stop.
class OutputClosed : public std::exception {};
/// Ctrl-C, after everything worth keeping has been written.
class Interrupted : public std::exception {};

/// With --quiet: say() is silent, notes and progress too; warnings and errors are not.
void set_quiet(bool quiet);
bool quiet();

/// Text to standard output, at once. Throws OutputClosed, or Error with the system's reason when it cannot be written.
void say(std::string_view text);
/// The same, --quiet or not: help and the version.
void say_always(std::string_view text);
/// One line "note: …" to standard error.
void note(std::string_view text);
/// One line "warning: …" to standard error.
void warn(std::string_view text);

/// Is standard error, or standard output, a terminal?
bool error_is_terminal();
bool output_is_terminal();

}  // namespace adatom::apps
