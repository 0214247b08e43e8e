// The tour of the README, compiled and run as a test: from a tensor to forces to training.
#include <iostream>

#include "autodiff/arithmetic.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/gradient.hpp"
#include "autodiff/reductions.hpp"
#include "autodiff/shaping.hpp"
#include "nn/losses.hpp"
#include "nn/mlp.hpp"
#include "nn/optimizers.hpp"
#include "potentials/potential.hpp"

using namespace adatom;

/// A potential needs only its energy; forces and stress follow. Here: bonds of rest length 1 Å from atom to atom.
struct Chain : Potential {
  Tensor energies(const Atoms& atoms, const Tensor& positions, const Tensor&) const override {
    const auto last = static_cast<std::ptrdiff_t>(atoms.size());
    const Tensor bonds = norm(slice(positions, 0, 1, last) - slice(positions, 0, 0, last - 1));
    return concat({square(bonds - 1.0), Tensor::zeros({1})}, 0);
  }
};

int main() {
  // Tensors remember how they were computed: derivatives of any order.
  const Tensor x = Tensor::variable({3}, {0.0, 0.5, 1.0});
  const Tensor slope = grad(sum(exp(x) * sin(x)), {x})[0];
  const Tensor curvature = grad(sum(slope), {x})[0];  // 2 eˣ cos x
  std::cout << "curvature at 0: " << curvature.values()[0] << '\n';

  // Forces from an energy.
  const Atoms three{.numbers = {6, 6, 6}, .positions = {{0, 0, 0}, {1.2, 0, 0}, {1.2, 0.9, 0}}};
  std::cout << "force on the first atom: " << Chain().compute(three).forces[0][0] << " eV/Å\n";

  // A network that learns the sine.
  Random random(1);
  const Mlp network({1, 16, 16, 1}, Activation::tanh, random);
  Adam adam(network.parameters(), {.learning_rate = 1e-2});
  std::vector<double> inputs(64);
  for (std::size_t i = 0; i < inputs.size(); ++i) inputs[i] = 0.1 * static_cast<double>(i) - 3.2;
  const Tensor rows = Tensor::constant({64, 1}, inputs), targets = sin(rows);
  double loss = 0.0;
  for (int step = 0; step < 1000; ++step) loss = adam.step(mse(network(rows), targets));
  std::cout << "loss after 1000 steps: " << loss << '\n';
  return loss < 1e-3 ? 0 : 1;
}
