#include "apps/constraint_choice.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>
#include <vector>

#include "core/error.hpp"

namespace adatom::apps {
namespace {

std::size_t atom_index(const std::string& text, const std::string& whole, std::size_t count) {
  const bool digits = !text.empty() && text.size() < 10 && text.find_first_not_of("0123456789") == std::string::npos;
  if (!digits) {
    throw InputError("--fix " + whole + ": expected atoms such as 0-7,12, counted from 0, found '" + text + "'");
  }
  const std::size_t i = std::stoul(text);
  if (i >= count) {
    throw InputError("--fix " + whole + ": atom " + text + " does not exist: the structure has " +
                     std::to_string(count) + " atoms, counted from 0");
  }
  return i;
}

/// Adds the atoms of one part, "5" or "3-7".
void add_part(const std::string& part, const std::string& whole, std::size_t count, std::set<std::size_t>& fixed) {
  const std::size_t dash = part.find('-', 1);
  const std::size_t first = atom_index(part.substr(0, dash), whole, count);
  const std::size_t last = dash == std::string::npos ? first : atom_index(part.substr(dash + 1), whole, count);
  if (last < first) throw InputError("--fix " + whole + ": '" + part + "' runs backwards");
  for (std::size_t i = first; i <= last; ++i) {
    if (!fixed.insert(i).second) throw InputError("--fix " + whole + ": atom " + std::to_string(i) + " is named twice");
  }
}

/// Along which of x, y, z each atom moves, by the column move_mask.
std::vector<std::array<bool, 3>> mobility(const Frame& frame) {
  std::vector<std::array<bool, 3>> mobile(frame.atoms.size(), {true, true, true});
  const Column* const column = find_column(frame, "move_mask");
  if (column == nullptr) return mobile;
  const auto* const mask = std::get_if<std::vector<bool>>(&column->values);
  if (mask == nullptr || (column->count != 1 && column->count != 3)) {
    throw InputError(std::string("the column move_mask must be L:1 or L:3, found ") + column->type() + ":" +
                     std::to_string(column->count));
  }
  for (std::size_t i = 0; i < mobile.size(); ++i) {
    for (std::size_t k = 0; k < 3; ++k) mobile[i][k] = (*mask)[column->count * i + (column->count == 3 ? k : 0)];
  }
  return mobile;
}

/// Adds what keeps atom i from moving along the other directions.
void add_constraint(std::size_t i, const std::array<bool, 3>& mobile, Constraints& constraints) {
  const auto axis = [&](bool moves) {
    Vector3 result{};
    for (std::size_t k = 0; k < 3; ++k) result[k] = mobile[k] == moves ? 1.0 : 0.0;
    return result;
  };
  switch (std::ranges::count(mobile, true)) {
    case 0:
      constraints.fixed.push_back(i);
      break;
    case 1:
      constraints.lines.push_back({i, axis(true)});
      break;
    case 2:
      constraints.planes.push_back({i, axis(false)});
      break;
    default:
      break;
  }
}

double height(const std::string& text) {
  double z = 0.0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, z);
  if (error != std::errc() || rest != end || !std::isfinite(z)) {
    throw InputError("expected a height in Å, found '" + text + "'");
  }
  return z;
}

}  // namespace

void add_constraint_options(CLI::App& app, ConstraintOptions& o, bool planes) {
  const std::string group = "Constraints";
  add_value(
      app, "--fix", o.fix,
      "atoms that stay where they are, counted from 0, such as 0-7,12; besides those whose move_mask in the file is F" +
          std::string(planes ? " (one flag for each of x, y, z keeps an atom in a plane or on a line)" : ""),
      "ATOMS")
      .group(group);
  add_value(app, "--fix-below", o.fix_below, "atoms with a lower z stay where they are, Å", "Z",
            [](const std::string& text) { height(text); })
      .group(group);
  if (planes) add_flag(app, "--planar", o.planar, "atoms keep their z").group(group);
}

Constraints constraints_of(const Frame& frame, const ConstraintOptions& o) {
  const std::size_t count = frame.atoms.size();
  std::set<std::size_t> fixed;
  for (std::size_t begin = 0; !o.fix.empty() && begin <= o.fix.size();) {
    const std::size_t comma = std::min(o.fix.find(',', begin), o.fix.size());
    add_part(o.fix.substr(begin, comma - begin), o.fix, count, fixed);
    begin = comma + 1;
  }
  if (!o.fix_below.empty()) {
    const double z = height(o.fix_below);
    for (std::size_t i = 0; i < count; ++i) {
      if (frame.atoms.positions[i][2] < z) fixed.insert(i);
    }
  }
  std::vector<std::array<bool, 3>> mobile = mobility(frame);
  for (const std::size_t i : fixed) mobile[i] = {false, false, false};
  Constraints constraints;
  for (std::size_t i = 0; i < count; ++i) {
    mobile[i][2] = mobile[i][2] && !o.planar;
    add_constraint(i, mobile[i], constraints);
  }
  return constraints;
}

}  // namespace adatom::apps
