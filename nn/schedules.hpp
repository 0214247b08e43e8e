// What this file is: learning rates that change with the step. A schedule is a function of the step 0, 1, 2, …:
//
//   const Schedule rate = warm_up(cosine_rate(1e-3, 1000), 50);
//   adam.set_learning_rate(rate(step));
//
// All throw InputError naming the argument that is out of range.
#pragma once

#include <cstddef>
#include <functional>

namespace adatom {

using Schedule = std::function<double(std::size_t step)>;

/// Always `rate`.
Schedule constant_rate(double rate);
/// rate · factor^⌊step / every⌋
Schedule step_rate(double rate, double factor, std::size_t every);
/// rate · factor^step: multiplied by `factor` at every step.
Schedule exponential_rate(double rate, double factor);
/// From `rate` to `final_rate` in a straight line over `steps` steps, then constant.
Schedule linear_rate(double rate, std::size_t steps, double final_rate = 0.0);
/// From `rate` to `final_rate` along half a cosine over `steps` steps, then constant
/// (Loshchilov and Hutter, arXiv:1608.03983, without restarts).
Schedule cosine_rate(double rate, std::size_t steps, double final_rate = 0.0);
/// rate / (1 + step / time): the classical 1/t decay.
Schedule inverse_time_rate(double rate, double time);
/// The first `steps` steps rise in a straight line to after(0), reached at step `steps` where `after` starts.
Schedule warm_up(Schedule after, std::size_t steps);

}  // namespace adatom
