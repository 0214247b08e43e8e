#include "apps/regular_saves.hpp"

#include <algorithm>
#include <string>

#include "apps/console.hpp"
#include "core/error.hpp"

namespace adatom::apps {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double largest_share = 0.05;  // of the time, for saving
constexpr double longest = 1e7;         // seconds: more would not fit the clock

Clock::time_point after(Clock::time_point begin, std::chrono::duration<double> pause) {
  return begin + std::chrono::duration_cast<Clock::duration>(std::min(pause, std::chrono::duration<double>(longest)));
}

}  // namespace

RegularSaves::RegularSaves(double seconds_between) : between_(seconds_between), next_(after(Clock::now(), between_)) {}

void RegularSaves::save(const std::function<void()>& write) {
  const Clock::time_point begin = Clock::now();
  try {
    write();
  } catch (const Error& error) {
    warn(std::string(error.what()) + "; the work goes on, and is saved later");
  }
  const Clock::time_point end = Clock::now();
  next_ = after(end, std::max<std::chrono::duration<double>>(between_, (end - begin) / largest_share));
}

}  // namespace adatom::apps
