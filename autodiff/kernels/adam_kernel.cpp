// Optimiser updates of adam.hpp, compiled once per instruction set. One loop body serves whole and partial vectors.
#include "autodiff/kernels/tables.hpp"
#include "autodiff/kernels/vector.hpp"

namespace adatom::kernels::ADATOM_LEVEL {
namespace {

inline Vector fetch(const double* from, Size count) { return count == lanes ? load(from) : load(from, count); }
inline void put(double* to, Vector x, Size count) { count == lanes ? store(to, x) : store(to, x, count); }

void sgd(const SgdStep& step, Size n, const double* gradient, double* velocity, double* weights) {
  const bool moving = step.momentum != 0;
  for (Size i = 0; i < n; i += lanes) {
    const Size count = n - i < lanes ? n - i : lanes;
    Vector w = fetch(weights + i, count);
    Vector change = fetch(gradient + i, count) + step.weight_decay * w;
    if (moving) {
      const Vector v = step.momentum * fetch(velocity + i, count) + change;
      put(velocity + i, v, count);
      change = step.nesterov ? change + step.momentum * v : v;
    }
    put(weights + i, w - step.learning_rate * change, count);
  }
}

void adam(const AdamStep& step, double correction1, double correction2, Size n, const double* gradient,
          double* first_moment, double* second_moment, double* weights) {
  const double added_decay = step.decoupled ? 0 : step.weight_decay;
  const double shrink = step.decoupled ? 1 - step.learning_rate * step.weight_decay : 1;
  const double rate = step.learning_rate / correction1;
  const double scale = 1 / correction2;
  for (Size i = 0; i < n; i += lanes) {
    const Size count = n - i < lanes ? n - i : lanes;
    const Vector w = fetch(weights + i, count);
    const Vector g = fetch(gradient + i, count) + added_decay * w;
    const Vector m = step.beta1 * fetch(first_moment + i, count) + (1 - step.beta1) * g;
    const Vector v = step.beta2 * fetch(second_moment + i, count) + (1 - step.beta2) * g * g;
    put(first_moment + i, m, count);
    put(second_moment + i, v, count);
    put(weights + i, shrink * w - rate * m / (square_root(v * scale) + step.epsilon), count);
  }
}

}  // namespace

extern const AdamTable adam_table;
const AdamTable adam_table{sgd, adam};

}  // namespace adatom::kernels::ADATOM_LEVEL
