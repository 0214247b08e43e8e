#include "apps/search_files.hpp"

#include <cmath>
#include <cstdint>
#include <sstream>
#include <utility>

#include "apps/output_files.hpp"
#include "apps/table.hpp"
#include "atoms/extxyz.hpp"
#include "core/error.hpp"
#include "core/file.hpp"

namespace adatom::apps {
namespace {

namespace fs = std::filesystem;

std::vector<HopFile::Entry> read_log(const fs::path& path, std::size_t walks) {
  std::vector<HopFile::Entry> entries;
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

/// −1 where there is no such number.
std::int64_t whole(const Frame& frame, const char* key) {
  const InfoValue* const value = find_info(frame, key);
  return value != nullptr && std::holds_alternative<std::int64_t>(*value) ? std::get<std::int64_t>(*value) : -1;
}

std::vector<HopFile::Entry> read_trajectory(const fs::path& path, std::size_t walks) {
  drop_unfinished_frame(path);
  std::vector<HopFile::Entry> entries;
  ExtxyzReader reader(path);
  while (const std::optional<Frame> frame = reader.next()) {
    const std::int64_t walk = whole(*frame, "walk"), hop = whole(*frame, "hop");
    if (walk < 1 || walk > static_cast<std::int64_t>(walks) || hop < 0) {
      throw InputError("--resume: " + path.string() + ":" + std::to_string(frame->line) +
                       " is no frame of this search's trajectory");
    }
    entries.push_back({static_cast<std::size_t>(walk) - 1, static_cast<std::size_t>(hop), to_extxyz(*frame)});
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

}  // namespace

HopFile::HopFile(fs::path path, std::string header, Reader read, std::span<const std::size_t> hops_before, bool resume)
    : path_(std::move(path)),
      header_(std::move(header)),
      read_(read),
      at_the_end_only_(std::filesystem::exists(path_) && !is_ordinary_file(path_)),
      fresh_(hops_before.size()) {
  // What is kept of an earlier run is written anew with the first save.
  if (!resume || !is_ordinary_file(path_)) return;
  for (const Entry& entry : read_(path_, fresh_.size())) {
    if (entry.hop <= hops_before[entry.walk]) fresh_[entry.walk] += entry.text;
  }
}

void HopFile::write_by_walk() {
  FileWriter writer(path_);
  writer.write(header_);
  for (const std::string& text : fresh_) writer.write(text);
  writer.commit();
}

void HopFile::save() {
  if (wanted() && !at_the_end_only_) update();
}

void HopFile::update() {
  if (!begun_) {
    write_by_walk();
    begun_ = true;
  } else {
    std::string text;
    for (const std::string& one : fresh_) text += one;
    if (text.empty()) return;
    append_to_file(path_, text);
    by_walk_ = fresh_.size() == 1;
  }
  for (std::string& text : fresh_) text.clear();
}

void HopFile::finish() {
  if (!wanted()) return;
  update();
  if (by_walk_) return;
  for (const Entry& entry : read_(path_, fresh_.size())) fresh_[entry.walk] += entry.text;
  write_by_walk();
  by_walk_ = true;
}

SearchFiles::SearchFiles(const fs::path& log, const fs::path& trajectory, std::span<const std::size_t> hops_before,
                         bool resume)
    : log_(log, "# walk  hop  energy(eV)  lowest(eV)  accepted\n", read_log, hops_before, resume),
      trajectory_(trajectory, "", read_trajectory, hops_before, resume) {}

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
