// The README quotes code that compiles and runs: every C++ block of it stands, to the letter, in docs/tour.cpp.
#include <string>

#include "core/file.hpp"
#include "tests/support/catch.hpp"

TEST_CASE("the README's code is the code of the tour", "[core][docs]") {
  const std::string root = ADATOM_SOURCE_DIR;
  const std::string readme = adatom::read_file(root + "/README.md"), tour = adatom::read_file(root + "/docs/tour.cpp");
  const std::string open = "```cpp\n", close = "```\n";
  std::size_t blocks = 0;
  for (std::size_t at = readme.find(open); at != std::string::npos; at = readme.find(open, at)) {
    at += open.size();
    const std::size_t end = readme.find(close, at);
    REQUIRE(end != std::string::npos);
    INFO(readme.substr(at, end - at));
    CHECK(tour.find(readme.substr(at, end - at)) != std::string::npos);
    ++blocks;
    at = end;
  }
  CHECK(blocks >= 1);
}
