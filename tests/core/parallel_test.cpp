#include "core/parallel.hpp"

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>
#include <vector>

#include "core/error.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;

TEST_CASE("every task runs exactly once with any number of threads", "[core][parallel]") {
  for (const std::size_t threads : {1u, 2u, 3u, 8u}) {
    set_thread_count(threads);
    for (int round = 0; round < 200; ++round) {
      std::vector<std::atomic<int>> calls(57);
      parallel_for(calls.size(), [&](std::size_t i) { ++calls[i]; });
      for (const std::atomic<int>& count : calls) REQUIRE(count == 1);
    }
  }
  set_thread_count(1);
}

TEST_CASE("an exception in a task reaches the caller and the pool goes on working", "[core][parallel]") {
  set_thread_count(2);
  for (int round = 0; round < 20; ++round) {
    CHECK_THROWS_AS(parallel_for(100,
                                 [](std::size_t i) {
                                   if (i == 13) throw NumericalError("thirteen");
                                 }),
                    NumericalError);
  }
  std::atomic<int> done{0};
  parallel_for(10, [&](std::size_t) { ++done; });
  CHECK(done == 10);
  set_thread_count(1);
}

TEST_CASE("tasks run at the same time, round after round", "[core][parallel]") {
  set_thread_count(2);
  if (thread_count() == 1) return;  // built without threads
  for (int round = 0; round < 3; ++round) {
    std::atomic<int> met{0};
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    parallel_for(2, [&](std::size_t) {  // each waits for the other
      ++met;
      while (met < 2 && std::chrono::steady_clock::now() < end) std::this_thread::yield();
      if (met < 2) met = -100;
    });
    CHECK(met == 2);
  }
  set_thread_count(1);
}

TEST_CASE("after an exception no further task begins", "[core][parallel]") {
  for (const std::size_t threads : {1u, 2u}) {
    set_thread_count(threads);
    std::atomic<int> done{0};
    const auto task = [&](std::size_t i) {
      if (i == 0) throw NumericalError("the first");
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      ++done;
    };
    CHECK_THROWS_AS(parallel_for(400, task), NumericalError);
    CHECK(done < 300);  // a few milliseconds' worth; with more, others would have gone on
  }
  set_thread_count(1);
}

TEST_CASE("of several exceptions that of the lowest task counts, on any number of threads", "[core][parallel]") {
  for (const std::size_t threads : {1u, 2u, 3u}) {
    set_thread_count(threads);
    const auto task = [](std::size_t i) {
      if (i == 7) std::this_thread::sleep_for(std::chrono::milliseconds(5));  // others fail meanwhile
      if (i % 20 == 7) throw NumericalError("task " + std::to_string(i));
    };
    for (int round = 0; round < 5; ++round) CHECK_THROWS_WITH(parallel_for(200, task), "task 7");
  }
  set_thread_count(1);
}

TEST_CASE("nested loops run and none is an error", "[core][parallel]") {
  set_thread_count(2);
  std::atomic<int> done{0};
  parallel_for(6, [&](std::size_t) { parallel_for(5, [&](std::size_t) { ++done; }); });
  CHECK(done == 30);
  parallel_for(0, [](std::size_t) { throw std::logic_error("never called"); });
  CHECK_THROWS_AS(set_thread_count(0), InputError);
  CHECK_THROWS_AS(set_thread_count(1025), InputError);
  // A task cannot take away the threads it runs on.
  if (thread_count() > 1) CHECK_THROWS_AS(parallel_for(4, [](std::size_t) { set_thread_count(3); }), Error);
  set_thread_count(1);
}

TEST_CASE("shared callbacks run one at a time", "[core][parallel]") {
  OneAtATime door;
  int calls = 0;  // not atomic: that is what the door is for
  std::atomic<int> inside{0}, most{0};
  std::vector<std::thread> threads;  // of the test's own, so that there are several in any build
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i) {
        door.run([&] {
          if (++inside > 1) most = 2;
          ++calls;
          std::this_thread::yield();
          --inside;
        });
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(calls == 2000);
  CHECK(most == 0);
  CHECK_THROWS_AS(door.run([] { throw NumericalError("in the room"); }), NumericalError);
  door.run([&] { ++calls; });  // the exception has left the door open
  CHECK(calls == 2001);
}
