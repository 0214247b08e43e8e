// What this file is: the optimisers, rules that move parameters against the gradient of a loss. One sweep over memory
// per parameter and step (autodiff/kernels/adam.hpp).
//
//   Adam adam(network.parameters(), {.learning_rate = 1e-3});
//   for (int step = 0; step < 1000; ++step) {
//     const double loss = adam.step(mse(network(x), y));
//   }
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "autodiff/gradient.hpp"
#include "autodiff/memory.hpp"
#include "nn/parameters.hpp"

namespace adatom {

/// What an optimiser remembers between steps: enough, with the parameters and options, to go on bit for bit. The
/// learning rate is an option: it may be changed on resuming, and schedules find it from steps().
struct OptimizerState {
  struct Array {
    std::string name;  ///< the parameter's name and the quantity's: "layer1.weight.first_moment"
    Shape shape;
    std::vector<double> values;
  };
  std::string optimizer;  ///< "adam"
  std::size_t steps = 0;
  std::vector<Array> arrays;
};

/// What all optimisers share. A new one derives from it and implements `update`.
class Optimizer {
 public:
  virtual ~Optimizer() = default;
  Optimizer(Optimizer&&) = default;
  Optimizer& operator=(Optimizer&&) = default;

  /// Differentiates the loss with respect to all parameters, moves them, and returns the loss (its value before the
  /// move). Throws NumericalError, parameters untouched, when the loss or its gradient is not finite; ShapeError when
  /// the loss is not one number or does not depend on any parameter.
  double step(const Tensor& loss);

  /// Moves the parameters along gradients computed by the caller, one per parameter and of its shape, so that they can
  /// be clipped or averaged first (clipping.hpp). Throws ShapeError, NumericalError.
  void step(std::span<const Tensor> gradients);

  /// The gradients that step(loss) would use, constants. Throws like step for a loss that cannot be used.
  Tensors gradients(const Tensor& loss);

  double learning_rate() const { return learning_rate_; }
  /// For schedules (schedules.hpp). Throws InputError unless it is finite and ≥ 0.
  void set_learning_rate(double rate);

  /// Updates done so far.
  std::size_t steps() const { return steps_; }
  const Parameters& parameters() const { return parameters_; }
  /// "sgd", "adam", "adamw", "rmsprop", "adagrad".
  std::string_view name() const { return name_; }

  OptimizerState state() const;
  /// Throws InputError, naming both, if the state is of another optimiser or of other parameters.
  void check_state(const OptimizerState& state) const;
  /// check_state, then takes it over.
  void set_state(const OptimizerState& state);

 protected:
  /// `quantities` names the arrays kept for every parameter, each of its size and zeros at first.
  Optimizer(std::string_view name, Parameters parameters, double learning_rate,
            std::vector<std::string_view> quantities);

  /// Moves `weights` of parameter `index` (n numbers) for update number `step` (1, 2, …).
  virtual void update(std::size_t index, std::size_t step, std::span<const double> gradient,
                      std::span<double> weights) = 0;
  /// Quantity `which` of parameter `index`.
  double* memory(std::size_t index, std::size_t which) { return memory_[index * quantities_.size() + which].data(); }

 private:
  std::string_view name_;
  Parameters parameters_;
  Tensors variables_;
  std::vector<std::string_view> quantities_;
  std::vector<Buffer> memory_;
  double learning_rate_;
  double previous_loss_ = 0.0;
  bool has_previous_loss_ = false;
  std::size_t steps_ = 0;

  void check_loss(const Tensor& loss, double value) const;
  [[noreturn]] void no_dependence() const;
  void check_gradients(std::span<const Tensor> gradients) const;
};

// The optimisers there are. Their constructors throw InputError naming an option out of range, or a parameter that is
// no variable or listed twice.

struct SgdOptions {
  double learning_rate = 1e-2;
  double momentum = 0.0;      ///< μ in [0, 1)
  bool nesterov = false;      ///< look ahead along the momentum
  double weight_decay = 0.0;  ///< λ: λw is added to the gradient
};
/// Stochastic gradient descent, v = μv + g, w −= ηv (Sutskever et al., ICML 2013, in PyTorch's form).
class Sgd final : public Optimizer {
 public:
  explicit Sgd(Parameters parameters, const SgdOptions& options = {});

 private:
  SgdOptions options_;
  void update(std::size_t, std::size_t, std::span<const double>, std::span<double>) override;
};

struct AdamOptions {
  double learning_rate = 1e-3;
  double beta1 = 0.9;    ///< decay of the mean of gradients, in [0, 1)
  double beta2 = 0.999;  ///< decay of the mean of their squares, in [0, 1)
  double epsilon = 1e-8;
  double weight_decay = 0.0;  ///< λ ≥ 0; in Adam λw is added to the gradient, in AdamW w is multiplied by 1 − ηλ
};
/// m = β₁m + (1−β₁)g, v = β₂v + (1−β₂)g², w −= η m̂/(√v̂ + ε) with bias-corrected m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ)
/// (Kingma and Ba, arXiv:1412.6980, algorithm 1).
class Adam final : public Optimizer {
 public:
  explicit Adam(Parameters parameters, const AdamOptions& options = {});

 private:
  AdamOptions options_;
  void update(std::size_t, std::size_t, std::span<const double>, std::span<double>) override;
};

/// Adam with weight decay apart from the gradient (Loshchilov and Hutter, arXiv:1711.05101).
class AdamW final : public Optimizer {
 public:
  /// The default decay is 1e-2 here, as in PyTorch.
  explicit AdamW(Parameters parameters, const AdamOptions& options = {.weight_decay = 1e-2});

 private:
  AdamOptions options_;
  void update(std::size_t, std::size_t, std::span<const double>, std::span<double>) override;
};

struct RmspropOptions {
  double learning_rate = 1e-2;
  double decay = 0.99;  ///< α in [0, 1)
  double epsilon = 1e-8;
};
/// v = αv + (1−α)g², w −= ηg/(√v + ε) (Tieleman and Hinton, COURSERA lecture 6.5, 2012).
class Rmsprop final : public Optimizer {
 public:
  explicit Rmsprop(Parameters parameters, const RmspropOptions& options = {});

 private:
  RmspropOptions options_;
  void update(std::size_t, std::size_t, std::span<const double>, std::span<double>) override;
};

struct AdagradOptions {
  double learning_rate = 1e-2;
  double epsilon = 1e-10;
};
/// v += g², w −= ηg/(√v + ε) (Duchi, Hazan and Singer, JMLR 12, 2121 (2011)).
class Adagrad final : public Optimizer {
 public:
  explicit Adagrad(Parameters parameters, const AdagradOptions& options = {});

 private:
  AdagradOptions options_;
  void update(std::size_t, std::size_t, std::span<const double>, std::span<double>) override;
};

}  // namespace adatom
