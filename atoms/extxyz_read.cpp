#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "atoms/extxyz.hpp"
#include "atoms/extxyz_columns.hpp"
#include "atoms/extxyz_comment.hpp"
#include "atoms/extxyz_rows.hpp"
#include "atoms/line_reader.hpp"
#include "atoms/message_text.hpp"
#include "atoms/number_text.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"

namespace adatom {
namespace {

using extxyz::Pair;
using extxyz::Property;
using extxyz::RowParser;

constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// --- The comment line ----------------------------------------------------------------------------------------------

/// The numbers of a value that must be nothing else.
std::vector<double> numbers_of(const Pair& pair) {
  std::vector<double> numbers;
  for (const std::string_view word : extxyz::words_of(pair.value)) {
    double value = 0.0;
    if (!parse_real(word, value) || !std::isfinite(value)) {
      throw InputError(printable(pair.key) + ": " + extxyz::not_a_number(word));
    }
    numbers.push_back(value);
  }
  return numbers;
}

Cell parse_lattice(const Pair& pair) {
  const std::vector<double> numbers = numbers_of(pair);
  if (numbers.size() != 9) {
    std::string message = "Lattice needs 9 numbers, found " + std::to_string(numbers.size());
    if (pair.delimiter == '\0') message += "; put them in quotes: Lattice=\"ax ay az bx by bz cx cy cz\"";
    throw InputError(message);
  }
  Cell cell;
  for (std::size_t k = 0; k < 9; ++k) cell[k / 3][k % 3] = numbers[k];
  return cell;
}

std::array<bool, 3> parse_pbc(const Pair& pair) {
  std::vector<bool> values;
  for (const std::string_view word : extxyz::words_of(pair.value)) {
    const bool yes = word == "T" || word == "1" || word == "True" || word == "true" || word == "TRUE";
    const bool no = word == "F" || word == "0" || word == "False" || word == "false" || word == "FALSE";
    if (!yes && !no) throw InputError("pbc: expected T or F, found " + in_quotes(word));
    values.push_back(yes);
  }
  if (values.size() == 1 && pair.delimiter != '\0') values.assign(3, bool{values[0]});
  if (values.size() != 3) {
    std::string message = "pbc needs 3 values, found " + std::to_string(values.size());
    if (pair.delimiter == '\0') message += "; put them in quotes: pbc=\"T T F\"";
    throw InputError(message);
  }
  return {values[0], values[1], values[2]};
}

/// Labels under their standard names must be usable: a wrong one found during training would be found too late.
InfoValue parse_label(const Pair& pair, bool scalar) {
  const std::vector<double> numbers = numbers_of(pair);
  if (scalar && numbers.size() != 1) {
    throw InputError(pair.key + " needs one number, found " + in_quotes(pair.value));
  }
  if (!scalar && numbers.size() != 9 && numbers.size() != 6) {
    throw InputError(pair.key + " needs 9 numbers (or the 6 of Voigt's order), found " +
                     std::to_string(numbers.size()));
  }
  const InfoValue value = extxyz::info_value(pair);
  // Keep what the text says, but numbers with D exponents only become numbers here.
  if (!std::holds_alternative<std::string>(value)) return value;
  if (scalar) return numbers[0];
  return numbers;
}

/// Fills cell, pbc and info of the frame from its comment line; returns the columns.
std::vector<Property> parse_comment(std::string_view line, Frame& frame) {
  std::vector<Property> properties = extxyz::default_properties();
  bool has_lattice = false, has_pbc = false, has_properties = false;
  std::string bare;
  const auto once = [](bool& seen, const std::string& key) {
    if (seen) throw InputError("key '" + key + "' appears twice");
    seen = true;
  };
  for (const Pair& pair : extxyz::split_comment(line)) {
    const std::string& key = pair.key;
    if (pair.has_value && key == "Lattice") {
      once(has_lattice, key);
      frame.atoms.cell = parse_lattice(pair);
    } else if (pair.has_value && key == "pbc") {
      once(has_pbc, key);
      frame.atoms.pbc = parse_pbc(pair);
    } else if (pair.has_value && key == "Properties") {
      once(has_properties, key);
      properties = extxyz::parse_properties(pair.value);
    } else {
      const bool scalar = key == "energy" || key == "free_energy";
      const bool tensor = key == "stress" || key == "virial";
      if (!pair.has_value && (scalar || tensor || !extxyz::reserved_key(key).empty())) {
        bare = key;  // a word of free text ("lowest energy found"), or a key that lost its value
        continue;
      }
      if (pair.has_value) extxyz::require_spelling(key);
      InfoValue value = scalar || tensor ? parse_label(pair, scalar) : extxyz::info_value(pair);
      const bool known = find_info(frame, key) != nullptr;
      if (known && pair.has_value) throw InputError("key " + in_quotes(key) + " appears twice");
      if (!known) frame.info.emplace_back(key, std::move(value));
    }
  }
  if (has_properties && !bare.empty()) throw InputError("key '" + bare + "' has no value");
  if (has_lattice && !has_pbc) frame.atoms.pbc = {true, true, true};
  for (const Vector3& vector : frame.atoms.cell.vectors) {
    for (const double x : vector) {
      if (std::abs(x) > largest_coordinate) throw InputError("Lattice: " + number_text(x) + " is beyond 1e15 Å");
    }
  }
  try {
    require_periodic(frame.atoms.cell, frame.atoms.pbc);
  } catch (const InputError& error) {
    const bool hint = has_lattice && !has_pbc;
    throw InputError(std::string(error.what()) + (hint ? " (Lattice without pbc means pbc=\"T T T\")" : ""));
  }
  return properties;
}

}  // namespace

// --- Frames --------------------------------------------------------------------------------------------------------

struct ExtxyzReader::State {
  LineReader lines;
  std::size_t frames = 0;      ///< read so far
  std::size_t last_start = 0;  ///< line on which the last frame started
  std::size_t last_count = 0;  ///< and its atoms
  bool finished = false;

