#include "apps/search_files.hpp"

#include <cmath>
#include <cstdint>
#include <sstream>
#include <vector>

#include "apps/table.hpp"
#include "atoms/extxyz.hpp"
#include "core/error.hpp"
#include "core/file.hpp"

namespace adatom::apps {
namespace {

namespace fs = std::filesystem;

std::vector<GrowingFile::Entry> read_log(const fs::path& path, std::size_t walks) {
  std::vector<GrowingFile::Entry> entries;
  std::istringstream lines(read_file(path));
  std::string line;
  for (std::size_t number = 1; std::getline(lines, line); ++number) {
    if (lines.eof()) break;  // a last line without its end was cut off
    if (line.starts_with("#")) continue;
    std::istringstream words(line);
    std::size_t walk = 0, hop = 0;
    if (!(words >> walk >> hop) || walk == 0 || walk > walks) {
      throw InputError("--resume: " + path.string() + ":" + std::to_string(number) + " is no row of this search's log");
    }
    entries.push_back({walk - 1, hop, line + "\n"});
  }
  return entries;
}

std::string log_row(const Hop& hop) {
  return std::to_string(hop.walker + 1) + " " + std::to_string(hop.hop) + " " + fixed(hop.energy, 6) + " " +
         fixed(hop.best_energy, 6) + (hop.accepted ? " 1\n" : " 0\n");
}

std::string trajectory_frame(const Hop& hop) {
  Frame frame{.atoms = *hop.structure, .info = {}, .columns = {}};
  set_info(frame, "energy", hop.energy);
  set_info(frame, "walk", static_cast<std::int64_t>(hop.walker + 1));
  set_info(frame, "hop", static_cast<std::int64_t>(hop.hop));
  return to_extxyz(frame);
}

/// Hop 0 is the relaxed start.
std::vector<std::size_t> with_the_start(std::span<const std::size_t> hops) {
  std::vector<std::size_t> counts(hops.begin(), hops.end());
  for (std::size_t& count : counts) ++count;
  return counts;
}

}  // namespace

SearchFiles::SearchFiles(const fs::path& log, const fs::path& trajectory, std::span<const std::size_t> hops_before,
                         bool resume)
    : log_(log, "# walk  hop  energy(eV)  lowest(eV)  accepted\n", read_log, with_the_start(hops_before), resume),
      trajectory_(trajectory, "", frames_reader("walk", "hop", "this search"), with_the_start(hops_before), resume) {}

void SearchFiles::add(const Hop& hop) {
  if (log_.wanted()) log_.add(hop.walker, log_row(hop));
  if (trajectory_.wanted() && hop.accepted && std::isfinite(hop.energy))
    trajectory_.add(hop.walker, trajectory_frame(hop));
}

void SearchFiles::save() {
  log_.save();
  trajectory_.save();
}

void SearchFiles::finish() {
  log_.finish();
  trajectory_.finish();
}

}  // namespace adatom::apps
