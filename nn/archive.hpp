// What this file is: adatom's one file format, for saved models and checkpoints: named values as text, self-describing,
// exact, and protected by a checksum.
//
//   adatom model 1
//   created_by = "adatom 0.1"
//   cutoff = 6.5
//   elements = ["C", "H"]
//   layer1.weight [2, 3] =
//     0.25 -1.5 0.125
//     1e-05 2 3
//   checksum = 95e3a44779eef874
//
// Doubles are written as the shortest decimals that read back to the same bits. The checksum (CRC-64/XZ) covers all
// lines before it, so a truncated file or a flipped bit never loads.
#pragma once

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "autodiff/shape.hpp"

namespace adatom {

/// An ordered list of named values. Names consist of letters, digits and _ . - : / only.
class Archive {
 public:
  struct Array {
    Shape shape;
    std::vector<double> values;
    bool operator==(const Array&) const = default;
  };

  /// A new one of this kind ("model", "checkpoint", one word) and format version.
  Archive(std::string kind, int version);

  /// Reads a file. Throws InputError naming the file and the reason: it cannot be opened, is not adatom's, is of
  /// another kind, was written by a newer format than `newest_version`, or is damaged.
  static Archive load(const std::filesystem::path& path, std::string_view kind, int newest_version);
  /// Reads text; `file` is the name for messages.
  static Archive parse(std::string_view text, std::string_view kind, int newest_version, std::string file);

  /// Writes to a temporary file, syncs and renames: `path` holds the old content or the new, never a mixture.
  void save(const std::filesystem::path& path) const;
  std::string text() const;

  /// Adds a value, or replaces the one of that name. Throws InputError for a name with other characters.
  void set(std::string_view name, bool value) { put(name, value); }
  template <std::integral T>
  requires(!std::same_as<T, bool>) void set(std::string_view name, T value) {
    put_integer(name, std::in_range<std::int64_t>(value), static_cast<std::int64_t>(value));
  }
  void set(std::string_view name, double value) { put(name, value); }
  void set(std::string_view name, std::string_view value) { put(name, std::string(value)); }
  void set(std::string_view name, const std::string& value) { put(name, value); }
  void set(std::string_view name, const char* value) { put(name, std::string(value)); }
  void set(std::string_view name, std::vector<std::string> values) { put(name, std::move(values)); }
  /// Throws ShapeError unless there are shape.count() values.
  void set(std::string_view name, const Shape& shape, std::span<const double> values);

  /// Typed access. Throws InputError naming the file and the entry if it is missing or of another type.
  bool boolean(std::string_view name) const;
  std::int64_t integer(std::string_view name) const;
  std::size_t size(std::string_view name) const;  ///< an integer that must not be negative
  double number(std::string_view name) const;     ///< an integer will do
  const std::string& string(std::string_view name) const;
  const std::vector<std::string>& strings(std::string_view name) const;
  const Array& array(std::string_view name) const;
  /// An array without nan or inf: throws InputError naming the first such element.
  const Array& finite_array(std::string_view name) const;

  bool contains(std::string_view name) const { return find(name) != nullptr; }
  std::vector<std::string> names() const;
  const std::string& kind() const { return kind_; }
  int version() const { return version_; }
  /// The name of the file for messages, empty if it was not read from one.
  const std::string& file() const { return file_; }

  /// Copies the entries of `other`, each name after `prefix`.
  void merge(std::string_view prefix, const Archive& other);
  /// The entries whose names start with `prefix`, without it.
  Archive part(std::string_view prefix) const;

 private:
  using Value = std::variant<bool, std::int64_t, double, std::string, std::vector<std::string>, Array>;
  struct Entry {
    std::string name;
    Value value;
  };
  std::string kind_;
  int version_;
  std::string file_;
  std::vector<Entry> entries_;
  std::map<std::string, std::size_t, std::less<>> index_;  // name → place in entries_

  void put(std::string_view name, Value value);
  void put_integer(std::string_view name, bool fits, std::int64_t value);
  const Value* find(std::string_view name) const;
  template <class T>
  const T& get(std::string_view name, std::string_view type) const;
  friend class ArchiveReader;
};

/// CRC-64/XZ (polynomial of ECMA-182, reflected): any change of up to 64 neighbouring bits is detected for certain.
std::uint64_t checksum(std::string_view text);

}  // namespace adatom
