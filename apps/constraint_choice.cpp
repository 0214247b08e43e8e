#include "apps/constraint_choice.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <set>

#include "apps/moving_atoms.hpp"
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
    throw InputError("--fix " + whole + ": atom " + text + " does not exist: the structure has " + std::to_string(count) +
                     " atoms, counted from 0");
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

}  // namespace

void add_constraint_options(CLI::App& app, ConstraintOptions& o) {
  const std::string group = "Constraints";
  add_value(app, "--fix", o.fix, "atoms that stay where they are, counted from 0, such as 0-7,12; besides those whose move_mask in the file is F", "ATOMS").group(group);
  add_value(app, "--fix-below", o.fix_below, "atoms with a lower z stay where they are, Å", "Z").group(group);
}

std::vector<std::size_t> fixed_atoms(const Frame& frame, const ConstraintOptions& o) {
  std::set<std::size_t> fixed;
  const std::size_t count = frame.atoms.size();
  for (std::size_t begin = 0; !o.fix.empty() && begin <= o.fix.size();) {
    const std::size_t comma = std::min(o.fix.find(',', begin), o.fix.size());
    add_part(o.fix.substr(begin, comma - begin), o.fix, count, fixed);
    begin = comma + 1;
  }
  if (!o.fix_below.empty()) {
    char* end = nullptr;
    const double z = std::strtod(o.fix_below.c_str(), &end);
    if (end != o.fix_below.c_str() + o.fix_below.size() || !(std::abs(z) < 1e300)) {
      throw InputError("--fix-below: expected a height in Å, found '" + o.fix_below + "'");
    }
    for (std::size_t i = 0; i < count; ++i) {
      if (frame.atoms.positions[i][2] < z) fixed.insert(i);
    }
  }
  for (const std::size_t i : fixed_atoms(frame)) fixed.insert(i);
  return {fixed.begin(), fixed.end()};
}

}  // namespace adatom::apps
