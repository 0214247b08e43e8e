#include "nn/archive.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/error.hpp"
#include "core/file.hpp"
#include "core/number_text.hpp"
#include "nn/archive_text.hpp"

namespace adatom {
namespace {

bool is_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), is_name_character);
}

std::string subject(const std::string& file, std::string_view kind) { return file.empty() ? std::string(kind) : file; }

}  // namespace

Archive::Archive(std::string kind, int version) : kind_(std::move(kind)), version_(version) {
  if (!is_name(kind_) || version < 1) {
    throw InputError("archive: kind '" + kind_ + "' of version " + std::to_string(version) +
                     ", expected one word and a version of at least 1");
  }
}

void Archive::put(std::string_view name, Value value) {
  if (!is_name(name)) {
    throw InputError("archive: '" + std::string(name) +
                     "' cannot be a name: only letters, digits and _ . - : / are allowed");
  }
  const auto place = index_.find(name);
  if (place != index_.end()) {
    entries_[place->second].value = std::move(value);
    return;
  }
  index_.emplace(name, entries_.size());
  entries_.push_back({std::string(name), std::move(value)});
}

void Archive::put_integer(std::string_view name, bool fits, std::int64_t value) {
  if (!fits) throw InputError("archive: the integer '" + std::string(name) + "' needs more than 63 bits");
  put(name, value);
}

void Archive::set(std::string_view name, const Shape& shape, std::span<const double> values) {
  if (shape.count() != values.size()) {
    throw ShapeError("archive: array '" + std::string(name) + "' of shape " + to_string(shape) + " needs " +
                     std::to_string(shape.count()) + " values, got " + std::to_string(values.size()));
  }
  put(name, Array{shape, {values.begin(), values.end()}});
}

const Archive::Value* Archive::find(std::string_view name) const {
  const auto place = index_.find(name);
  return place == index_.end() ? nullptr : &entries_[place->second].value;
}

namespace {

constexpr std::array<std::string_view, 6> type_names{"boolean", "integer",         "number",
                                                     "string",  "list of strings", "array"};

}  // namespace

template <class T>
const T& Archive::get(std::string_view name, std::string_view type) const {
  const Value* const value = find(name);
  if (value == nullptr) {
    throw InputError(subject(file_, kind_) + ": entry '" + std::string(name) + "' is missing, expected a" +
                     (type.starts_with('i') || type.starts_with('a') ? "n " : " ") + std::string(type));
  }
  if (const T* const held = std::get_if<T>(value)) return *held;
  throw InputError(subject(file_, kind_) + ": entry '" + std::string(name) + "' is of type " +
                   std::string(type_names[value->index()]) + ", expected " + std::string(type));
}

bool Archive::boolean(std::string_view name) const { return get<bool>(name, "boolean"); }
std::int64_t Archive::integer(std::string_view name) const { return get<std::int64_t>(name, "integer"); }
const std::string& Archive::string(std::string_view name) const { return get<std::string>(name, "string"); }
const std::vector<std::string>& Archive::strings(std::string_view name) const {
  return get<std::vector<std::string>>(name, "list of strings");
}
const Archive::Array& Archive::array(std::string_view name) const { return get<Array>(name, "array"); }

double Archive::number(std::string_view name) const {
  const Value* const value = find(name);
  if (value != nullptr && std::holds_alternative<std::int64_t>(*value)) {
    return static_cast<double>(std::get<std::int64_t>(*value));
  }
  return get<double>(name, "number");
}

std::size_t Archive::size(std::string_view name) const {
  const std::int64_t value = integer(name);
  if (value < 0) {
    throw InputError(subject(file_, kind_) + ": entry '" + std::string(name) + "' is " + std::to_string(value) +
                     ", expected an integer >= 0");
  }
  return static_cast<std::size_t>(value);
}

const Archive::Array& Archive::finite_array(std::string_view name) const {
  const Array& result = array(name);
  for (std::size_t i = 0; i < result.values.size(); ++i) {
    if (!std::isfinite(result.values[i])) {
      throw InputError(subject(file_, kind_) + ": contains non-finite numbers: element " + std::to_string(i) + " of '" +
                       std::string(name) + "' is " + number_text(result.values[i]));
    }
  }
  return result;
}

std::vector<std::string> Archive::names() const {
  std::vector<std::string> result;
  for (const Entry& entry : entries_) result.push_back(entry.name);
  return result;
}

void Archive::merge(std::string_view prefix, const Archive& other) {
  for (const Entry& entry : other.entries_) put(std::string(prefix) + entry.name, entry.value);
}

Archive Archive::part(std::string_view prefix) const {
  Archive result(kind_, version_);
  result.file_ = file_;
  for (const Entry& entry : entries_) {
    if (entry.name.size() > prefix.size() && entry.name.starts_with(prefix)) {
      result.put(std::string_view(entry.name).substr(prefix.size()), entry.value);
    }
  }
  return result;
}

Archive Archive::load(const std::filesystem::path& path, std::string_view kind, int newest_version) {
  return parse(read_file(path), kind, newest_version, path.string());
}

void Archive::save(const std::filesystem::path& path) const { write_file(path, text()); }

}  // namespace adatom
