#include "optim/choose_minimizer.hpp"

#include "optim/bfgs.hpp"
#include "optim/bfgs_line_search.hpp"
#include "optim/conjugate_gradients.hpp"
#include "optim/fire.hpp"
#include "optim/gradient_descent.hpp"
#include "optim/lbfgs.hpp"

namespace adatom {

MinimizeResult minimize(RelaxMethod method, const Objective& objective, std::span<double> x,
                        const MinimizeOptions& options, double learning_rate) {
  switch (method) {
    case RelaxMethod::automatic:
    case RelaxMethod::lbfgs:
      break;
    case RelaxMethod::bfgs:
      return minimize_bfgs(objective, x, options);
    case RelaxMethod::fire:
      return minimize_fire(objective, x, options);
    case RelaxMethod::bfgs_line_search:
      return minimize_bfgs_line_search(objective, x, options);
    case RelaxMethod::conjugate_gradients:
      return minimize_conjugate_gradients(objective, x, options);
    case RelaxMethod::gradient_descent:
      return minimize_gradient_descent(objective, x, options, learning_rate);
  }
  LbfgsMemory memory;
  return minimize_lbfgs(objective, x, options, {}, memory);
}

}  // namespace adatom
