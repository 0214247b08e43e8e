#include "core/processor.hpp"

#include "core/error.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::Equals;

TEST_CASE("ADATOM_PROCESSOR lowers the level, never raises it, and nothing in it leaves the best",
          "[core][processor]") {
  constexpr Processor levels[] = {Processor::baseline, Processor::avx2, Processor::avx512};
  for (const Processor best : levels) {
    CHECK(processor_named("", best) == best);
    for (const Processor level : levels) {
      INFO(name(level) << " on " << name(best));
      if (level <= best) CHECK(processor_named(name(level), best) == level);
      if (level > best) CHECK_THROWS_AS(processor_named(name(level), best), InputError);
    }
  }
}

TEST_CASE("a level that does not exist, or not here, is refused with those that do", "[core][processor]") {
  CHECK_THROWS_WITH(processor_named("avx3", Processor::avx512),
                    Equals("ADATOM_PROCESSOR: expected one of baseline, avx2, avx512, found 'avx3'"));
  CHECK_THROWS_WITH(processor_named("AVX2", Processor::avx2),
                    Equals("ADATOM_PROCESSOR: expected one of baseline, avx2, found 'AVX2'"));
  CHECK_THROWS_WITH(processor_named("avx2 ", Processor::baseline),
                    Equals("ADATOM_PROCESSOR: expected one of baseline, found 'avx2 '"));
  CHECK_THROWS_WITH(processor_named("avx512", Processor::avx2),
                    Equals("ADATOM_PROCESSOR: this processor has no avx512, expected one of baseline, avx2"));
}
