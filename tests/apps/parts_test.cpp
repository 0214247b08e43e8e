// Parts that commands are made of: files that grow, saving now and then, numbers as text, the look of --help.
#include <sys/resource.h>

#include <chrono>
#include <cmath>
#include <csignal>
#include <thread>

#include "apps/help.hpp"
#include "apps/output_files.hpp"
#include "apps/regular_saves.hpp"
#include "apps/table.hpp"
#include "core/error.hpp"
#include "tests/apps/run.hpp"
#include "tests/support/catch.hpp"

using namespace adatom::apps;

TEST_CASE("an extended XYZ file that was cut anywhere keeps its whole frames", "[apps][files]") {
  const TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "t.xyz";
  const std::string first = "2\nenergy=-1\nAr 0 0 0\nAr 0 0 3.8\n", second = "1\n\nAr 0 0 0.5\n", both = first + second;
  for (std::size_t length = 2; length <= both.size(); ++length) {  // "2\n" at least: else nothing says what it is
    write(path, both.substr(0, length));
    drop_unfinished_frame(path);
    CAPTURE(length);
    CHECK(content(path) == (length == both.size() ? both : length >= first.size() ? first : ""));
  }
  for (const std::string text : {"", "no number\nat all", "-3\n\n", "2 \nAr", "1e3\nx\n"}) {
    write(path, text);
    drop_unfinished_frame(path);
    CHECK(content(path) == text);
  }
  drop_unfinished_frame(folder.path() / "none.xyz");
  CHECK_FALSE(std::filesystem::exists(folder.path() / "none.xyz"));
}

TEST_CASE("text is added to a file, which is made if missing", "[apps][files]") {
  const TemporaryFolder folder;
  append_to_file(folder.path() / "log", "one\n");
  append_to_file(folder.path() / "log", "two\n");
  CHECK(content(folder.path() / "log") == "one\ntwo\n");
  CHECK_THROWS_AS(append_to_file(folder.path() / "missing" / "log", "x"), adatom::Error);
  CHECK_THROWS_AS(append_to_file(folder.path(), "x"), adatom::Error);

  // Where a part of it has no room, none of it is added.
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit ten_bytes{.rlim_cur = 10, .rlim_max = before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &ten_bytes);
  CHECK_THROWS_WITH(append_to_file(folder.path() / "log", "three\n"),
                    Catch::Matchers::Equals("cannot write '" + (folder.path() / "log").string() + "': File too large"));
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  CHECK(content(folder.path() / "log") == "one\ntwo\n");
}

TEST_CASE("saving takes a twentieth of the time at most, and its errors are warnings", "[apps][files]") {
  RegularSaves seldom(1e300), often(0.0);
  CHECK_FALSE(seldom.due());
  CHECK(often.due());
  int written = 0;
  often.save([&written] { ++written; });
  while (!often.due()) std::this_thread::yield();
  often.save([&written]() -> void {
    ++written;
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    throw adatom::Error("cannot write 'test': No space left on device");
  });
  CHECK(written == 2);
  CHECK_FALSE(often.due());  // for another ten seconds
}

TEST_CASE("numbers are text of as many digits as asked for", "[apps][table]") {
  CHECK(fixed(3.14159, 2) == "3.14");
  CHECK(fixed(-0.001, 2) == "0.00");
  CHECK(fixed(1e300, 1).size() == 303);
  CHECK(fixed(std::nan(""), 1) == "-");
  CHECK(general(1e-5, 3) == "1e-05");
  CHECK(general(1.0 / 3.0) == "0.3333");
  CHECK(scientific(0.004, 2) == "4.00e-03");
  CHECK(to_the_right("Å", 4) == "   Å");
  CHECK(to_the_right("1234", 4) == " 1234");
}

TEST_CASE("help is wrapped, but for commands that one may want to copy", "[apps][help]") {
  std::string sentence, command = "  adatom";
  for (int i = 0; i < 40; ++i) {
    sentence += "über ";  // ü is two bytes and one column
    command += " --option";
  }
  CLI::App app;
  app.footer("\n" + sentence + "\n\nExample:\n" + command);
  std::string line;  // of words with one space between them, below 100 columns
  for (int i = 0; i < 19; ++i) line += "über ";
  line += "über\n";
  CHECK(HelpFormatter().make_footer(&app) == line + line + "\nExample:\n" + command + "\n");

  std::size_t value = 0;
  const CLI::Option* const option = app.add_option("--a-name-that-is-far-too-long", value, sentence);
  std::istringstream lines(HelpFormatter().make_option(option, false));
  std::getline(lines, line);
  CHECK(line.starts_with("  --a-name-that-is-far-too-long"));
  while (std::getline(lines, line)) {
    CHECK(line.starts_with(std::string(30, ' ') + "über"));
    CHECK(display_width(line) < 100);
  }
}
