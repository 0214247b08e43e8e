// What this file is: Ctrl-C as a request that the computation looks at, not as a blow. A second one ends the program at once.
#pragma once

namespace adatom::apps {

/// From now on Ctrl-C (SIGINT) and SIGTERM set a flag; a closed pipe is an error of the write, not a signal.
void listen_to_signals();

/// Has the user asked to stop?
bool interrupted();

/// The exit code of a computation that stopped on request.
constexpr int interrupted_exit_code = 130;

}  // namespace adatom::apps
