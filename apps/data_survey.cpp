#include "apps/data_survey.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "apps/console.hpp"
#include "apps/progress.hpp"
#include "apps/signals.hpp"
#include "apps/table.hpp"
#include "atoms/elements.hpp"
#include "atoms/neighbors.hpp"
#include "core/error.hpp"

namespace adatom::apps {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// Two frames of one formula whose sorted pair distances differ by less (Å, root mean square) are called the same.
constexpr double same_within = 0.01;
/// Frames farther from the median than so many times the distance to the farther quartile are outliers.
constexpr double outlier_factor = 8.0;
/// Atoms closer than this share of the sum of their covalent radii.
constexpr double too_close = 0.5;

/// All pair distances, ascending (periodic images ignored): the same for structures that are turned or renumbered.
std::vector<double> sorted_distances(const Atoms& atoms) {
  std::vector<double> distances;
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    for (std::size_t j = i + 1; j < atoms.size(); ++j)
      distances.push_back(norm(atoms.positions[i] - atoms.positions[j]));
  }
  std::sort(distances.begin(), distances.end());
  return distances;
}

bool alike(const std::vector<double>& a, const std::vector<double>& b) {
  double squares = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) squares += (a[i] - b[i]) * (a[i] - b[i]);
  return squares <= same_within * same_within * static_cast<double>(a.size());
}

void find_closest(const Atoms& atoms, FrameSurvey& frame) {
  frame.closest = frame.closest_ratio = std::numeric_limits<double>::infinity();
  constexpr double reach = 4.0;  // Å: no bond is longer
  const NeighborList list = neighbor_list(atoms, reach);
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    for (std::size_t n = list.offsets[i]; n < list.offsets[i + 1]; ++n) {
      const double distance = norm(list.displacement[n]);
      const double radii =
          element(atoms.numbers[i]).covalent_radius + element(atoms.numbers[list.index[n]]).covalent_radius;
      frame.closest = std::min(frame.closest, distance);
      frame.closest_ratio = std::min(frame.closest_ratio, distance / radii);
    }
  }
}

/// `place` names the frame.
FrameSurvey survey_of(const Atoms& atoms, const Labels& labels, const std::string& place) {
  FrameSurvey survey{.place = place,
                     .formula = chemical_formula(atoms),
                     .atoms = atoms.size(),
                     .energy = none,
                     .largest_force = none,
                     .periodic = atoms.pbc[0] || atoms.pbc[1] || atoms.pbc[2]};
  if (labels.energy && atoms.size() > 0) survey.energy = *labels.energy / static_cast<double>(atoms.size());
  if (labels.forces) survey.largest_force = largest_force_component({.atoms = {}, .forces = *labels.forces});
  find_closest(atoms, survey);
  return survey;
}

/// The frames of one formula seen so far, by their mean distance, so that only near ones are compared.
class DuplicateFinder {
 public:
  /// The earlier frame that is nearly the same, or -1.
  std::ptrdiff_t find_or_add(std::size_t frame, const FrameSurvey& survey, const Atoms& atoms) {
    constexpr std::size_t most_atoms = 200;  // all pairs of larger ones cost too much
    if (atoms.size() < 2 || atoms.size() > most_atoms) return -1;
    std::vector<double> distances = sorted_distances(atoms);
    double mean = 0.0;
    for (const double d : distances) mean += d / static_cast<double>(distances.size());
    auto& known = by_formula_[survey.formula + (survey.periodic ? "*" : "")];
    // |mean a − mean b| ≤ rms(a − b), so nothing alike lies outside.
    for (auto it = known.lower_bound(mean - same_within); it != known.end() && it->first <= mean + same_within; ++it) {
      if (alike(it->second.distances, distances) && (!survey.periodic || it->second.cell == atoms.cell)) {
        return static_cast<std::ptrdiff_t>(it->second.frame);
      }
    }
    known.emplace(mean, Known{frame, std::move(distances), atoms.cell});
    return -1;
  }

 private:
  struct Known {
    std::size_t frame;
    std::vector<double> distances;
    Cell cell;
  };
  std::map<std::string, std::multimap<double, Known>> by_formula_;
};

