// What this file is: when long work saves its state: so often that a crash costs seconds, so seldom that it costs no
// time.
#pragma once

#include <chrono>
#include <functional>

namespace adatom::apps {

class RegularSaves {
 public:
  explicit RegularSaves(double seconds_between = 10.0);

  /// Has the time come? May be asked by several threads at once, but not during save().
  bool due() const { return std::chrono::steady_clock::now() >= next_; }
  /// Calls `write`, then waits the seconds anew; longer if `write` was slow, so that saving never takes more than a
  /// twentieth of the time. An Error of it (a full disk) becomes a warning: no reason to lose the work.
  void save(const std::function<void()>& write);

 private:
  std::chrono::duration<double> between_;
  std::chrono::steady_clock::time_point next_;
};

}  // namespace adatom::apps
