#include "autodiff/kernels/adam.hpp"

#include <cmath>

#include "autodiff/kernels/tables.hpp"

namespace adatom::kernels {

void sgd(const SgdStep& step, std::size_t n, const double* gradient, double* velocity, double* weights) {
  tables().adam.sgd(step, n, gradient, velocity, weights);
}

void adam(const AdamStep& step, std::size_t t, std::size_t n, const double* gradient, double* first_moment,
          double* second_moment, double* weights) {
  const double steps = static_cast<double>(t);
  tables().adam.adam(step, 1 - std::pow(step.beta1, steps), 1 - std::pow(step.beta2, steps), n, gradient, first_moment,
                     second_moment, weights);
}

}  // namespace adatom::kernels
