// adatom view: its options by what stands in the page; tests/apps/view_in_browser.py looks at the page itself.
#include "dynamics/vibrations.hpp"
#include "tests/apps/run.hpp"
#include "tests/support/catch.hpp"

using Catch::Matchers::ContainsSubstring;

TEST_CASE("view shows the frames, copies and title that it is told", "[apps][view]") {
  const TemporaryFolder folder;
  std::string text;
  for (int step = 0; step < 4; ++step)
    text +=
        "1\nLattice=\"3 0 0 0 3 0 0 0 3\" Properties=species:S:1:pos:R:3 step=" + std::to_string(step) + "\nAr 0 0 0\n";
  write(folder.path() / "a.xyz", text);
  const auto page = [&folder](const std::string& options) {
    const Outcome outcome = run(folder.path(), "view a.xyz --quiet " + options);
    INFO(outcome.errors);
    REQUIRE(outcome.code == 0);
    return content(folder.path() / "a.html");
  };
  const std::string plain = page("");
  CHECK_THAT(plain, ContainsSubstring("<title>a.xyz</title>"));
  for (int step = 0; step < 4; ++step)
    CHECK_THAT(plain, ContainsSubstring("Ar, 1 atom · step " + std::to_string(step) + "\""));

  const std::string some = page("--frames 1:3 --title 'two & \"more\" <b>'");
  CHECK_THAT(some, ContainsSubstring("<title>two &amp; \"more\" &lt;b&gt;</title>"));
  for (int step = 0; step < 4; ++step) {
    CHECK((some.find("Ar, 1 atom · step " + std::to_string(step) + "\"") != std::string::npos) ==
          (step == 1 || step == 2));
  }
  CHECK_THAT(page("--repeat 2,1,3"), ContainsSubstring("Ar6, 6 atoms · step 0\""));
}

TEST_CASE("view tells the mode and the wavenumber of a film of adatom vibrations", "[apps][view][vibrations]") {
  const TemporaryFolder folder;
  write(folder.path() / "co.xyz", "2\n\nC 0 0 0\nO 0 0.2 0.8\n");  // too short: its rotations are imaginary
  REQUIRE(run(folder.path(), "vibrations co.xyz -p emt --modes film.xyz -o w --quiet").code == 0);
  REQUIRE(run(folder.path(), "view film.xyz --quiet").code == 0);
  const std::string page = content(folder.path() / "film.html");
  const std::vector<std::vector<double>> modes = numbers_of(folder.path() / "w");
  REQUIRE(modes.size() == 6);
  REQUIRE(modes.front()[1] < -1.0);
  for (const std::vector<double>& mode : modes) {
    const std::string wavenumber = adatom::wavenumber_text(mode[1]);
    CHECK_THAT(
        page, ContainsSubstring("CO, 2 atoms · mode " + std::to_string(int(mode[0])) + " · " + wavenumber + " cm⁻¹\""));
  }
}
