// Access to the parts of a frame, and reading a selection of frames.
#include "atoms/extxyz.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "atoms/message_text.hpp"
#include "atoms/number_text.hpp"
#include "core/error.hpp"

namespace adatom {

const InfoValue* find_info(const Frame& frame, std::string_view key) {
  for (const auto& [name, value] : frame.info) {
    if (name == key) return &value;
  }
  return nullptr;
}

void set_info(Frame& frame, std::string_view key, InfoValue value) {
  for (auto& [name, old] : frame.info) {
    if (name != key) continue;
    old = std::move(value);
    return;
  }
  frame.info.emplace_back(std::string(key), std::move(value));
}

const Column* find_column(const Frame& frame, std::string_view name) {
  for (const Column& column : frame.columns) {
    if (column.name == name) return &column;
  }
  return nullptr;
}

void set_column(Frame& frame, Column column) {
  for (Column& old : frame.columns) {
    if (old.name != column.name) continue;
    old = std::move(column);
    return;
  }
  frame.columns.push_back(std::move(column));
}

namespace {

/// start:stop:step as in Python.
struct Selection {
  std::optional<std::int64_t> start, stop;
  std::int64_t step = 1;
  bool single = false;
};

Selection parse_selection(std::string_view text) {
  const auto fail = [&] {
    throw InputError("cannot read the selection " + in_quotes(text) +
                     "; expected an index like 3 or -1, or start:stop:step like 10:20 or ::5");
  };
  std::vector<std::string_view> parts;
  std::string_view rest = text;
  for (std::size_t colon; (colon = rest.find(':')) != std::string_view::npos; rest.remove_prefix(colon + 1)) {
    parts.push_back(rest.substr(0, colon));
  }
  parts.push_back(rest);
  if (parts.size() > 3) fail();
  std::array<std::optional<std::int64_t>, 3> numbers;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    std::int64_t value = 0;
    if (parts[i].empty()) continue;
    // Small enough that sums with the number of frames cannot overflow.
    if (!parse_integer(parts[i], value) || std::abs(static_cast<double>(value)) > 1e15) fail();
    numbers[i] = value;
  }
  Selection selection{.start = numbers[0], .stop = numbers[1], .step = numbers[2].value_or(1)};
  selection.single = parts.size() == 1;
  if (selection.single && !selection.start) fail();
  if (selection.step < 1) throw InputError("the step of the selection " + in_quotes(text) + " must be at least 1");
  return selection;
}

}  // namespace

std::vector<Frame> read_extxyz(const std::filesystem::path& path, std::string_view selection) {
  const Selection wanted = parse_selection(selection);
  ExtxyzReader reader(path);
  std::vector<Frame> frames;
  const bool from_end = wanted.start.value_or(0) < 0 || (!wanted.single && wanted.stop.value_or(0) < 0);
  if (!from_end) {
    // Counting from the front, reading can stop early and skipped frames need not be kept.
    const std::int64_t start = wanted.start.value_or(0);
    const std::int64_t stop =
        wanted.single ? start + 1 : wanted.stop.value_or(std::numeric_limits<std::int64_t>::max());
    std::int64_t index = 0;
    for (; index < stop; ++index) {
      std::optional<Frame> frame = reader.next();
      if (!frame) break;
      if (index >= start && (index - start) % wanted.step == 0) frames.push_back(std::move(*frame));
    }
    if (wanted.single && frames.empty()) {
      throw InputError("'" + path.string() + "' has " + std::to_string(index) + " frames; there is no frame " +
                       std::to_string(start) + " (the first is 0)");
    }
    return frames;
  }
  std::vector<Frame> all;
  while (std::optional<Frame> frame = reader.next()) all.push_back(std::move(*frame));
  const auto count = static_cast<std::int64_t>(all.size());
  const auto from_front = [&](std::int64_t index) { return index < 0 ? index + count : index; };
  std::int64_t start = from_front(wanted.start.value_or(0));
  if (wanted.single && start < 0) {
    throw InputError("'" + path.string() + "' has " + std::to_string(count) + " frames; there is no frame " +
                     std::string(selection));
  }
  const std::int64_t stop = wanted.single ? start + 1 : std::min(count, from_front(wanted.stop.value_or(count)));
  start = std::max<std::int64_t>(0, start);
  for (std::int64_t i = start; i < stop; i += wanted.step)
    frames.push_back(std::move(all[static_cast<std::size_t>(i)]));
  return frames;
}

std::vector<Frame> parse_extxyz(std::string text, std::string name) {
  ExtxyzReader reader = ExtxyzReader::from_text(std::move(text), std::move(name));
  std::vector<Frame> frames;
  while (std::optional<Frame> frame = reader.next()) frames.push_back(std::move(*frame));
  return frames;
}

}  // namespace adatom
