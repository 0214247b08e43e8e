#include "apps/search_runs.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <sstream>

#include "apps/console.hpp"
#include "apps/error_tables.hpp"
#include "apps/progress.hpp"
#include "apps/signals.hpp"
#include "apps/table.hpp"
#include "core/error.hpp"
#include "core/file.hpp"

namespace adatom::apps {
namespace {

Walkers read_checkpoint(const Atoms& start, const SearchOptions& options) {
  Walkers earlier = read_walkers(options.checkpoint);
  const Walker& first = earlier.walkers.front();
  const auto refuse = [&](const std::string& what, const std::string& there, const std::string& here) {
    throw InputError("--resume: '" + options.checkpoint.string() + "' is of a search with " + what + " " + there +
                     ", not " + here + "; repeat its options");
  };
  if (first.search.current.numbers != start.numbers) {
    refuse("the formula", chemical_formula(first.search.current), chemical_formula(start));
  }
  if (earlier.walkers.size() != options.walkers.walkers) {
    refuse("walkers", std::to_string(earlier.walkers.size()), std::to_string(options.walkers.walkers));
  }
  if (first.seed != options.hopping.seed) {
    refuse("the seed", std::to_string(first.seed), std::to_string(options.hopping.seed));
  }
  return earlier;
}

/// −1 where there is no such number.
std::int64_t whole(const Frame& frame, const char* key) {
  const InfoValue* const value = find_info(frame, key);
  return value != nullptr && std::holds_alternative<std::int64_t>(*value) ? std::get<std::int64_t>(*value) : -1;
}

}  // namespace

SearchResult search(const Atoms& start, const ChosenPotential& potential, const SearchOptions& options) {
  SearchResult result;
  result.paths.resize(options.walkers.walkers);
  BasinHoppingOptions hopping = options.hopping;
  WalkersOptions walkers = options.walkers;
  hopping.stop = interrupted;
  if (potential.model != nullptr && std::isfinite(options.tolerance)) {
    hopping.acceptable = [&](const Atoms& atoms) {
      return worst_extrapolation(*potential.model, atoms).excess <= options.tolerance;
    };
  }
  Walkers earlier;
  if (options.resume) earlier = read_checkpoint(start, options);
  result.begun_at.assign(options.walkers.walkers, 0);
  std::size_t done = 0;
  double lowest = std::numeric_limits<double>::infinity();
  for (std::size_t w = 0; w < earlier.walkers.size(); ++w) {
    const BasinHoppingResult& r = earlier.walkers[w].search;
    result.begun_at[w] = r.hops;
    done += r.hops;
    lowest = std::min(lowest, r.best_energy);
  }
  if (options.resume && done >= walkers.walkers * hopping.hops) {
    warn("--resume: all walks have made their --hops; give more to go on");
  }

  Progress progress("searching", walkers.walkers * hopping.hops, "hops");
  progress.start_at(done);
  std::vector<MinimaArchive> holes(walkers.walkers, MinimaArchive(hopping.same, walkers.archive_most));
  hopping.progress = [&](const Hop& hop) {
    if (!hop.acceptable) holes[hop.walker].add(*hop.structure, hop.energy, hop.walker, hop.hop);
    if (options.keep_log || options.keep_path) {
      result.paths[hop.walker].push_back(
          {hop.hop, hop.energy, hop.best_energy, hop.accepted, options.keep_path ? *hop.structure : Atoms{}});
    }
    lowest = std::min(lowest, hop.best_energy);
    progress.update(done += hop.hop > 0, "lowest " + fixed(lowest, 4) + " eV");
  };
  auto saved = std::chrono::steady_clock::now();
  walkers.after_round = [&](const Walkers& party) {
    constexpr std::chrono::seconds between_saves(5);
    if (options.checkpoint.empty() || std::chrono::steady_clock::now() - saved < between_saves) return;
    write_walkers(options.checkpoint, party);
    saved = std::chrono::steady_clock::now();
  };

  result.walkers = options.resume ? basin_hopping_walkers(std::move(earlier), *potential.potential, hopping, walkers)
                                  : basin_hopping_walkers(start, *potential.potential, hopping, walkers);
  if (!options.checkpoint.empty()) write_walkers(options.checkpoint, result.walkers);
  result.minima = result.walkers.minima();
  for (const MinimaArchive& archive : holes) result.holes.add(archive);
  return result;
}

EarlierSteps read_steps(const std::filesystem::path& log, const std::filesystem::path& trajectory, std::size_t walkers) {
  EarlierSteps earlier;
  earlier.rows.resize(walkers);
  earlier.frames.resize(walkers);
  if (std::filesystem::exists(log)) {
    std::istringstream lines(read_file(log));
    std::string line;
    for (std::size_t number = 1; std::getline(lines, line); ++number) {
      if (line.starts_with("#")) continue;
      std::istringstream words(line);
      std::size_t walk = 0, hop = 0;
      if (!(words >> walk >> hop) || walk == 0 || walk > walkers) {
        throw InputError("--resume: " + log.string() + ":" + std::to_string(number) + " is no row of this search's log");
      }
      earlier.rows[walk - 1].push_back({hop, line});
    }
  }
  if (std::filesystem::exists(trajectory)) {
    for (Frame& frame : read_extxyz(trajectory)) {
      const std::int64_t walk = whole(frame, "walk");
      if (walk < 1 || walk > static_cast<std::int64_t>(walkers) || whole(frame, "hop") < 0) {
        throw InputError("--resume: " + trajectory.string() + ":" + std::to_string(frame.line) + " is no frame of this search's trajectory");
      }
      earlier.frames[static_cast<std::size_t>(walk) - 1].push_back(std::move(frame));
    }
  }
  return earlier;
}

void write_log(const std::filesystem::path& path, const EarlierSteps& earlier, const SearchResult& result) {
  if (path.empty()) return;
  std::string text = "# walk  hop  energy(eV)  lowest(eV)  accepted\n";
  for (std::size_t w = 0; w < result.paths.size(); ++w) {
    for (const EarlierSteps::Row& row : earlier.rows[w]) {
      if (row.hop <= result.begun_at[w]) text += row.text + "\n";
    }
    for (const Step& step : result.paths[w]) {
      text += std::to_string(w + 1) + " " + std::to_string(step.hop) + " " + fixed(step.energy, 6) + " " + fixed(step.best_energy, 6) + (step.accepted ? " 1\n" : " 0\n");
    }
  }
  write_file(path, text);
}

void write_trajectory(const std::filesystem::path& path, const EarlierSteps& earlier, const SearchResult& result) {
  if (path.empty()) return;
  ExtxyzWriter writer(path);
  for (std::size_t w = 0; w < result.paths.size(); ++w) {
    for (const Frame& frame : earlier.frames[w]) {
      if (static_cast<std::size_t>(whole(frame, "hop")) <= result.begun_at[w]) writer.write(frame);
    }
    for (const Step& step : result.paths[w]) {
      if (!step.accepted) continue;
      Frame frame{.atoms = step.atoms, .info = {}, .columns = {}};
      set_info(frame, "energy", step.energy);
      set_info(frame, "walk", static_cast<std::int64_t>(w + 1));
      set_info(frame, "hop", static_cast<std::int64_t>(step.hop));
      writer.write(frame);
    }
  }
  writer.commit();
}

}  // namespace adatom::apps
