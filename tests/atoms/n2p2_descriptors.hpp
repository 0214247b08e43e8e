// Reads what a test of symmetry functions needs from n2p2's files: the functions, the structures, the raw values.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "atoms/atoms.hpp"
#include "atoms/elements.hpp"
#include "atoms/symmetry_functions.hpp"

namespace adatom::n2p2 {

/// One input neuron: a weighted sum of our functions. Types 2, 3 and 9 are one function with weight 1; types 12 and 13
/// sum over all elements, weighted with atomic numbers.
struct Column {
  int center = 0;
  std::tuple<int, double, double, double, double, double, int, int> order;  // n2p2's sorted order
  std::vector<std::pair<SymmetryFunction, double>> terms;
};

struct Descriptors {
  std::vector<Column> columns;  ///< in n2p2's order; of types 2, 3, 9, 12 and 13
  CutoffFunction cutoff_function;
  Atoms atoms;                              ///< the structure of `values`, lengths as in the file
  std::vector<std::vector<double>> values;  ///< per atom
};

inline std::ifstream open(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot open " + path.string());
  return file;
}

inline Column column(std::istringstream& line, const std::vector<int>& elements) {
  std::string center, neighbor1, neighbor2;
  int type = 0;
  line >> center >> type;
  const bool weighted = type > 9, angular = type == 3 || type == 9 || type == 13;
  SymmetryFunction f;
  f.center = atomic_number(center);
  if (type == 3 || type == 13) f.kind = SymmetryFunctionKind::angular_narrow;
  if (type == 9) f.kind = SymmetryFunctionKind::angular_wide;
  if (!weighted) {
    line >> neighbor1;
    f.neighbor1 = atomic_number(neighbor1);
    if (angular) line >> neighbor2, f.neighbor2 = atomic_number(neighbor2);
    if (angular && f.neighbor1 > f.neighbor2) std::swap(f.neighbor1, f.neighbor2);
  }
  line >> f.eta;
  if (!angular || type == 13) line >> f.shift;
  if (angular) line >> f.lambda >> f.zeta;
  line >> f.cutoff;
  if (!line) throw std::runtime_error("cannot read a symmetry function of type " + std::to_string(type));
  if (double shift = 0.0; angular && !weighted && line >> shift) f.shift = shift;

  Column result;
  result.center = f.center;
  result.order = {type, f.cutoff, f.eta, f.shift, f.zeta, f.lambda, f.neighbor1, f.neighbor2};
  if (!weighted) result.terms = {{f, 1.0}};
  for (std::size_t a = 0; weighted && a < elements.size(); ++a) {
    f.neighbor1 = elements[a];
    if (!angular) result.terms.emplace_back(f, elements[a]);
    for (std::size_t b = a; angular && b < elements.size(); ++b) {
      f.neighbor2 = elements[b];
      result.terms.emplace_back(f, elements[a] * elements[b]);
    }
  }
  return result;
}

inline void read_settings(const std::filesystem::path& path, Descriptors& result) {
  std::ifstream file = open(path);
  std::vector<std::string> functions;
  std::vector<int> elements;
  for (std::string text; std::getline(file, text);) {
    std::istringstream line(text.substr(0, text.find_first_of("#!")));
    std::string keyword, symbol;
    line >> keyword;
    if (keyword == "elements") {
      while (line >> symbol) elements.push_back(atomic_number(symbol));
      std::sort(elements.begin(), elements.end());
    } else if (keyword == "cutoff_type") {
      int type = 0;
      line >> type;
      result.cutoff_function.kind = static_cast<CutoffKind>(type);
      if (double inner = 0.0; line >> inner) result.cutoff_function.inner = inner;
    } else if (keyword == "symfunction_short") {
      std::string rest;
      std::getline(line, rest);
      functions.push_back(rest);
    }
  }
  for (const std::string& text : functions) {
    std::istringstream line(text);
    result.columns.push_back(column(line, elements));
  }
  std::stable_sort(result.columns.begin(), result.columns.end(),
                   [](const Column& a, const Column& b) { return a.order < b.order; });
}

/// Structure `wanted`, counted from 1.
inline Atoms read_structure(const std::filesystem::path& path, int wanted) {
  std::ifstream file = open(path);
  Atoms atoms;
  std::size_t vectors = 0;
  int found = 0;
  for (std::string text; std::getline(file, text);) {
    std::istringstream line(text);
    std::string keyword, symbol;
    line >> keyword;
    if (keyword == "begin") ++found;
    if (found != wanted) continue;
    Vector3 r{};
    if (keyword == "lattice" || keyword == "atom") line >> r[0] >> r[1] >> r[2];
    if (keyword == "lattice") atoms.pbc[vectors] = true, atoms.cell[vectors++] = r;
    if (keyword == "atom") {
      line >> symbol;
      atoms.numbers.push_back(atomic_number(symbol));
      atoms.positions.push_back(r);
    }
  }
  return atoms;
}

inline Descriptors read(const std::filesystem::path& folder) {
  Descriptors result;
  read_settings(folder / "input.nn", result);
  std::ifstream file = open(folder / "symfunc.txt");
  std::string text, word;
  std::getline(file, text);  // "# structure 2: atom element G_1 …"
  std::istringstream first(text);
  int structure = 0;
  first >> word >> word >> structure;
  while (std::getline(file, text)) {
    std::istringstream line(text);
    line >> word >> word;
    std::vector<double> values;
    for (double value = 0.0; line >> value;) values.push_back(value);
    result.values.push_back(values);
  }
  result.atoms = read_structure(folder / "input.data", structure);
  return result;
}

}  // namespace adatom::n2p2
