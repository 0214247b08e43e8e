#include "atoms/extxyz_columns.hpp"

#include <algorithm>
#include <cstdint>

#include "atoms/message_text.hpp"
#include "atoms/number_text.hpp"
#include "core/error.hpp"

namespace adatom::extxyz {
namespace {

/// More columns than any file has; keeps absurd counts from costing memory.
constexpr std::int64_t most_columns = 100000;

std::vector<std::string_view> split_at_colons(std::string_view text) {
  std::vector<std::string_view> fields;
  for (;;) {
    const std::size_t colon = text.find(':');
    fields.push_back(text.substr(0, colon));
    if (colon == std::string_view::npos) return fields;
    text.remove_prefix(colon + 1);
  }
}

[[noreturn]] void fail(const std::string& message) { throw InputError("Properties: " + message); }

Property parse_property(std::string_view name, std::string_view type, std::string_view count) {
  const std::string whole = in_quotes(std::string(name) + ":" + std::string(type) + ":" + std::string(count));
  if (name.empty()) fail("a column has no name in " + whole);
  if (type != "S" && type != "R" && type != "I" && type != "L") {
    fail("unknown type " + in_quotes(type) + " in " + whole +
         "; expected S (text), R (real), I (integer) or L (logical)");
  }
  std::int64_t number = 0;
  if (!parse_integer(count, number) || number < 1 || number > most_columns) {
    fail("the count " + in_quotes(count) + " in " + whole + " must be an integer from 1 to " +
         std::to_string(most_columns));
  }
  return {std::string(name), type[0], static_cast<std::size_t>(number)};
}

/// Columns that mean something to us must have the right shape.
void require_shape(const std::vector<Property>& properties, std::string_view name, char type, std::size_t count) {
  for (const Property& p : properties) {
    if (p.name != name || (p.type == type && p.count == count)) continue;
    const std::string right = std::string(1, type) + ":" + std::to_string(count);
    fail(in_quotes(name) + " must be " + right + ", found " + std::string(1, p.type) + ":" + std::to_string(p.count));
  }
}

}  // namespace

std::vector<Property> default_properties() { return {{"species", 'S', 1}, {"pos", 'R', 3}}; }

std::vector<Property> parse_properties(std::string_view text) {
  const std::vector<std::string_view> fields = split_at_colons(text);
  if (fields.size() % 3 != 0) {
    fail(in_quotes(text) + " has " + std::to_string(fields.size()) +
         " fields; expected name:type:count for each column");
  }
  std::vector<Property> properties;
  for (std::size_t i = 0; i < fields.size(); i += 3) {
    properties.push_back(parse_property(fields[i], fields[i + 1], fields[i + 2]));
  }
  std::size_t columns = 0;
  const auto has = [&](std::string_view name) {
    return std::ranges::any_of(properties, [&](const Property& p) { return p.name == name; });
  };
  for (const Property& p : properties) {
    columns += p.count;
    const auto same = [&](const Property& other) { return other.name == p.name; };
    if (std::ranges::count_if(properties, same) > 1) fail("the name " + in_quotes(p.name) + " appears twice");
  }
  if (columns > static_cast<std::size_t>(most_columns)) fail("more than " + std::to_string(most_columns) + " columns");
  require_shape(properties, "pos", 'R', 3);
  require_shape(properties, "species", 'S', 1);
  require_shape(properties, "Z", 'I', 1);
  require_shape(properties, "forces", 'R', 3);
  if (!has("pos")) fail("no positions; expected pos:R:3 in " + in_quotes(text));
  if (!has("species") && !has("Z")) fail("no elements; expected species:S:1 or Z:I:1 in " + in_quotes(text));
  return properties;
}

}  // namespace adatom::extxyz
