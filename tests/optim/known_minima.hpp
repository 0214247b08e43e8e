// What this file is: the global minima of Lennard-Jones clusters, as far as they are known.
#pragma once

#include <cstddef>
#include <fstream>
#include <sstream>
#include <string>

#include "tests/support/catch.hpp"

/// The lowest energy known for n atoms, in ε, to six decimals (Cambridge Cluster Database;
/// tests/data/lj_global_minima.md).
inline double known_minimum(std::size_t n) {
  std::ifstream file(std::string(ADATOM_TEST_DATA) + "/lj_global_minima.csv");
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    std::size_t count = 0;
    char comma = 0;
    double energy = 0.0;
    if (fields >> count >> comma >> energy && count == n) return energy;
  }
  FAIL("no energy for " << n << " atoms");
  return 0.0;
}
