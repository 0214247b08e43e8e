// What this file is: Ctrl-C as a request that the computation looks at, not as a blow. A second one ends the program at
// once.
#pragma once

namespace adatom::apps {

/// From now on Ctrl-C (SIGINT), SIGTERM and a closed terminal (SIGHUP) set a flag; a closed pipe is an error of the
/// write, not a signal.
void listen_to_signals();

/// Has the user asked to stop? Any thread may look.
bool interrupted();

/// The exit code of a computation that stopped on request.
constexpr int interrupted_exit_code = 130;

/// While it lives, such a signal ends the program at once, with that exit code: for long work that does not look at the
/// flag, of which nothing would be worth keeping and during which no file is being written.
class StopAtOnce {
 public:
  /// Ends the program if the user has asked already.
  StopAtOnce();
  ~StopAtOnce();
  StopAtOnce(const StopAtOnce&) = delete;
  StopAtOnce& operator=(const StopAtOnce&) = delete;

 private:
  int before_;
};

}  // namespace adatom::apps
