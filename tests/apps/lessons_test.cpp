// The lesson programs: every section runs, together and alone, and every figure it names has data that can be drawn.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <vector>

#include "apps/plot.hpp"
#include "tests/apps/lesson_output.hpp"

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

/// The sections of a whole run by their titles, from below the heading on.
std::map<std::string, std::string> parts(const std::string& output) {
  const std::string rule = "━━ ";
  std::map<std::string, std::string> all;
  for (std::size_t at = output.find(rule); at != std::string::npos;) {
    const std::size_t end = output.find('\n', at), next = output.find("\n" + rule, end);
    const std::size_t begin = output.find("  ", at) + 2;  // after the number
    const std::string title = output.substr(begin, output.find(" ━", begin) - begin);
    const std::size_t stop = next == std::string::npos ? output.rfind("Done in ") : next + 1;
    all[title] = output.substr(end + 1, stop - end - 1);
    at = next == std::string::npos ? next : next + 1;
  }
  return all;
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

/// A section asks first and says last, in one paragraph, what was seen.
void check_question_and_answer(const std::string& title, const std::string& text) {
  CAPTURE(title);
  CHECK(text.starts_with("\nQuestion: "));
  CHECK(text.find('?') < text.find("\n\n", 1));
  const std::size_t conclusion = text.rfind("\nWhat we saw: ");
  REQUIRE(conclusion != std::string::npos);
  CHECK(text.find("\n\n", conclusion) == text.size() - 2);
  CHECK(text.rfind("→ ") < conclusion);
}

}  // namespace

TEST_CASE("a lesson runs from its first section to its last, each alone too, with question and answer",
          "[apps][lessons]") {
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
    CHECK(parts(all.output).size() == names.size());
    for (const auto& [title, text] : parts(all.output)) check_question_and_answer(title, text);

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

TEST_CASE("a lesson gives the same twice, on one thread and on two", "[apps][lessons]") {
  // Sections that print times.
  const std::set<std::string> timed{"Sums by loops and by tensors", "Why vectorised code is fast",
                                    "A first class: an atom, a structure", "Forward and reverse mode",
                                    "Lennard-Jones three times"};
  const std::set<std::string> timed_data{"sums.dat", "speed.dat", "classes.dat", "dual.dat", "lennard_jones.dat"};
  for (const std::string& lesson : lessons) {
    CAPTURE(lesson);
    const TemporaryFolder folder;
    const auto run = [&](const std::string& name, const std::string& threads) {
      fs::create_directory(folder.path() / name);
      return parts(run_lesson(folder.path() / name, lesson, "--quick --threads " + threads).output);
    };
    const auto one = run("one", "1"), two = run("two", "2");
    for (const auto& [title, text] : one) {
      CAPTURE(title);
      if (!timed.contains(title)) CHECK(text == two.at(title));
    }
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder.path() / "one")) {
      const std::string name = entry.path().filename().string();
      if (!(name.ends_with(".dat") || name.ends_with(".extxyz")) || timed_data.contains(name)) continue;
      CAPTURE(name);
      CHECK(content(entry.path()) ==
            content(folder.path() / "two" / fs::relative(entry.path(), folder.path() / "one")));
    }
  }
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
    const std::string section = sections(folder.path(), lesson).back();
    refused("--section " + section + "x", 2, "did you mean '" + section + "'?");
    refused("sums", 2, "a section is chosen with --section");
    refused("--seed x", 2, "--seed: expected a whole number, found 'x'");
    refused("--quick --output /proc/nowhere", 2, "cannot create the folder '/proc/nowhere'");
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

TEST_CASE("the graph of lesson 2 is drawn with and without Graphviz", "[apps][lessons]") {
  const TemporaryFolder folder;
  // A stand-in for dot, and a path on which there is nothing.
  const Outcome outcome = shell(folder.path(),
                                "mkdir empty tools; printf \"#!/bin/sh\\necho drawn > \\\"\\$3\\\"\\n\" > tools/dot; "
                                "chmod +x tools/dot; L=" ADATOM_LESSONS
                                "/lesson2; PATH=$PWD/empty $L --quick --section graph --output without && "
                                "PATH=$PWD/tools:$PATH $L --quick --section graph --output with");
  REQUIRE(outcome.code == 0);
  for (const std::string name : {"graph", "graph_derivative"}) {
    CHECK_THAT(outcome.output, ContainsSubstring("→ without/" + name + ".dot"));
    CHECK_THAT(one_line(outcome.output), ContainsSubstring("dot -Tsvg " + name + ".dot > " + name + ".svg"));
    CHECK_THAT(outcome.output, ContainsSubstring("→ with/" + name + "_dot.svg"));
    CHECK(fs::exists(folder.path() / "with" / (name + "_dot.svg")));
    CHECK(content(folder.path() / "with" / (name + ".dot")) == content(folder.path() / "without" / (name + ".dot")));
  }
  // x is used twice: by the product and by the sine. Names and values as in the other drawing.
  const std::string graph = content(folder.path() / "with/graph.dot");
  for (const std::string box : {"\"x\\n0.5\"", "\"y\\n2\"", "\"multiply\\n1\"", "\"sin\\n0.4794\"", "\"add\\n1.479\""})
    CHECK_THAT(graph, ContainsSubstring(box));
  CHECK(std::count(graph.begin(), graph.end(), '>') == 5);
}

TEST_CASE("curves of a panel differ without their colours too, and the key hides none of them", "[apps][lessons]") {
  using namespace adatom::apps;
  const TemporaryFolder folder;
  Panel panel{.title = "nine curves", .x_label = "x", .y_label = "y"};
  for (const Style style : {Style::lines, Style::dashes, Style::points}) {
    for (const std::string title : {"one", "two", "three"})
      panel.curves.push_back({.title = title, .x = {0.0, 1.0}, .y = {0.0, 1.0}, .style = style});
  }
  plot(folder.path(), "keyed", {panel});
  for (Curve& curve : panel.curves) curve.title.clear();
  plot(folder.path(), "bare", {panel});
  const std::string script = content(folder.path() / "keyed.gp"), bare = content(folder.path() / "bare.gp");
  std::set<std::string> looks;
  for (std::size_t at = script.find(" with "); at != std::string::npos; at = script.find(" with ", at + 1))
    looks.insert(script.substr(at, script.find(" linecolor", at) - at));
  CHECK(looks.size() == 9);
  CHECK_THAT(script, ContainsSubstring("set key bmargin "));  // outside, below
  CHECK_THAT(bare, ContainsSubstring("unset key"));
  // Nine entries of five letters stand in three rows of 24 pixels, by which the picture is higher.
  CHECK_THAT(script, ContainsSubstring(" maxcols 3\n"));
  CHECK_THAT(script, ContainsSubstring("size 760,632 "));
  CHECK_THAT(bare, ContainsSubstring("size 760,560 "));
}
