// The survey as text and JSON.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "apps/data_survey.hpp"
#include "apps/table.hpp"

namespace adatom::apps {
namespace {

constexpr std::size_t bins = 10, bar_length = 40, most_listed = 5;

std::string bar(std::size_t count, std::size_t most) {
  const auto eighths = static_cast<std::size_t>(
      std::ceil(8.0 * static_cast<double>(bar_length * count) / static_cast<double>(std::max<std::size_t>(most, 1))));
  static const char* const parts[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  std::string text;
  for (std::size_t i = 0; i < eighths / 8; ++i) text += "█";
  return text + parts[eighths % 8];
}

std::string histogram(const std::vector<FrameSurvey>& frames, double FrameSurvey::*what, const Spread& spread,
                      int digits) {
  if (spread.count == 0 || !(spread.largest > spread.smallest)) return "";
  std::vector<std::size_t> counts(bins, 0);
  const double width = (spread.largest - spread.smallest) / static_cast<double>(bins);
  for (const FrameSurvey& frame : frames) {
    if (!std::isfinite(frame.*what)) continue;
    ++counts[std::min(bins - 1, static_cast<std::size_t>((frame.*what - spread.smallest) / width))];
  }
  const std::size_t most = *std::max_element(counts.begin(), counts.end());
  Table table({"from", "to", "frames", ""}, {3});
  for (std::size_t b = 0; b < bins; ++b) {
    const double from = spread.smallest + width * static_cast<double>(b);
    table.add({fixed(from, digits), fixed(from + width, digits), count_text(counts[b]), bar(counts[b], most)});
  }
  return table.text();
}

std::string range_line(const Spread& s, int digits, const std::string& unit) {
  if (s.count == 0) return "none\n";
  return fixed(s.smallest, digits) + " … " + fixed(s.largest, digits) + " " + unit + ", median " +
         fixed(s.median, digits) + "\n";
}

std::string sizes_text(const DataSurvey& survey) {
  std::size_t most = 0;
  for (const auto& [size, count] : survey.sizes) most = std::max(most, count);
  Table table({"atoms", "frames", ""}, {2});
  std::size_t shown = 0;
  for (const auto& [size, count] : survey.sizes) {
    if (++shown > 30) break;
    table.add({std::to_string(size), count_text(count), bar(count, most)});
  }
  return table.text() +
         (survey.sizes.size() > 30 ? "  … and " + plural(survey.sizes.size() - 30, "more size") + "\n" : "");
}

std::string elements_text(const DataSurvey& survey) {
  std::string text;
  for (const auto& [symbol, atoms] : survey.elements)
    text += (text.empty() ? "" : ", ") + symbol + " (" + plural(atoms, "atom") + ")";
  return text;
}

std::string duplicates_text(const DataSurvey& survey) {
  if (survey.duplicates.empty()) return "Duplicates: none (nearly the same: sorted pair distances within 0.01 Å)\n";
  std::string text = "Duplicates: " + plural(survey.duplicates.size(), "frame") +
                     " nearly the same as an earlier one (pair distances within 0.01 Å)\n";
  for (std::size_t i = 0; i < std::min(most_listed, survey.duplicates.size()); ++i) {
    const auto& [later, earlier] = survey.duplicates[i];
    text += "  " + survey.frames[later].place + " and " + survey.frames[earlier].place + "\n";
  }
  return text;
}

std::string outliers_text(const DataSurvey& survey) {
  if (survey.outliers.empty()) return "Outliers: none\n";
  std::string text = "Outliers: " + count_text(survey.outliers.size()) + "\n";
  for (std::size_t i = 0; i < std::min(most_listed, survey.outliers.size()); ++i) {
    text += "  " + survey.frames[survey.outliers[i].first].place + ": " + survey.outliers[i].second + "\n";
  }
  return text;
}

std::string other_name(const std::map<std::string, std::size_t>& names, const std::string& wanted,
                       const std::string& option) {
  for (const auto& [name, count] : names) {
    if (name != wanted && name != "free_energy") return " (there is '" + name + "': " + option + " " + name + ")";
  }
  return "";
}

template <class Property>
std::size_t count_frames(const DataSurvey& survey, Property property) {
  return static_cast<std::size_t>(std::count_if(survey.frames.begin(), survey.frames.end(), property));
}

std::string verdict(const DataSurvey& survey, const DataOptions& o) {
  const std::size_t frames = survey.frames.size();
  std::string text = "Verdict\n";
  if (frames == 0)
    return text + "  There is no structure" + (o.sizes.everything() ? "" : " of the wanted sizes") + ".\n";
  const std::size_t empty = count_frames(survey, [](const FrameSurvey& f) { return f.atoms == 0; });
  if (empty > 0) text += "  " + plural(empty, "frame") + " without atoms: training refuses them.\n";
  const std::size_t coincident = count_frames(survey, [](const FrameSurvey& f) { return f.closest < least_distance; });
  if (coincident > 0) {
    text += "  " + plural(coincident, "frame") + " with two atoms closer than " + general(least_distance) +
            " Å, see the outliers: training refuses them.\n";
  }
  if (survey.energy.count == 0) {
    text += "  No energies under '" + o.keys.energy + "'" +
            other_name(survey.labels.energies, o.keys.energy, "--energy-key") + ": not for training.\n";
  } else if (survey.energy.count + empty < frames) {
    text += "  " + plural(frames - empty - survey.energy.count, "frame") + " without energy: training refuses them.\n";
  }
  if (survey.force.count == 0) {
    text += "  No forces under '" + o.keys.forces + "'" +
            other_name(survey.labels.forces, o.keys.forces, "--forces-key") + ": train with --force-weight 0.\n";
  } else if (survey.force.count < frames) {
    text += "  " + plural(frames - survey.force.count, "frame") + " without forces: training on forces refuses them.\n";
  }
  if (survey.with_run < frames) {
    text += "  " + plural(frames - survey.with_run, "frame") + " without '" + o.run_key +
            "': a split cannot keep related frames together.\n";
  }
  if (survey.force.count > 0 && survey.force.largest > 10.0 * survey.force.median) {
    text += "  A few frames have very large forces; --largest-force leaves them out of training.\n";
  }
  if (empty > 0 || coincident > 0) return text;
  if (survey.energy.count == frames && survey.force.count == frames)
    text += "  Ready for training on energies and forces.\n";
  else if (survey.energy.count == frames)
    text += "  Ready for training on energies.\n";
  return text;
}

nlohmann::json to_json(const Spread& s) {
  if (s.count == 0) return nullptr;
  return {{"smallest", s.smallest}, {"median", s.median}, {"largest", s.largest}, {"count", s.count}};
}

}  // namespace

std::string describe(const DataSurvey& survey, const DataOptions& o) {
  LabelledData account{.structures = {}, .places = {}, .files = survey.files};
  std::string text = "Files\n" + describe(account, o);
  text += "\nElements: " + elements_text(survey) + "\n\nSizes\n" + sizes_text(survey);
  text += "\nLabels by name\n  energies  " + adatom::describe(survey.labels.energies) + "\n  forces    " +
          adatom::describe(survey.labels.forces) + "\n  stresses  " + adatom::describe(survey.labels.stresses) + "\n";
  text += "\nEnergy per atom: " + range_line(survey.energy, 3, "eV") +
          histogram(survey.frames, &FrameSurvey::energy, survey.energy, 3);
  text += "\nLargest force component of a frame: " + range_line(survey.force, 2, "eV/Å") +
          histogram(survey.frames, &FrameSurvey::largest_force, survey.force, 2);
  text += "\nClosest distance in a frame: " + range_line(survey.closest, 3, "Å") +
          histogram(survey.frames, &FrameSurvey::closest, survey.closest, 3);
  text += "\nRuns: " + count_text(survey.runs) +
          (survey.with_run < survey.frames.size() ? " (a frame without '" + o.run_key + "' counts as its own)" : "") +
          "\n";
  return text + duplicates_text(survey) + outliers_text(survey) + "\n" + verdict(survey, o);
}

nlohmann::json to_json(const DataSurvey& survey) {
  nlohmann::json sizes = nlohmann::json::object();
  for (const auto& [size, count] : survey.sizes) sizes[std::to_string(size)] = count;
  return {{"frames", survey.frames.size()},
          {"runs", survey.runs},
          {"elements", survey.elements},
          {"sizes", sizes},
          {"energy_per_atom_eV", to_json(survey.energy)},
          {"largest_force_eV_per_A", to_json(survey.force)},
          {"closest_distance_A", to_json(survey.closest)},
          {"duplicates", survey.duplicates.size()},
          {"outliers", survey.outliers.size()}};
}

}  // namespace adatom::apps
