// A pool of sleeping threads that take task numbers from a shared counter. Its twin without threads is
// parallel_serial.cpp.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "core/error.hpp"
#include "core/parallel.hpp"

namespace adatom {
namespace {

/// Set while a thread runs a task, so that a parallel_for inside a task runs serially instead of waiting for itself.
thread_local bool inside_task = false;

class Pool {
 public:
  explicit Pool(std::size_t threads) {
    for (std::size_t i = 1; i < threads; ++i) workers_.emplace_back([this] { work(); });
  }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool() {
    {
      const std::lock_guard lock(mutex_);
      closing_ = true;
    }
    wake_.notify_all();
    for (std::thread& worker : workers_) worker.join();
  }

  std::size_t size() const { return workers_.size() + 1; }

  void run(std::size_t count, const std::function<void(std::size_t)>& task) {
    const std::lock_guard one_caller(callers_);
    {
      const std::lock_guard lock(mutex_);
      task_ = &task;
      count_ = count;
      next_ = 0;
      failure_ = nullptr;
      open_ = true;
      ++round_;
    }
    wake_.notify_all();
    take_tasks();
    // Whoever has not come by now finds nothing to do, and is not waited for.
    std::unique_lock lock(mutex_);
    open_ = false;
    done_.wait(lock, [this] { return busy_ == 0; });
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  void work() {
    std::size_t seen = 0;
    for (;;) {
      watch(seen);
      {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [&] { return closing_ || round_ != seen; });
        if (closing_) return;
        seen = round_;
        if (!open_) continue;
        ++busy_;
      }
      take_tasks();
      const std::lock_guard lock(mutex_);
      if (--busy_ == 0) done_.notify_one();
    }
  }

  /// Looks for the next round some 50 microseconds before going to sleep: in a simulation one follows the other, and waking
  /// a thread takes about as long.
  void watch(std::size_t seen) const {
    const auto end = std::chrono::steady_clock::now() + std::chrono::microseconds(50);
    while (round_ == seen && !closing_ && std::chrono::steady_clock::now() < end) {
    }
  }

  void take_tasks() {
    inside_task = true;
    for (std::size_t i = next_++; i < count_; i = next_++) {
      try {
        (*task_)(i);
      } catch (...) {
        const std::lock_guard lock(mutex_);
        if (!failure_) failure_ = std::current_exception();
        next_ = count_;
      }
    }
    inside_task = false;
  }

  std::vector<std::thread> workers_;
  std::mutex callers_;
  std::mutex mutex_;
  std::condition_variable wake_, done_;
  const std::function<void(std::size_t)>* task_ = nullptr;
  std::size_t count_ = 0, busy_ = 0;
  std::atomic<std::size_t> next_{0}, round_{0};
  std::exception_ptr failure_;
  bool open_ = false;  // tasks are being taken
  std::atomic<bool> closing_ = false;
};

std::unique_ptr<Pool>& pool() {
  static std::unique_ptr<Pool> instance;
  return instance;
}

}  // namespace

struct OneAtATime::State {
  std::mutex mutex;
};
OneAtATime::OneAtATime() : state_(std::make_unique<State>()) {}
OneAtATime::~OneAtATime() = default;

void OneAtATime::run(const std::function<void()>& work) {
  const std::lock_guard lock(state_->mutex);
  work();
}

std::size_t thread_count() { return pool() ? pool()->size() : 1; }

void set_thread_count(std::size_t count) {
  if (count == 0) throw InputError("the number of threads must be at least 1, got 0");
  if (count > 1024) throw InputError("the number of threads must be at most 1024, got " + std::to_string(count));
  if (count == thread_count()) return;
  pool().reset();
  if (count > 1) pool() = std::make_unique<Pool>(count);
}

std::size_t available_processors() {
  const unsigned found = std::thread::hardware_concurrency();
  return found > 0 ? found : 1;
}

void parallel_for(std::size_t count, const std::function<void(std::size_t)>& task) {
  if (count <= 1 || !pool() || inside_task) {
    for (std::size_t i = 0; i < count; ++i) task(i);
    return;
  }
  pool()->run(count, task);
}

}  // namespace adatom
