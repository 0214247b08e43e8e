#include "apps/signals.hpp"

#include <unistd.h>

#include <atomic>
#include <csignal>
#include <initializer_list>

namespace adatom::apps {
namespace {

/// Atomic, since tasks on several threads look at them while a signal may come to any; without locks, as a signal
/// needs.
std::atomic<int> asked_to_stop{0}, stops_at_once{0};
static_assert(std::atomic<int>::is_always_lock_free);

extern "C" void remember_request(int /*signal*/) {
  if (stops_at_once != 0) _exit(interrupted_exit_code);
  asked_to_stop = 1;
}

}  // namespace

void listen_to_signals() {
  struct sigaction action {};
  action.sa_handler = remember_request;
  action.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND);
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction before {};
    // A shell starts background jobs with Ctrl-C ignored; so it stays.
    if (sigaction(signal, nullptr, &before) == 0 && before.sa_handler == SIG_IGN) continue;
    sigaction(signal, &action, nullptr);
  }
  std::signal(SIGPIPE, SIG_IGN);
}

bool interrupted() { return asked_to_stop != 0; }

StopAtOnce::StopAtOnce() : before_(stops_at_once) {
  stops_at_once = 1;
  if (interrupted()) _exit(interrupted_exit_code);
}

StopAtOnce::~StopAtOnce() { stops_at_once = before_; }

}  // namespace adatom::apps
