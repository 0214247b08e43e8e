#include "atoms/builders/crystal.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "atoms/atoms.hpp"
#include "atoms/builders/limits.hpp"
#include "atoms/message_text.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"

namespace adatom {
namespace {

constexpr std::array<std::string_view, 9> crystal_names{
    "sc", "fcc", "bcc", "hcp", "diamond", "rocksalt", "zincblende", "wurtzite", "cesiumchloride"};

struct Row {
  std::string_view formula;
  KnownCrystal known;
};

using enum Crystal;

/// Elements: N. W. Ashcroft and N. D. Mermin, Solid State Physics (1976), tables 4.1 (fcc), 4.2 (bcc), 4.3 (diamond),
/// 4.4 (hcp) and 7.1; C. Kittel, Introduction to Solid State Physics, 8th ed., table 1.3. Digits as ASE prints them, so
/// that structures of the two agree.
/// Compounds: Ashcroft and Mermin, tables 4.5 to 4.7 (rocksalt, cesium chloride, zincblende); Kittel, chapter 1 (AlNi,
/// CuZn, PbS); CRC Handbook of Chemistry and Physics, section 12, "Crystal structures and lattice parameters"
/// (nitrides, carbides and wurtzite).
constexpr Row known_crystals[] = {
    {"Li", {bcc, 3.49}},
    {"Be", {hcp, 2.29, 1.567}},
    {"C", {diamond, 3.57}},
    {"Ne", {fcc, 4.43}},
    {"Na", {bcc, 4.23}},
    {"Mg", {hcp, 3.21, 1.624}},
    {"Al", {fcc, 4.05}},
    {"Si", {diamond, 5.43}},
    {"Ar", {fcc, 5.26}},
    {"K", {bcc, 5.23}},
    {"Ca", {fcc, 5.58}},
    {"Sc", {hcp, 3.31, 1.594}},
    {"Ti", {hcp, 2.95, 1.588}},
    {"V", {bcc, 3.02}},
    {"Cr", {bcc, 2.88}},
    {"Fe", {bcc, 2.87}},
    {"Co", {hcp, 2.51, 1.622}},
    {"Ni", {fcc, 3.52}},
    {"Cu", {fcc, 3.61}},
    {"Zn", {hcp, 2.66, 1.856}},
    {"Ge", {diamond, 5.66}},
    {"Kr", {fcc, 5.72}},
    {"Rb", {bcc, 5.59}},
    {"Sr", {fcc, 6.08}},
    {"Y", {hcp, 3.65, 1.571}},
    {"Zr", {hcp, 3.23, 1.593}},
    {"Nb", {bcc, 3.30}},
    {"Mo", {bcc, 3.15}},
    {"Tc", {hcp, 2.74, 1.604}},
    {"Ru", {hcp, 2.70, 1.584}},
    {"Rh", {fcc, 3.80}},
    {"Pd", {fcc, 3.89}},
    {"Ag", {fcc, 4.09}},
    {"Cd", {hcp, 2.98, 1.886}},
    {"Xe", {fcc, 6.20}},
    {"Cs", {bcc, 6.05}},
    {"Ba", {bcc, 5.02}},
    {"La", {hcp, 3.75, 1.619}},
    {"Ce", {fcc, 5.16}},
    {"Pr", {hcp, 3.67, 1.614}},
    {"Nd", {hcp, 3.66, 1.614}},
    {"Eu", {bcc, 4.61}},
    {"Gd", {hcp, 3.64, 1.588}},
    {"Tb", {hcp, 3.60, 1.581}},
    {"Dy", {hcp, 3.59, 1.573}},
    {"Ho", {hcp, 3.58, 1.570}},
    {"Er", {hcp, 3.56, 1.570}},
    {"Tm", {hcp, 3.54, 1.570}},
    {"Yb", {fcc, 5.49}},
    {"Lu", {hcp, 3.51, 1.585}},
    {"Hf", {hcp, 3.20, 1.582}},
    {"Ta", {bcc, 3.31}},
    {"W", {bcc, 3.16}},
    {"Re", {hcp, 2.76, 1.615}},
    {"Os", {hcp, 2.74, 1.579}},
    {"Ir", {fcc, 3.84}},
    {"Pt", {fcc, 3.92}},
    {"Au", {fcc, 4.08}},
    {"Tl", {hcp, 3.46, 1.599}},
    {"Pb", {fcc, 4.95}},
    {"Po", {sc, 3.35}},
    {"Ac", {fcc, 5.31}},
    {"Th", {fcc, 5.08}},

    {"LiF", {rocksalt, 4.02}},
    {"LiCl", {rocksalt, 5.13}},
    {"NaF", {rocksalt, 4.62}},
    {"NaCl", {rocksalt, 5.64}},
    {"KCl", {rocksalt, 6.29}},
    {"KBr", {rocksalt, 6.60}},
    {"MgO", {rocksalt, 4.21}},
    {"CaO", {rocksalt, 4.81}},
    {"AgCl", {rocksalt, 5.55}},
    {"AgBr", {rocksalt, 5.77}},
    {"PbS", {rocksalt, 5.92}},
    {"TiC", {rocksalt, 4.33}},
    {"TiN", {rocksalt, 4.24}},
    {"CsCl", {cesiumchloride, 4.12}},
    {"CsBr", {cesiumchloride, 4.29}},
    {"CsI", {cesiumchloride, 4.57}},
    {"TlBr", {cesiumchloride, 3.97}},
    {"NiAl", {cesiumchloride, 2.88}},
    {"CuZn", {cesiumchloride, 2.94}},
    {"ZnS", {zincblende, 5.41}},
    {"ZnSe", {zincblende, 5.67}},
    {"CdTe", {zincblende, 6.48}},
    {"GaP", {zincblende, 5.45}},
    {"GaAs", {zincblende, 5.65}},
    {"InAs", {zincblende, 6.04}},
    {"InSb", {zincblende, 6.46}},
    {"CuCl", {zincblende, 5.41}},
    {"SiC", {zincblende, 4.35}},
    {"BN", {zincblende, 3.62}},
    {"ZnO", {wurtzite, 3.25, 5.207 / 3.25}},
    {"BeO", {wurtzite, 2.698, 4.377 / 2.698}},
    {"AlN", {wurtzite, 3.111, 4.979 / 3.111}},
    {"GaN", {wurtzite, 3.189, 5.185 / 3.189}},
};

/// "ClNa" for "NaCl"; empty unless there are two symbols without numbers.
std::string reversed(std::string_view formula) {
  const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (formula.empty() || std::ranges::count_if(formula, upper) != 2) return {};
  const std::size_t second =
      static_cast<std::size_t>(std::find_if(formula.begin() + 1, formula.end(), upper) - formula.begin());
  return std::string(formula.substr(second)) + std::string(formula.substr(0, second));
}

}  // namespace

std::string_view name(Crystal crystal) { return crystal_names[static_cast<std::size_t>(crystal)]; }

Crystal crystal_named(std::string_view text) {
  const auto found = std::ranges::find(crystal_names, text);
  if (found != crystal_names.end()) return static_cast<Crystal>(found - crystal_names.begin());
  std::string list;
  for (const std::string_view one : crystal_names) list += (list.empty() ? "" : ", ") + std::string(one);
  throw InputError("unknown crystal " + in_quotes(text) + "; expected " + list);
}

int formula_size(Crystal crystal) { return crystal >= rocksalt ? 2 : 1; }

std::optional<KnownCrystal> known_crystal(std::string_view formula) {
  const auto find = [](std::string_view text) { return std::ranges::find(known_crystals, text, &Row::formula); };
  auto row = find(formula);
  if (row == std::end(known_crystals)) row = find(reversed(formula));
  if (row == std::end(known_crystals)) return std::nullopt;
  return row->known;
}

LatticeConstants lattice_constants(std::string_view builder, std::string_view formula, Crystal crystal,
                                   std::optional<double> a, std::optional<double> c) {
  const std::optional<KnownCrystal> known = known_crystal(formula);
  const bool same = known && known->crystal == crystal;
  if (!a && !same) {
    std::string text = std::string(builder) + ": no lattice constant known for " + in_quotes(formula) + " as " +
                       std::string(name(crystal));
    if (known) text += " (it is " + std::string(name(known->crystal)) + ", a = " + number_text(known->a) + ")";
    throw InputError(text + "; give a");
  }
  if (a) builders::require_length(builder, "lattice constant a", *a);
  if (c) builders::require_length(builder, "lattice constant c", *c);
  const bool hexagonal = crystal == hcp || crystal == wurtzite;
  if (c && !hexagonal) {
    throw InputError(std::string(builder) + ": " + std::string(name(crystal)) +
                     " is cubic and has no lattice constant c, found c = " + number_text(*c));
  }
  const double edge = a.value_or(same ? known->a : 0.0);
  const double ratio = hexagonal ? (same ? known->c_over_a : std::sqrt(8.0 / 3.0)) : 1.0;
  return {edge, c.value_or(ratio * edge)};
}

}  // namespace adatom
