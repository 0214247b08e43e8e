// The lesson programs: every section runs, together and alone, and every figure it names has data that can be drawn.
#include <cmath>
#include <set>
#include <vector>

#include "tests/apps/run.hpp"
#include "tests/support/catch.hpp"

using Catch::Matchers::ContainsSubstring;

namespace {

namespace fs = std::filesystem;

const std::vector<std::string> lessons{ADATOM_LESSON_NAMES};

Outcome run_lesson(const fs::path& folder, const std::string& lesson, const std::string& arguments) {
  return shell(folder, "'" ADATOM_LESSONS "/" + lesson + "' " + arguments);
}

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> all;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) all.push_back(line);
  return all;
}

/// Words with single blanks between them, wherever lines were broken.
std::string one_line(const std::string& text) {
  std::istringstream words(text);
  std::string joined;
  for (std::string word; words >> word;) joined += (joined.empty() ? "" : " ") + word;
  return joined;
}

/// The first words below "Sections:" in --help.
std::vector<std::string> sections(const fs::path& folder, const std::string& lesson) {
  std::vector<std::string> names;
  bool inside = false;
  for (const std::string& line : lines(run_lesson(folder, lesson, "--help").output)) {
    if (inside && line.empty()) break;
    if (inside) names.push_back(line.substr(2, line.find(' ', 2) - 2));
    inside = inside || line == "Sections:";
  }
  return names;
}

/// The files that a run points to, "→ out/lesson1/roots.png".
std::set<std::string> files_named(const std::string& output) {
  const std::string arrow = "→ ";
  std::set<std::string> files;
  for (const std::string& line : lines(output)) {
    if (line.starts_with(arrow)) files.insert(line.substr(arrow.size()));
  }
  return files;
}

/// The data files that a gnuplot script reads.
std::set<std::string> data_files(const std::string& script) {
  std::set<std::string> files;
  for (std::size_t end = 0; (end = script.find(".dat'", end)) != std::string::npos; ++end) {
    const std::size_t begin = script.rfind('\'', end) + 1;
    files.insert(script.substr(begin, end + 4 - begin));
  }
  return files;
}

/// How many numbers a data file holds; text in quotes is passed over, anything else fails.
std::size_t finite_numbers(const fs::path& file) {
  std::size_t count = 0;
  for (const std::string& line : lines(content(file))) {
    if (line.starts_with('#')) continue;
    std::istringstream words(line);
    for (std::string word; words >> word;) {
      if (word.starts_with('"')) continue;
      char* end = nullptr;
      const double value = std::strtod(word.c_str(), &end);
      if (*end != '\0' || !std::isfinite(value)) FAIL_CHECK(file.string() + " holds '" + word + "'");
      ++count;
    }
  }
  return count;
}

bool gnuplot_is_installed(const fs::path& folder) { return shell(folder, "command -v gnuplot").code == 0; }

void check_figure(const fs::path& folder, const std::string& picture) {
  CAPTURE(picture);
  const fs::path script = (folder / picture).replace_extension(".gp");
  REQUIRE(fs::exists(script));
  const std::set<std::string> data = data_files(content(script));
  // A graph is drawn from boxes and arrows in the script; its data is the graph itself.
  CHECK((!data.empty() || fs::exists(fs::path(script).replace_extension(".dot"))));
  for (const std::string& file : data) {
    REQUIRE(fs::exists(script.parent_path() / file));
    CHECK(finite_numbers(script.parent_path() / file) > 0);
  }
  if (gnuplot_is_installed(folder)) CHECK(fs::file_size(folder / picture) > 2000);  // a picture, not an empty page
}

void check_files(const fs::path& folder, const std::set<std::string>& files) {
  for (const std::string& file : files) {
    CAPTURE(file);
    if (file.ends_with(".png")) {
      check_figure(folder, file);
    } else {
      CHECK(fs::exists(folder / file));
    }
  }
}

}  // namespace

