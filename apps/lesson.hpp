// What this file is: the frame that all lesson programs share. A lesson is a list of sections, each a function of its
// own that prints what it does, draws its figures and can be run alone:
//
//   int main(int argc, char** argv) {
//     return run_lesson(argc, argv, {1, "Computational science", "What it is about, in two or three lines.",
//                                    {{"sums", "Sums by loops and by tensors", "one line for --help",
//                                      "The question that the section answers?", sums}, …}});
//   }
//
//   void sums(Section& section) {
//     section.say("What is done here, and why. Lines are broken for you.");
//     section.show(table);
//     section.plot("sums", {panel}, "What to look at in the figure.");
//     section.conclude("The answer, with the numbers of this run.");
//   }
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "apps/plot.hpp"
#include "apps/table.hpp"
#include "core/random.hpp"

namespace adatom::apps {

/// What a section works with: where it writes, how long it may take, its random numbers.
class Section {
 public:
  Section(bool quick_run, std::filesystem::path output_folder, std::uint64_t run_seed)
      : quick(quick_run), folder(std::move(output_folder)), seed(run_seed), random(run_seed) {}

  const bool quick;                    ///< --quick: about a second for a section, just enough to see that it runs
  const std::filesystem::path folder;  ///< of figures, data and structures; it exists
  const std::uint64_t seed;            ///< --seed
  Random random;  ///< fresh for every section, so that it gives the same alone and in the whole lesson

  /// A paragraph, broken into lines; an empty line follows.
  void say(std::string_view paragraph) const;
  /// The last paragraph: what has been seen, with the numbers of this run.
  void conclude(std::string_view paragraph) const;
  /// Lines as they are (a formula, a graph, code), indented; an empty line follows.
  void quote(std::string_view lines) const;
  /// A table; an empty line follows.
  void show(const Table& table) const;
  /// Draws NAME.{dat,gp,png} (plot.hpp) and says where it is and what to look at.
  void plot(const std::string& name, const std::vector<Panel>& panels, std::string_view look_at,
            const Layout& layout = {}) const;
  /// The same for a script of one's own, whose data files have been written to `folder` with write_data.
  void draw(const std::string& name, const std::string& script, std::string_view look_at) const;
  /// For a picture that something else has drawn or for another file (a trajectory): names it and says what it is.
  void point_to(const std::string& file, std::string_view what) const;
  /// Columns of numbers as FOLDER/NAME.dat under a line of headings. Throws ShapeError unless all have the same length.
  void write_data(const std::string& name, const std::vector<std::string>& headings,
                  const std::vector<std::vector<double>>& columns) const;
};

/// One part of a lesson.
struct SectionEntry {
  std::string name;      ///< for --section: one word
  std::string title;     ///< its heading
  std::string summary;   ///< its line in --help
  std::string question;  ///< what it is to answer, under its heading
  std::function<void(Section&)> run;
};

struct Lesson {
  int number = 0;
  std::string title, about;
  std::vector<SectionEntry> sections;
};

/// Runs the sections that the command line names, all by default; returns the exit code: 0 done, 1 the computation
/// failed, 2 the command line or an input cannot be used. Errors are one line.
int run_lesson(int argc, char** argv, const Lesson& lesson);

/// Seconds of one call of `work`: the best of many, for at least `duration` seconds in all. Others on the machine only
/// make things slower, so the best is the most repeatable.
double best_seconds(const std::function<void()>& work, double duration = 0.1);

/// So that the compiler cannot drop a computation whose result nobody uses.
void keep(double value);

}  // namespace adatom::apps
