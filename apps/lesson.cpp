#include "apps/lesson.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <limits>
#include <memory>
#include <sstream>

#include "apps/console.hpp"
#include "apps/help.hpp"
#include "apps/options.hpp"
#include "apps/output_files.hpp"
#include "apps/program.hpp"
#include "core/error.hpp"
#include "core/file.hpp"

namespace adatom::apps {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t text_width = 96;

struct LessonOptions {
  CommonOptions common;
  std::vector<std::string> sections;
  fs::path output;
  bool quick = false;
};

/// A paragraph whose lines all begin with `indent` blanks.
std::string wrapped_text(std::string_view paragraph, std::size_t indent) {
  return std::string(indent, ' ') + wrapped(paragraph, indent, text_width) + "\n";
}

std::string heading(const Lesson& lesson, std::size_t index) {
  const SectionEntry& section = lesson.sections[index];
  std::string line =
      "━━ " + std::to_string(lesson.number) + "." + std::to_string(index + 1) + "  " + section.title + " ";
  while (display_width(line) < text_width) line += "━";
  return line + "\n\n" + wrapped_text("Question: " + section.question, 0) + "\n";
}

std::string list_of_sections(const Lesson& lesson) {
  std::size_t width = 0;
  for (const SectionEntry& section : lesson.sections) width = std::max(width, display_width(section.name));
  std::string list = "Sections:\n";
  for (const SectionEntry& section : lesson.sections) {
    list += "  " + section.name + std::string(width + 2 - display_width(section.name), ' ') + section.summary + "\n";
  }
  return list;
}

std::vector<std::string> section_names(const Lesson& lesson) {
  std::vector<std::string> names;
  for (const SectionEntry& section : lesson.sections) names.push_back(section.name);
  return names;
}

void run_sections(const Lesson& lesson, const LessonOptions& o) {
  apply(o.common);
  make_folder(o.output);
  const auto wanted = [&o](const SectionEntry& section) {
    return o.sections.empty() || std::find(o.sections.begin(), o.sections.end(), section.name) != o.sections.end();
  };
  const auto begin = std::chrono::steady_clock::now();
  say("Lesson " + std::to_string(lesson.number) + ": " + lesson.title + "\n\n");
  if (o.sections.empty()) say(wrapped_text(lesson.about, 0) + "\n");
  for (std::size_t i = 0; i < lesson.sections.size(); ++i) {
    if (!wanted(lesson.sections[i])) continue;
    say(heading(lesson, i));
    Section section(o.quick, o.output, o.common.seed);
    lesson.sections[i].run(section);
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  say("Done in " + duration_text(seconds) + ". Figures, their data and their scripts are in '" + o.output.string() +
      "'.\n");
}

}  // namespace

void Section::say(std::string_view paragraph) const { apps::say(wrapped_text(paragraph, 0) + "\n"); }

void Section::conclude(std::string_view paragraph) const { say("What we saw: " + std::string(paragraph)); }

void Section::quote(std::string_view lines) const {
  std::istringstream stream{std::string(lines)};
  std::string text;
  for (std::string line; std::getline(stream, line);) text += (line.empty() ? "" : "  " + line) + "\n";
  apps::say(text + "\n");
}

void Section::show(const Table& table) const { apps::say(table.text() + "\n"); }

void Section::plot(const std::string& name, const std::vector<Panel>& panels, std::string_view look_at,
                   const Layout& layout) const {
  apps::plot(folder, name, panels, layout);
  point_to(name + ".png", look_at);
}

void Section::draw(const std::string& name, const std::string& script, std::string_view look_at) const {
  apps::draw(folder, name, script);
  point_to(name + ".png", look_at);
}

void Section::point_to(const std::string& file, std::string_view what) const {
  apps::say("→ " + (folder / file).string() + "\n" + wrapped_text(what, 2) + "\n");
}

void Section::write_data(const std::string& name, const std::vector<std::string>& headings,
                         const std::vector<std::vector<double>>& columns) const {
  const std::size_t rows = columns.empty() ? 0 : columns.front().size();
  for (const std::vector<double>& column : columns) {
    if (column.size() != rows || headings.size() != columns.size())
      throw ShapeError("write_data '" + name + "': columns or headings differ in number");
  }
  std::string text = "#";
  for (const std::string& word : headings) text += " " + word;
  text += "\n";
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t c = 0; c < columns.size(); ++c) text += (c == 0 ? "" : " ") + general(columns[c][i], 12);
    text += "\n";
  }
  write_file(folder / (name + ".dat"), text);
}

int run_lesson(int argc, char** argv, const Lesson& lesson) {
  const std::string name = "lesson" + std::to_string(lesson.number);
  LessonOptions o;
  o.output = "out/" + name;
  const std::string about = wrapped_text(lesson.about, 0);
  CLI::App app(
      "Lesson " + std::to_string(lesson.number) + ": " + lesson.title + "\n" + about.substr(0, about.size() - 1), name);
  app.formatter(std::make_shared<HelpFormatter>());
  app.set_help_flag("-h,--help", "this text")->group("General");
  const std::string group = "Lesson";
  add_choices(app, "--section", o.sections, section_names(lesson), "run this section only; may be given several times")
      .group(group);
  add_value(app, "--output", o.output, "folder for figures and their data, made if missing", "DIR").group(group);
  add_flag(app, "--quick", o.quick, "seconds instead of minutes: does it run?").group(group);
  add_general(app, o.common, true);
  set_footer(app, list_of_sections(lesson) + "\nExample:\n  " + name + " --section " + lesson.sections.front().name);
  return parse_and_run(
      app, {argv + 1, argv + argc},
      [&lesson, &o] {
        run_sections(lesson, o);
        return 0;
      },
      "; a section is chosen with --section");
}

double best_seconds(const std::function<void()>& work, double duration) {
  using Clock = std::chrono::steady_clock;
  const auto since = [](Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
  };
  const auto begin = Clock::now();
  work();
  // Short work is repeated within one measurement, so that reading the clock (some 30 ns) does not count.
  const double once = since(begin);
  const auto repetitions = static_cast<std::size_t>(std::clamp(20e-6 / std::max(once, 1e-9), 1.0, 1e5));
  double best = std::numeric_limits<double>::infinity();
  do {
    const auto start = Clock::now();
    for (std::size_t i = 0; i < repetitions; ++i) work();
    best = std::min(best, since(start) / static_cast<double>(repetitions));
  } while (since(begin) < duration);
  return best;
}

void keep(double value) {
  [[maybe_unused]] static volatile double sink;
  sink = value;
}

}  // namespace adatom::apps