  /// The number of atoms of the next frame; nothing at the end of the file.
  std::optional<std::uint64_t> count() {
    std::string_view line;
    do {
      if (lines.next(line)) continue;
      if (frames == 0 && lines.number() == 0) {
        throw InputError("'" + lines.name() + "' is empty: expected an atom count on line 1");
      }
      if (frames == 0) throw InputError("'" + lines.name() + "' holds blank lines only: expected an atom count");
      return std::nullopt;
    } while (trimmed(line).empty());
    const std::string_view text = trimmed(line);
    std::uint64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error == std::errc::result_out_of_range) lines.fail("the number of atoms " + in_quotes(text) + " is too large");
    if (error != std::errc{} || end != text.data() + text.size()) {
      std::string message = "expected the number of atoms, found " + in_quotes(text);
      if (frames > 0) {
        message += " (line " + std::to_string(last_start) + " promises " + std::to_string(last_count) +
                   " atoms for the frame before: too few?)";
      }
      lines.fail(message);
    }
    return count;
  }

  Frame read(std::uint64_t count) {
    const std::string which = " (frame " + std::to_string(frames + 1) + ")";
    Frame frame;
    frame.line = lines.number();
    std::string_view line;
    if (!lines.next(line)) lines.fail(lines.number() + 1, "file ends before the comment line" + which);
    const auto located = [&](const auto& work) {
      try {
        return work();
      } catch (const InputError& error) {
        lines.fail(error.what() + which);
      }
    };
    const std::vector<Property> properties = located([&] { return parse_comment(line, frame); });

    // A promise costs no memory: room is made for what the file can hold, and for some thousand atoms at first.
    std::uint64_t columns = 0;
    for (const Property& property : properties) columns += property.count;
    const std::uint64_t possible = lines.bytes_left() / (2 * columns) + 1;
    RowParser rows(properties, frame, std::min({count, possible, std::uint64_t{1} << 14}));
    for (std::uint64_t i = 0; i < count; ++i) {
      if (!lines.next(line)) {
        lines.fail(lines.number() + 1,
                   "file ends after " + std::to_string(i) + " of " + std::to_string(count) + " atoms" + which);
      }
      located([&] { rows.parse(line); });
    }
    ++frames;
    last_start = frame.line;
    last_count = frame.atoms.size();
    return frame;
  }
};

ExtxyzReader::ExtxyzReader(const std::filesystem::path& path)
    : state_(new State{.lines = LineReader(path, "an extended XYZ file")}) {}
ExtxyzReader::ExtxyzReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
ExtxyzReader::~ExtxyzReader() = default;
ExtxyzReader::ExtxyzReader(ExtxyzReader&&) noexcept = default;

ExtxyzReader ExtxyzReader::from_text(std::string text, std::string name) {
  return ExtxyzReader(
      std::unique_ptr<State>(new State{.lines = LineReader(std::move(name), std::move(text), "an extended XYZ file")}));
}

std::optional<Frame> ExtxyzReader::next() {
  if (state_->finished) return std::nullopt;
  state_->finished = true;  // stays so if an error is thrown
  const std::optional<std::uint64_t> count = state_->count();
  if (!count) return std::nullopt;
  Frame frame = state_->read(*count);
  state_->finished = false;
  return frame;
}

}  // namespace adatom
