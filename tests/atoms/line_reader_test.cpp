#include "atoms/line_reader.hpp"

#include <sys/stat.h>

#include <string>
#include <thread>
#include <vector>

#include "core/error.hpp"
#include "core/file.hpp"
#include "core/random.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

std::vector<std::string> all_lines(LineReader reader) {
  std::vector<std::string> lines;
  for (std::string_view line; reader.next(line);) {
    lines.emplace_back(line);
    if (reader.number() != lines.size()) FAIL("line number");
  }
  CHECK(reader.bytes_left() == 0);
  return lines;
}

}  // namespace

TEST_CASE("lines longer than the buffer and ends on its border", "[atoms][lines]") {
  Random random(41);
  const TemporaryFolder folder;
  for (int trial = 0; trial < 20; ++trial) {
    // Lengths around the buffer's 2^18 bytes, so that line ends fall on every side of its border.
    std::vector<std::string> lines;
    std::string text;
    const std::string end = trial % 2 == 0 ? "\n" : "\r\n";
    for (int i = 0; i < 6; ++i) {
      const std::size_t length = i % 2 == 0 ? (1 << 18) - 4 + random.below(8) : random.below(900000);
      lines.emplace_back(length, static_cast<char>('a' + i));
      text += lines.back() + end;
    }
    if (trial % 4 < 2) text.resize(text.size() - end.size());
    CHECK(all_lines(LineReader("memory", text, "text")) == lines);
    if (trial > 2) continue;
    write_file(folder.path() / "x", text);
    CHECK(all_lines(LineReader(folder.path() / "x", "text")) == lines);
  }
}

TEST_CASE("lines of small texts", "[atoms][lines]") {
  using Lines = std::vector<std::string>;
  CHECK(all_lines(LineReader("m", "", "text")).empty());
  CHECK(all_lines(LineReader("m", "\n", "text")) == Lines{""});
  CHECK(all_lines(LineReader("m", "a", "text")) == Lines{"a"});
  CHECK(all_lines(LineReader("m", "a\n\nb", "text")) == Lines{"a", "", "b"});
  CHECK(all_lines(LineReader("m", "a\r\n\r\nb\r", "text")) == Lines{"a", "", "b"});
  CHECK(all_lines(LineReader("m",
                             "\xef\xbb\xbf"
                             "a\n",
                             "text")) == Lines{"a"});
  CHECK(all_lines(LineReader("m", "\xef\xbb\xbf", "text")).empty());
}

TEST_CASE("lines: what is refused", "[atoms][lines][errors]") {
  const auto read = [](std::string text) { return all_lines(LineReader("m", std::move(text), "a diary")); };
  CHECK_THROWS_WITH(read(std::string("a\nb\0c\n", 6)), "m:2: a byte with value zero: this is not a diary");
  CHECK_THROWS_WITH(read("\x1f\x8b rest"), ContainsSubstring("'m' is not a diary (looks like gzip"));
  CHECK_THROWS_WITH(read("ok\n" + std::string(70 << 20, 'x')), ContainsSubstring("m:2: line longer than 64 MB"));
  CHECK_THROWS_AS(LineReader("no/such/file", "a diary"), InputError);
}

TEST_CASE("lines of a pipe", "[atoms][lines]") {
  const TemporaryFolder folder;
  const auto pipe = folder.path() / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  std::thread writer([&] { write_file(pipe, "first\nsecond\n"); });
  LineReader reader(pipe, "text");
  CHECK(reader.bytes_left() > 1000000);  // unknown
  std::string_view line;
  CHECK(reader.next(line));
  CHECK(line == "first");
  CHECK(reader.next(line));
  CHECK(line == "second");
  CHECK_FALSE(reader.next(line));
  writer.join();
}
