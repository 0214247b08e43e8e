// What this file is: the exponential moving average of parameters. Averaged weights usually predict better than the
// last ones, whose noise depends on the last few batches (Polyak and Juditsky, SIAM J. Control Optim. 30, 838 (1992)).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "nn/parameters.hpp"

namespace adatom {

/// a_t = d a_{t−1} + (1 − d) w_t from a_0 = 0; the average is a_t / (1 − dᵗ), so that early ones are not biased to zero
/// (as in Adam: Kingma and Ba, arXiv:1412.6980, section 3).
class ParameterAverage {
 public:
  /// Remembers the tensors. `decay` d in [0, 1): about the last 1/(1 − d) updates count. Throws InputError.
  explicit ParameterAverage(Parameters parameters, double decay = 0.999);

  /// Takes in the parameters' present values.
  void update();

  /// The average so far, ordered as by flatten; the present values if there was no update yet.
  std::vector<double> average() const;

  /// Exchanges the parameters' values for the average; call `restore` with what it returns to go on training.
  std::vector<double> apply();
  void restore(std::span<const double> values) { assign(parameters_, values); }

  double decay() const { return decay_; }
  std::size_t updates() const { return updates_; }
  /// a_t, for checkpoints.
  std::span<const double> accumulated() const { return accumulated_; }
  /// Throws ShapeError for a wrong count.
  void set_state(std::size_t updates, std::span<const double> accumulated);

 private:
  Parameters parameters_;
  double decay_;
  std::size_t updates_ = 0;
  std::vector<double> accumulated_;
};

}  // namespace adatom
