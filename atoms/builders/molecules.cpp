#include "atoms/builders/molecules.hpp"

#include <algorithm>
#include <cctype>
#include <string>

#include "atoms/builders/molecules_table.hpp"
#include "atoms/builders/nanoparticles.hpp"
#include "atoms/elements.hpp"
#include "atoms/message_text.hpp"
#include "atoms/number_text.hpp"
#include "core/error.hpp"

namespace adatom {
namespace {

using namespace builders;

constexpr KnownMolecule fullerene{
    "C60", "buckminsterfullerene",
    "experiment, electron diffraction: K. Hedberg et al., Science 254, 410 (1991): bonds 1.401 and 1.458 Å"};

/// "O 0 0 .119262  H 0 .763239 -.477047": symbols and coordinates between blanks.
Atoms from_row(std::string_view text) {
  const auto next = [&text] {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(word.size());
    return word;
  };
  Atoms atoms;
  for (std::string_view symbol = next(); !symbol.empty(); symbol = next()) {
    Vector3 r{};
    for (double& x : r) {
      if (!parse_real(next(), x)) throw InputError("the table of molecules has no number after " + std::string(symbol));
    }
    atoms.numbers.push_back(atomic_number(symbol));
    atoms.positions.push_back(r);
  }
  return atoms;
}

/// Along z, the first atom at the origin.
Atoms from_row(const DiatomicRow& row) {
  Atoms atoms;
  atoms.numbers = {atomic_number(row.first), atomic_number(row.second)};
  atoms.positions = {{0.0, 0.0, 0.0}, {0.0, 0.0, row.distance}};
  return atoms;
}

/// An icosahedron whose vertices are cut off: the pentagons that appear have bonds as long as what is cut from an edge,
/// and the rest of the edge is the bond between two hexagons.
Atoms buckminsterfullerene() {
  constexpr double pentagon_bond = 1.458, hexagon_bond = 1.401;  // Angstrom
  const double edge = 2.0 * pentagon_bond + hexagon_bond;
  const std::array<Vector3, 12> vertices = icosahedron_vertices();
  Atoms atoms;
  for (const Vector3& v : vertices) {
    for (const Vector3& w : vertices) {
      const Vector3 d = w - v;
      if (dot(d, d) < 0.1 || dot(d, d) > 4.1) continue;  // neighbours are 2 apart
      atoms.numbers.push_back(6);
      atoms.positions.push_back(0.5 * edge * v + 0.5 * pentagon_bond * d);
    }
  }
  return atoms;
}

std::string in_small_letters(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

/// Levenshtein's distance: how many letters to insert, delete or change.
std::size_t edits(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
    }
  }
  return row.back();
}

/// Names of molecules with the atoms of this formula: "H2S" finds SH2. Empty for what is no formula.
std::vector<std::string> with_same_atoms(std::string_view formula) {
  std::string wanted;
  try {
    wanted = chemical_formula(parse_formula(formula, 100));
  } catch (const InputError&) {
    return {};
  }
  std::vector<std::string> names;
  for (const KnownMolecule& known : known_molecules()) {
    if (chemical_formula(molecule(known.name)) == wanted) names.emplace_back(known.name);
  }
  return names;
}

std::string joined_names(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

[[noreturn]] void refuse(std::string_view name) {
  const std::string start = "unknown molecule " + in_quotes(name);
  if (name.size() <= 40) {
    const std::vector<std::string> same = with_same_atoms(name);
    if (!same.empty()) throw InputError(start + "; with these atoms there is " + joined_names(same));
    std::string_view nearest;
    std::size_t fewest = 3;
    for (const KnownMolecule& known : known_molecules()) {
      const std::size_t count =
          std::min(edits(name, known.name), edits(in_small_letters(name), in_small_letters(known.name)) + 1);
      if (count < fewest && count < std::max<std::size_t>(known.name.size(), 2)) {
        fewest = count;
        nearest = known.name;
      }
    }
    if (!nearest.empty()) throw InputError(start + "; did you mean '" + std::string(nearest) + "'?");
  }
  throw InputError(start + "; known are " + std::to_string(known_molecules().size()) +
                   " molecules such as H2O, CO2, CH3CH2OH, C6H6, and single atoms");
}

/// The names of the molecules with this common name, whole or up to its comma.
std::vector<std::string> with_common_name(std::string_view name) {
  const std::string wanted = in_small_letters(name);
  std::vector<std::string> names;
  for (const KnownMolecule& known : known_molecules()) {
    const std::string common = in_small_letters(known.common_name);
    if (wanted == common) return {std::string(known.name)};
    if (wanted == common.substr(0, common.find(','))) names.emplace_back(known.name);
  }
  return names;
}

}  // namespace

std::vector<KnownMolecule> known_molecules() {
  std::vector<KnownMolecule> all;
  for (const auto& table : {g2_small_molecules(), g2_larger_molecules()}) {
    for (const MoleculeRow& row : table) all.push_back({row.name, row.common_name, g2_source});
  }
  for (const DiatomicRow& row : diatomic_molecules()) all.push_back({row.name, row.common_name, diatomic_source});
  all.push_back(fullerene);
  return all;
}

Atoms molecule(std::string_view name) {
  for (const auto& table : {g2_small_molecules(), g2_larger_molecules()}) {
    for (const MoleculeRow& row : table) {
      if (row.name == name) return from_row(row.atoms);
    }
  }
  for (const DiatomicRow& row : diatomic_molecules()) {
    if (row.name == name) return from_row(row);
  }
  if (name == fullerene.name) return buckminsterfullerene();
  if (const int number = find_atomic_number(name); number != 0) {
    Atoms atom;
    atom.numbers = {number};
    atom.positions = {{0.0, 0.0, 0.0}};
    return atom;
  }
  const std::vector<std::string> names = name.size() <= 40 ? with_common_name(name) : std::vector<std::string>{};
  if (names.size() == 1) return molecule(names[0]);
  if (names.size() > 1) throw InputError(in_quotes(name) + " can be " + joined_names(names) + "; choose one of them");
  refuse(name);
}

}  // namespace adatom
