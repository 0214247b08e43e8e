#include <cmath>
#include <iostream>

#include <adatom/optim/relax.hpp>
#include <adatom/potentials/lennard_jones.hpp>

int main() {
  const adatom::Atoms pair{.numbers = {18, 18}, .positions = {{0.0, 0.0, 0.0}, {1.3, 0.0, 0.0}}};
  const auto result = adatom::relax(pair, adatom::LennardJones({.epsilon = 1.0, .sigma = 1.0}), {.fmax = 1e-6});
  std::cout << "relaxed energy " << result.energy << '\n';
  return std::abs(result.energy + 1.0) < 1e-9 ? 0 : 1;  // the minimum of Lennard-Jones is −ε
}
