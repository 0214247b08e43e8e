// What this file is: the global minima of Lennard-Jones clusters, as far as they are known.
#pragma once

#include <cstddef>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

/// The lowest energy known for each number of atoms, in ε, to six decimals (Cambridge Cluster Database;
/// tests/data/lj_global_minima.md). Empty if the file is missing.
inline std::map<std::size_t, double> known_minima() {
  std::ifstream file(std::string(ADATOM_TEST_DATA) + "/lj_global_minima.csv");
  std::map<std::size_t, double> energies;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    std::size_t atoms = 0;
    char comma = 0;
    double energy = 0.0;
    if (fields >> atoms >> comma >> energy) energies[atoms] = energy;
  }
  return energies;
}
