// What this file is: showing that something goes on: on a terminal a bar with rate and time left, elsewhere a plain
// line now and then. Nothing appears for what takes less than two seconds.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace adatom::apps {

class Progress {
 public:
  /// "relaxing  [####    ] 12/30 structures  3.1/s  6 s left"
  Progress(std::string what, std::size_t total, std::string unit);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// `done` of the total are done; `remark` is shown behind. Cheap: shows something a few times a second at most.
  /// Not to be called from several threads at once.
  void update(std::size_t done, std::string_view remark = {});
  /// Where work began, when part of it had been done before: the rate counts from there.
  void start_at(std::size_t done) { first_ = done; }
  double seconds() const;
  /// Without a bar, how often to write a plain line, seconds; 0: never.
  void plain_lines_every(double seconds) { plain_interval_ = seconds; }

 private:
  std::string what_, unit_;
  std::size_t total_, first_ = 0;
  std::chrono::steady_clock::time_point begin_, shown_;
  double plain_interval_ = 15.0;
};

/// Takes the bar off the screen, so that other text can be written; the next update draws it again.
void erase_progress_bar();

}  // namespace adatom::apps