Spread spread(std::vector<double> values) {
  std::erase_if(values, [](double v) { return !std::isfinite(v); });
  if (values.empty()) return {none, none, none, 0};
  std::sort(values.begin(), values.end());
  return {values.front(), values[values.size() / 2], values.back(), values.size()};
}

std::vector<double> each(const std::vector<FrameSurvey>& frames, double FrameSurvey::*what) {
  std::vector<double> values;
  for (const FrameSurvey& frame : frames) values.push_back(frame.*what);
  return values;
}

/// Energies per atom far from those of the same formula; forces far beyond all others; atoms that nearly coincide.
void find_outliers(DataSurvey& survey) {
  std::map<std::string, std::vector<double>> energies;
  for (const FrameSurvey& frame : survey.frames) {
    if (std::isfinite(frame.energy)) energies[frame.formula].push_back(frame.energy);
  }
  for (auto& [formula, values] : energies) std::sort(values.begin(), values.end());
  std::vector<std::pair<double, std::pair<std::size_t, std::string>>> found;
  for (std::size_t i = 0; i < survey.frames.size(); ++i) {
    const FrameSurvey& frame = survey.frames[i];
    const auto add = [&](double severity, const std::string& why) { found.push_back({severity, {i, why}}); };
    if (frame.closest_ratio < too_close) {
      add(1e3 / std::max(frame.closest_ratio, 1e-6), "atoms are " + fixed(frame.closest, 3) + " Å apart");
    }
    const std::vector<double>& alike = energies[frame.formula];
    if (std::isfinite(frame.energy) && alike.size() >= 8) {
      const double median = alike[alike.size() / 2];
      const double width = std::max({alike[alike.size() * 3 / 4] - median, median - alike[alike.size() / 4], 1e-3});
      const double far = std::abs(frame.energy - median) / width;
      if (far > outlier_factor) {
        add(far, "energy " + fixed(frame.energy, 3) + " eV/atom, " + fixed(far, 0) +
                     " quartile widths from the median of " + frame.formula);
      }
    }
    if (frame.largest_force > 100.0)
      add(frame.largest_force, "force component of " + fixed(frame.largest_force, 1) + " eV/Å");
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  for (auto& [severity, outlier] : found) survey.outliers.push_back(std::move(outlier));
}

}  // namespace

DataSurvey survey_data(const DataOptions& options) {
  DataSurvey survey;
  std::set<std::int64_t> runs;
  DuplicateFinder duplicates;
  for (const std::filesystem::path& path : options.files) {
    FileAccount account{.path = path};
    ExtxyzReader reader(path);
    while (const std::optional<Frame> frame = reader.next()) {
      if (interrupted()) throw Interrupted();
      ++account.frames;
      if (!options.sizes.contains(frame->atoms.size())) continue;
      ++account.used;
      const Labels found = labels(*frame, options.keys);
      count_labels(*frame, survey.labels);
      const Atoms& atoms = frame->atoms;
      account.energies += found.energy ? 1 : 0;
      account.forces += found.forces ? 1 : 0;
      if (find_info(*frame, options.run_key) != nullptr) ++account.with_run;
      const std::string place = "frame " + std::to_string(account.frames) + " of " + path.string();
      runs.insert(run_of(*frame, options.run_key, place));
      for (const int number : atoms.numbers) ++survey.elements[std::string(element(number).symbol)];
      ++survey.sizes[atoms.size()];
      FrameSurvey one = survey_of(atoms, found, place);
      const std::ptrdiff_t same = duplicates.find_or_add(survey.frames.size(), one, atoms);
      if (same >= 0) survey.duplicates.emplace_back(survey.frames.size(), static_cast<std::size_t>(same));
      survey.frames.push_back(std::move(one));
    }
    survey.with_run += account.with_run;
    survey.files.push_back(account);
  }
  survey.runs = runs.size();
  survey.energy = spread(each(survey.frames, &FrameSurvey::energy));
  survey.force = spread(each(survey.frames, &FrameSurvey::largest_force));
  survey.closest = spread(each(survey.frames, &FrameSurvey::closest));
  find_outliers(survey);
  return survey;
}

}  // namespace adatom::apps
