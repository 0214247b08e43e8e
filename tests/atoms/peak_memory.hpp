// What this file is: the most memory that the process has held so far, for tests that something asks for little.
#pragma once

#include <sys/resource.h>

namespace adatom {

inline long peak_kilobytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

}  // namespace adatom
