#include "apps/console.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>

#include "apps/progress.hpp"
#include "core/error.hpp"

namespace adatom::apps {
namespace {

bool is_quiet = false;

void line_to_error(std::string_view kind, std::string_view text) {
  erase_progress_bar();
  const std::string line = std::string(kind) + std::string(text) + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace

void set_quiet(bool quiet) { is_quiet = quiet; }
bool quiet() { return is_quiet; }

void say_always(std::string_view text) {
  erase_progress_bar();
  errno = 0;
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0) return;
  const int reason = errno;
  if (reason == EPIPE) throw OutputClosed();
  throw Error(std::string("cannot write to standard output: ") + std::strerror(reason));
}

void say(std::string_view text) {
  if (!is_quiet) say_always(text);
}

void note(std::string_view text) {
  if (!is_quiet) line_to_error("note: ", text);
}

void warn(std::string_view text) { line_to_error("warning: ", text); }

bool error_is_terminal() { return isatty(STDERR_FILENO) == 1; }
bool output_is_terminal() { return isatty(STDOUT_FILENO) == 1; }

}  // namespace adatom::apps
