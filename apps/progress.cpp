#include "apps/progress.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "apps/console.hpp"
#include "apps/table.hpp"

namespace adatom::apps {
namespace {

bool bar_on_screen = false;

constexpr double patience = 2.0;                     // seconds before anything is shown
constexpr double bar_interval = 0.15;                // seconds between two drawings
constexpr std::size_t most_bar = 24, least_bar = 6;  // letters

double since(std::chrono::steady_clock::time_point then) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - then).count();
}

/// Letters of the terminal's line; one is kept free, or it would wrap.
std::size_t terminal_width() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1U : 79U;
}

bool begins_letter(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }  // of UTF-8

/// As long as there is room for, or none: the numbers beside it say more.
std::string bar(double share, std::size_t room) {
  if (room < least_bar + 3) return "";
  const std::size_t width = std::min(most_bar, room - 3);
  const auto full = static_cast<std::size_t>(share * static_cast<double>(width) + 0.5);
  return "[" + std::string(full, '#') + std::string(width - full, ' ') + "] ";
}

std::string rate_text(double rate) {
  return (rate < 1000.0 ? general(rate, 3) : count_text(static_cast<std::size_t>(rate))) + "/s";
}

/// What fits into one line of the terminal: a longer one would wrap, and could not be drawn over.
std::string fitted(const std::string& line) {
  std::size_t end = 0;
  for (std::size_t letters = 0; end < line.size(); ++end) {
    if (begins_letter(line[end]) && ++letters > terminal_width()) break;
  }
  return line.substr(0, end);
}

}  // namespace

Progress::Progress(std::string what, std::size_t total, std::string unit)
    : what_(std::move(what)),
      unit_(std::move(unit)),
      total_(total),
      begin_(std::chrono::steady_clock::now()),
      shown_(begin_) {}

Progress::~Progress() { erase_progress_bar(); }

double Progress::seconds() const { return since(begin_); }

void Progress::update(std::size_t done, std::string_view remark) {
  if (quiet() || total_ == 0) return;
  done = std::min(done, total_);
  const double elapsed = seconds();
  const bool terminal = error_is_terminal();
  const double interval = terminal ? bar_interval : plain_interval_;
  if (elapsed < patience || interval <= 0.0 || since(shown_) < interval) return;
  shown_ = std::chrono::steady_clock::now();

  const double rate = static_cast<double>(done - first_) / elapsed;
  const double share = static_cast<double>(done) / static_cast<double>(total_);
  std::string line = std::to_string(done) + "/" + std::to_string(total_) + " " + unit_;
  if (rate > 0.0) {
    line += "  " + rate_text(rate) + "  " + duration_text(static_cast<double>(total_ - done) / rate) + " left";
  }
  if (!remark.empty()) line += "  " + std::string(remark);
  if (terminal) {
    const auto letters = static_cast<std::size_t>(std::ranges::count_if(what_ + "  " + line, begins_letter));
    line = bar(share, terminal_width() - std::min(terminal_width(), letters)) + line;
  }
  line = what_ + "  " + line;
  // "\033[K" clears what an earlier, longer line left behind.
  line = terminal ? "\r" + fitted(line) + "\033[K" : line + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
  std::fflush(stderr);
  bar_on_screen = terminal;
}

void erase_progress_bar() {
  if (!bar_on_screen) return;
  std::fputs("\r\033[K", stderr);
  std::fflush(stderr);
  bar_on_screen = false;
}

}  // namespace adatom::apps
