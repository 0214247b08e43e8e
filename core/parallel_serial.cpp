// The single-threaded twin of parallel_threads.cpp, for places without threads (a web page, a small device).
#include <string>

#include "core/error.hpp"
#include "core/parallel.hpp"

namespace adatom {

struct OneAtATime::State {};
OneAtATime::OneAtATime() = default;
OneAtATime::~OneAtATime() = default;
void OneAtATime::run(const std::function<void()>& work) { work(); }

std::size_t thread_count() { return 1; }

void set_thread_count(std::size_t count) {
  if (count == 0) throw InputError("the number of threads must be at least 1, got 0");
  if (count > 1024) throw InputError("the number of threads must be at most 1024, got " + std::to_string(count));
}

std::size_t available_processors() { return 1; }

void run_tasks(std::size_t count, const std::function<void(std::size_t)>& task) {
  for (std::size_t i = 0; i < count; ++i) task(i);
}

}  // namespace adatom
