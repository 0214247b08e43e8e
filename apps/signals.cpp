#include "apps/signals.hpp"

#include <csignal>

namespace adatom::apps {
namespace {

volatile std::sig_atomic_t asked_to_stop = 0;

extern "C" void remember_request(int /*signal*/) { asked_to_stop = 1; }

}  // namespace

void listen_to_signals() {
  struct sigaction action {};
  action.sa_handler = remember_request;
  action.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND);
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

bool interrupted() { return asked_to_stop != 0; }

}  // namespace adatom::apps
