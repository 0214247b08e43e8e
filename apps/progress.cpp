#include "apps/progress.hpp"

#include <cstdio>

#include "apps/console.hpp"
#include "apps/table.hpp"

namespace adatom::apps {
namespace {

bool bar_on_screen = false;

constexpr double patience = 2.0;       // seconds before anything is shown
constexpr double bar_interval = 0.15;  // seconds between two drawings
constexpr std::size_t bar_width = 24;

double since(std::chrono::steady_clock::time_point then) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - then).count();
}

std::string bar(double share) {
  const auto full = static_cast<std::size_t>(share * static_cast<double>(bar_width) + 0.5);
  return "[" + std::string(full, '#') + std::string(bar_width - full, ' ') + "]";
}

}  // namespace

Progress::Progress(std::string what, std::size_t total, std::string unit)
    : what_(std::move(what)), unit_(std::move(unit)), total_(total), begin_(std::chrono::steady_clock::now()), shown_(begin_) {}

Progress::~Progress() { erase_progress_bar(); }

double Progress::seconds() const { return since(begin_); }

void Progress::update(std::size_t done, std::string_view remark) {
  if (quiet() || total_ == 0) return;
  const double elapsed = seconds();
  const bool terminal = error_is_terminal();
  const double interval = terminal ? bar_interval : plain_interval_;
  if (elapsed < patience || interval <= 0.0 || since(shown_) < interval) return;
  shown_ = std::chrono::steady_clock::now();

  const double rate = static_cast<double>(done - first_) / elapsed;
  const double share = static_cast<double>(done) / static_cast<double>(total_);
  std::string line = what_ + "  ";
  if (terminal) line += bar(share) + " ";
  line += std::to_string(done) + "/" + std::to_string(total_) + " " + unit_;
  if (rate > 0.0) {
    line += "  " + general(rate, 3) + "/s  " + duration_text(static_cast<double>(total_ - done) / rate) + " left";
  }
  if (!remark.empty()) line += "  " + std::string(remark);
  // "\033[K" clears what an earlier, longer line left behind.
  line = terminal ? "\r" + line + "\033[K" : line + "\n";
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
