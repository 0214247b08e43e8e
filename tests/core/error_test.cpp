#include "core/error.hpp"

#include "tests/support/catch.hpp"

using namespace adatom;

TEST_CASE("every error can be caught as Error and keeps its text", "[core][error]") {
  const auto thrown = [](auto error) {
    try {
      throw error;
    } catch (const Error& caught) {
      return std::string(caught.what());
    }
  };
  CHECK(thrown(InputError("x.xyz:3: bad")) == "x.xyz:3: bad");
  CHECK(thrown(NumericalError("diverged")) == "diverged");
  CHECK(thrown(ShapeError("add: (2) and (3)")) == "add: (2) and (3)");
}
