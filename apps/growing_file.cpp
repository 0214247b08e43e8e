#include "apps/growing_file.hpp"

#include <cstdint>
#include <optional>
#include <utility>

#include "apps/output_files.hpp"
#include "atoms/extxyz.hpp"
#include "core/error.hpp"
#include "core/file.hpp"

namespace adatom::apps {
namespace {

/// −1 where there is no such number.
std::int64_t whole(const Frame& frame, const std::string& key) {
  const InfoValue* const value = find_info(frame, key);
  return value != nullptr && std::holds_alternative<std::int64_t>(*value) ? std::get<std::int64_t>(*value) : -1;
}

}  // namespace

GrowingFile::GrowingFile(std::filesystem::path path, std::string header, Reader read,
                         std::span<const std::size_t> steps_before, bool resume)
    : path_(std::move(path)),
      header_(std::move(header)),
      read_(std::move(read)),
      at_the_end_only_(std::filesystem::exists(path_) && !is_ordinary_file(path_)),
      fresh_(steps_before.size()) {
  // What is kept of an earlier run is written anew with the first save.
  if (!resume || !is_ordinary_file(path_)) return;
  for (const Entry& entry : read_(path_, fresh_.size())) {
    if (entry.step < steps_before[entry.source]) fresh_[entry.source] += entry.text;
  }
}

void GrowingFile::write_by_source() {
  FileWriter writer(path_);
  writer.write(header_);
  for (const std::string& text : fresh_) writer.write(text);
  writer.commit();
}

void GrowingFile::save() {
  if (wanted() && !at_the_end_only_) update();
}

void GrowingFile::update() {
  if (!begun_) {
    write_by_source();
    begun_ = true;
  } else {
    std::string text;
    for (const std::string& one : fresh_) text += one;
    if (text.empty()) return;
    append_to_file(path_, text);
    by_source_ = fresh_.size() == 1;
  }
  for (std::string& text : fresh_) text.clear();
}

void GrowingFile::finish() {
  if (!wanted()) return;
  update();
  if (by_source_) return;
  for (Entry& entry : read_(path_, fresh_.size())) fresh_[entry.source] += std::exchange(entry.text, {});
  write_by_source();
  by_source_ = true;
}

GrowingFile::Reader frames_reader(std::string source_key, std::string step_key, std::string whose) {
  return [=](const std::filesystem::path& path, std::size_t sources) {
    drop_unfinished_frame(path);
    std::vector<GrowingFile::Entry> entries;
    ExtxyzReader reader(path);
    while (const std::optional<Frame> frame = reader.next()) {
      const std::int64_t source = whole(*frame, source_key), step = whole(*frame, step_key);
      if (source < 1 || source > static_cast<std::int64_t>(sources) || step < 0) {
        throw InputError("--resume: " + path.string() + ":" + std::to_string(frame->line) + " is no frame of " + whose +
                         "'s trajectory");
      }
      entries.push_back({static_cast<std::size_t>(source) - 1, static_cast<std::size_t>(step), to_extxyz(*frame)});
    }
    return entries;
  };
}

}  // namespace adatom::apps