TEST_CASE("a lesson runs from its first section to its last, each alone too", "[apps][lessons]") {
  for (const std::string& lesson : lessons) {
    CAPTURE(lesson);
    const TemporaryFolder folder;
    const std::vector<std::string> names = sections(folder.path(), lesson);
    REQUIRE(!names.empty());
    const Outcome all = run_lesson(folder.path(), lesson, "--quick");
    REQUIRE(all.code == 0);
    CHECK(all.errors.find("warning") == std::string::npos);
    const std::set<std::string> files = files_named(all.output);
    CHECK(!files.empty());
    for (const std::string& file : files) CHECK_THAT(file, ContainsSubstring("out/" + lesson + "/"));
    check_files(folder.path(), files);

    std::set<std::string> together;
    for (const std::string& name : names) {
      CAPTURE(name);
      const TemporaryFolder alone;
      const Outcome outcome = run_lesson(alone.path(), lesson, "--quick --section " + name + " --output figures");
      CHECK(outcome.code == 0);
      for (const std::string& file : files_named(outcome.output)) {
        CHECK(fs::exists(
            (alone.path() / file).replace_extension(file.ends_with(".png") ? ".gp" : fs::path(file).extension())));
        together.insert("out/" + lesson + file.substr(std::string("figures").size()));
      }
    }
    CHECK(together == files);
  }
}

TEST_CASE("a section gives the same alone and in the whole lesson, and another seed other numbers", "[apps][lessons]") {
  const TemporaryFolder folder;
  REQUIRE(run_lesson(folder.path(), "lesson1", "--quick --section random --output alone").code == 0);
  REQUIRE(
      run_lesson(folder.path(), "lesson1", "--quick --section roots --section random --output both --threads 1").code ==
      0);
  REQUIRE(run_lesson(folder.path(), "lesson1", "--quick --section random --output other --seed 2").code == 0);
  const auto data = [&folder](const std::string& name) { return content(folder.path() / name / "random.dat"); };
  CHECK(data("alone") == data("both"));
  CHECK(data("alone") != data("other"));
}

TEST_CASE("a lesson's numbers are right", "[apps][lessons]") {
  const TemporaryFolder folder;
  const std::string output = one_line(run_lesson(folder.path(), "lesson1", "--quick").output);
  CHECK_THAT(output,
             ContainsSubstring("all terms of SGTE 286.20"));  // measured: 286.35 K
  CHECK_THAT(output, ContainsSubstring("1.644834071848"));    // Σ 1/k² to 10 000, by the Euler–Maclaurin formula
  CHECK_THAT(output, ContainsSubstring("2⁻⁵² = 2.22e-16"));
  CHECK_THAT(output, ContainsSubstring("H2O"));
  CHECK_THAT(output, ContainsSubstring("there is no atom 3: the structure has 3"));
}

TEST_CASE("a lesson refuses what it does not understand, in one line", "[apps][lessons]") {
  const TemporaryFolder folder;
  for (const std::string& lesson : lessons) {
    CAPTURE(lesson);
    const auto refused = [&](const std::string& arguments, int code, const std::string& message) {
      CAPTURE(arguments);
      const Outcome outcome = run_lesson(folder.path(), lesson, arguments);
      CHECK(outcome.code == code);
      CHECK(lines(outcome.errors).size() == 1);
      CHECK_THAT(outcome.errors, ContainsSubstring(message));
    };
    refused("--quik", 2, "did you mean '--quick'?");
    refused("--section nonsense", 2, "--section: expected one of ");
    refused("sums", 2, "a section is chosen with --section");
    refused("--seed x", 2, "--seed: expected a whole number, found 'x'");
    refused("--quick --output /proc/nowhere", 1, "cannot create the folder '/proc/nowhere'");
  }
}

TEST_CASE("without gnuplot a lesson writes data and scripts, and says so", "[apps][lessons]") {
  const TemporaryFolder folder;
  const Outcome without = shell(folder.path(), "mkdir empty; PATH=$PWD/empty '" ADATOM_LESSONS
                                               "/lesson1' --section roots --section integration --quick --output o");
  CHECK(without.code == 0);
  CHECK_THAT(without.errors, ContainsSubstring("gnuplot is not installed"));
  CHECK(lines(without.errors).size() == 1);
  CHECK(finite_numbers(folder.path() / "o/roots.dat") > 0);
  CHECK(fs::exists(folder.path() / "o/roots.gp"));
  CHECK_FALSE(fs::exists(folder.path() / "o/roots.png"));
}
