// What this file is: a look at data before training: sizes, labels, ranges, duplicates, outliers, and a verdict.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "apps/labelled_data.hpp"

namespace adatom::apps {

/// What is known of one frame; not-a-number where it has no such label.
struct FrameSurvey {
  std::string place;  ///< "frame 7 of train.xyz"
  std::string formula;
  std::size_t atoms = 0;
  double energy = 0.0;         ///< eV per atom
  double largest_force = 0.0;  ///< component, eV/Å
  double closest = 0.0;        ///< Å, periodic images included
  double closest_ratio = 0.0;  ///< over the sum of the two covalent radii
  bool periodic = false;
};

/// Smallest, middle and largest.
struct Spread {
  double smallest = 0.0, median = 0.0, largest = 0.0;
  std::size_t count = 0;
};

struct DataSurvey {
  std::vector<FrameSurvey> frames;
  std::vector<FileAccount> files;
  LabelCounts labels;
  std::map<std::string, std::size_t> elements;  ///< atoms of each
  std::map<std::size_t, std::size_t> sizes;     ///< frames of each
  std::size_t runs = 0, with_run = 0;
  Spread energy, force, closest;
  std::vector<std::pair<std::size_t, std::size_t>> duplicates;  ///< later frame, earlier frame
  std::vector<std::pair<std::size_t, std::string>> outliers;    ///< frame and why, the most striking first
};

/// Reads everything. Throws InputError with file:line for what cannot be read.
DataSurvey survey_data(const DataOptions& options);
std::string describe(const DataSurvey& survey, const DataOptions& options);
nlohmann::json to_json(const DataSurvey& survey);

}  // namespace adatom::apps
