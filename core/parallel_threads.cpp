// A pool of threads. Each has a share of the task numbers, the same in every round of equal size, so that what it
// touched the last time is still in its cache; who is done helps the others. Its twin without threads is
// parallel_serial.cpp.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "core/parallel.hpp"

namespace adatom {
namespace {

/// Set while a thread runs a task, so that a parallel_for inside a task runs serially instead of waiting for itself.
thread_local bool inside_task = false;

class Pool {
 public:
  explicit Pool(std::size_t threads) : shares_(threads) {
    try {
      for (std::size_t i = 1; i < threads; ++i) workers_.emplace_back([this, i] { work(i); });
    } catch (const std::system_error& error) {
      close();
      throw Error("cannot start " + std::to_string(threads) + " threads: " + error.code().message());
    }
  }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool() { close(); }

  std::size_t size() const { return workers_.size() + 1; }

  void run(std::size_t count, const std::function<void(std::size_t)>& task) {
    const std::lock_guard one_caller(callers_);
    {
      const std::lock_guard lock(mutex_);
      task_ = &task;
      for (std::size_t i = 0; i < shares_.size(); ++i) {
        shares_[i].next = i * count / shares_.size();
        shares_[i].end = (i + 1) * count / shares_.size();
      }
      failure_ = nullptr;
      failed_ = nobody;
      open_ = true;
      ++round_;
    }
    wake_.notify_all();
    take_tasks(0);
    // Whoever has not come by now finds nothing to do, and is not waited for.
    std::unique_lock lock(mutex_);
    open_ = false;
    done_.wait(lock, [this] { return busy_ == 0; });
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  void close() {
    {
      const std::lock_guard lock(mutex_);
      closing_ = true;
    }
    wake_.notify_all();
    for (std::thread& worker : workers_) worker.join();
  }

  void work(std::size_t number) {
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
      take_tasks(number);
      const std::lock_guard lock(mutex_);
      if (--busy_ == 0) done_.notify_one();
    }
  }

  /// Looks for the next round some 50 microseconds before going to sleep: in a simulation one follows the other, and
  /// waking a thread takes about as long.
  void watch(std::size_t seen) const {
    const auto end = std::chrono::steady_clock::now() + std::chrono::microseconds(50);
    while (round_ == seen && !closing_ && std::chrono::steady_clock::now() < end) {
    }
  }

  /// First the thread's own share, then what is left of the others'.
  void take_tasks(std::size_t number) {
    inside_task = true;
    for (std::size_t k = 0; k < shares_.size(); ++k) {
      Share& share = shares_[(number + k) % shares_.size()];
      for (std::size_t i = share.next++; i < share.end && i < failed_; i = share.next++) {
        try {
          (*task_)(i);
        } catch (...) {
          fail(i, std::current_exception());
        }
      }
    }
    inside_task = false;
  }

  /// Keeps the failure of the lowest task, as without threads: tasks before it are still begun, those after it are not.
  void fail(std::size_t task, std::exception_ptr failure) {
    const std::lock_guard lock(mutex_);
    if (task >= failed_) return;
    failed_ = task;
    failure_ = std::move(failure);
  }

  /// Task numbers next … end − 1, on a cache line of its own.
  struct alignas(64) Share {
    std::atomic<std::size_t> next{0};
    std::size_t end = 0;
  };

  std::vector<Share> shares_;  // one a thread
  std::mutex callers_;
  std::mutex mutex_;
  std::condition_variable wake_, done_;
  const std::function<void(std::size_t)>* task_ = nullptr;
  std::size_t busy_ = 0;
  std::atomic<std::size_t> round_{0};
  static constexpr std::size_t nobody = static_cast<std::size_t>(-1);
  std::atomic<std::size_t> failed_{nobody};  // the lowest task that failed
  std::exception_ptr failure_;               // its
  bool open_ = false;                        // tasks are being taken
  std::atomic<bool> closing_ = false;
  std::vector<std::thread> workers_;  // last: they use all of the above
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
  if (inside_task) throw Error("the number of threads cannot be changed from within a task, which runs on one of them");
  pool().reset();
  if (count > 1) pool() = std::make_unique<Pool>(count);
}

std::size_t available_processors() {
  const unsigned found = std::thread::hardware_concurrency();
  return found > 0 ? found : 1;
}

void run_tasks(std::size_t count, const std::function<void(std::size_t)>& task) {
  if (count <= 1 || !pool() || inside_task) {
    for (std::size_t i = 0; i < count; ++i) task(i);
    return;
  }
  pool()->run(count, task);
}

}  // namespace adatom
