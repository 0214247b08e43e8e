// What this file is: the one small interface to threads. parallel_threads.cpp spreads work over std::threads;
// parallel_serial.cpp (ADATOM_THREADS=OFF) runs it in a plain loop. Nothing else in the library knows of threads.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace adatom {

/// How many threads parallel_for may use, the calling one included. 1 until set_thread_count is called.
std::size_t thread_count();

/// Sets it, 1 to 1024; throws InputError otherwise. Without threads (ADATOM_THREADS=OFF) it stays 1. Call it before
/// work starts; from within a task that runs on several threads it throws Error.
void set_thread_count(std::size_t count);

/// Number of processors this machine offers, at least 1.
std::size_t available_processors();

/// parallel_for, the type of the task erased.
void run_tasks(std::size_t count, const std::function<void(std::size_t)>& task);

/// Calls task(0) … task(count − 1), each exactly once, in any order and possibly at the same time; returns when all
/// are done. Of the exceptions that tasks throw, that of the lowest task is thrown again here, whatever the number of
/// threads; tasks after it that have not begun by then are left out. Nested calls run serially.
/// Results that must not depend on the number of threads are written per task and combined in order afterwards.
template <class Task>
void parallel_for(std::size_t count, Task&& task) {
  // A reference, since std::function would ask the system for memory to hold a copy of a large closure.
  run_tasks(count, std::ref(task));
}

/// Lets one task at a time through, for callbacks that tasks share.
class OneAtATime {
 public:
  OneAtATime();
  ~OneAtATime();
  OneAtATime(const OneAtATime&) = delete;
  OneAtATime& operator=(const OneAtATime&) = delete;

  /// Calls work() when nobody else's is running. What it throws comes through. Not to be called from within work().
  void run(const std::function<void()>& work);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace adatom
