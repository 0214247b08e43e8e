#include "nn/optimizers.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_set>
#include <utility>

#include "autodiff/kernels/adam.hpp"
#include "autodiff/kernels/reduce.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"

namespace adatom {
namespace {

/// Whether all numbers are finite. Their sum is so only if they are (or the sum overflows, which the loop sorts out).
bool all_finite(std::span<const double> values) {
  if (std::isfinite(kernels::sum(values.size(), values.data()))) return true;
  return std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
}

/// Range checks of options; the messages name optimiser and option.
struct Check {
  std::string_view optimizer;

  [[noreturn]] void refuse(std::string_view option, double value, std::string_view expected) const {
    throw InputError(std::string(optimizer) + ": " + std::string(option) + " is " + number_text(value) + ", expected " +
                     std::string(expected));
  }
  void positive(std::string_view option, double value) const {
    if (!(value > 0.0) || !std::isfinite(value)) refuse(option, value, "a finite number > 0");
  }
  void not_negative(std::string_view option, double value) const {
    if (!(value >= 0.0) || !std::isfinite(value)) refuse(option, value, "a finite number >= 0");
  }
  void fraction(std::string_view option, double value) const {
    if (!(value >= 0.0 && value < 1.0)) refuse(option, value, "0 <= " + std::string(option) + " < 1");
  }
};

/// Whether the graph behind y leads to one of these, by a walk without recursion.
bool depends_on_any(const Tensor& y, std::span<const Tensor> variables) {
  std::unordered_set<const Node*> wanted, seen{y.node()};
  for (const Tensor& variable : variables) wanted.insert(variable.node());
  std::vector<Tensor> pending{y};
  while (!pending.empty()) {
    const Tensor x = std::move(pending.back());
    pending.pop_back();
    if (wanted.contains(x.node())) return true;
    for (Tensor& input : operation_inputs(x)) {
      if (seen.insert(input.node()).second) pending.push_back(std::move(input));
    }
  }
  return false;
}

bool all_zero(const Tensor& x) {
  return std::all_of(x.values().begin(), x.values().end(), [](double value) { return value == 0.0; });
}

}  // namespace

Optimizer::Optimizer(std::string_view name, Parameters parameters, double learning_rate,
                     std::vector<std::string_view> quantities)
    : name_(name),
      parameters_(std::move(parameters)),
      quantities_(std::move(quantities)),
      learning_rate_(learning_rate) {
  Check{name}.positive("learning_rate", learning_rate);
  if (parameters_.empty()) throw InputError(std::string(name) + ": there are no parameters to optimise");
  for (const Parameter& parameter : parameters_) {
    if (!parameter.value || !parameter.value.is_leaf() || !parameter.value.requires_grad()) {
      throw InputError(std::string(name) + ": parameter '" + parameter.name + "' is not a variable");
    }
    for (const Tensor& other : variables_) {
      if (other.node() == parameter.value.node()) {
        throw InputError(std::string(name) + ": parameter '" + parameter.name + "' is listed twice");
      }
    }
    variables_.push_back(parameter.value);
    for (std::size_t i = 0; i < quantities_.size(); ++i) memory_.emplace_back(parameter.value.size(), 0.0);
  }
}

void Optimizer::set_learning_rate(double rate) {
  Check{name_}.not_negative("learning_rate", rate);
  learning_rate_ = rate;
}

void Optimizer::check_loss(const Tensor& loss, double value) const {
  if (!std::isfinite(value)) {
    const std::string step = " at step " + std::to_string(steps_ + 1);
    if (steps_ == 0) {
      throw NumericalError("loss is " + number_text(value) + step +
                           ", before any update: check the data and the initial parameters");
    }
    const std::string before =
        has_previous_loss_ ? " (loss " + short_number_text(previous_loss_) + " the step before)" : "";
    throw NumericalError("loss became non-finite" + step + before + ": lower the learning rate");
  }
  if (!loss.requires_grad()) no_dependence();
}

void Optimizer::no_dependence() const {
  throw ShapeError(std::string(name_) + ": the loss does not depend on any parameter (was it computed under NoGrad, " +
                   "from detached values, or with another model?)");
}

void Optimizer::check_gradients(std::span<const Tensor> gradients) const {
  if (gradients.size() != variables_.size()) {
    throw ShapeError(std::string(name_) + ": " + std::to_string(gradients.size()) + " gradients for " +
                     std::to_string(variables_.size()) + " parameters");
  }
  for (std::size_t i = 0; i < gradients.size(); ++i) {
    if (!(gradients[i].shape() == variables_[i].shape())) {
      throw ShapeError(std::string(name_) + ": the gradient of '" + parameters_[i].name + "' has shape " +
                       to_string(gradients[i].shape()) + ", the parameter " + to_string(variables_[i].shape()));
    }
    if (!all_finite(gradients[i].values())) {
      throw NumericalError("gradient of '" + parameters_[i].name + "' became non-finite at step " +
                           std::to_string(steps_ + 1) +
                           (has_previous_loss_ ? " (loss " + short_number_text(previous_loss_) + ")" : std::string()) +
                           ": lower the learning rate");
    }
  }
}

Tensors Optimizer::gradients(const Tensor& loss) {
  const double value = loss.item();
  check_loss(loss, value);
  previous_loss_ = value;
  has_previous_loss_ = true;
  const NoGrad no_grad;
  Tensors found = grad(loss, std::span<const Tensor>(variables_));
  // Zeros throughout are rare enough that asking the graph where they come from costs nothing.
  if (std::all_of(found.begin(), found.end(), all_zero) && !depends_on_any(loss, variables_)) no_dependence();
  return found;
}

double Optimizer::step(const Tensor& loss) {
  step(gradients(loss));
  return loss.item();
}

void Optimizer::step(std::span<const Tensor> gradients) {
  check_gradients(gradients);
  ++steps_;
  for (std::size_t i = 0; i < gradients.size(); ++i) {
    update(i, steps_, gradients[i].values(), variables_[i].mutable_values());
  }
}

OptimizerState Optimizer::state() const {
  OptimizerState state{std::string(name_), steps_, {}};
  for (std::size_t i = 0; i < memory_.size(); ++i) {
    const Parameter& parameter = parameters_[i / quantities_.size()];
    const auto values = memory_[i].span();
    state.arrays.push_back({parameter.name + "." + std::string(quantities_[i % quantities_.size()]),
                            parameter.value.shape(),
                            {values.begin(), values.end()}});
  }
  return state;
}

void Optimizer::check_state(const OptimizerState& state) const {
  if (state.optimizer != name_) {
    throw InputError("checkpoint has optimizer " + state.optimizer + ", the run asks for " + std::string(name_));
  }
  if (state.arrays.size() != memory_.size()) {
    throw InputError("checkpoint has " + std::to_string(state.arrays.size()) + " arrays of optimizer state, the run " +
                     std::to_string(memory_.size()));
  }
  for (std::size_t i = 0; i < memory_.size(); ++i) {
    const Parameter& parameter = parameters_[i / quantities_.size()];
    const std::string expected = parameter.name + "." + std::string(quantities_[i % quantities_.size()]);
    const OptimizerState::Array& array = state.arrays[i];
    if (array.name != expected || !(array.shape == parameter.value.shape()) ||
        array.values.size() != memory_[i].size()) {
      throw InputError("checkpoint has optimizer state '" + array.name + "' of shape " + to_string(array.shape) +
                       ", the run asks for '" + expected + "' of shape " + to_string(parameter.value.shape()));
    }
  }
}

void Optimizer::set_state(const OptimizerState& state) {
  check_state(state);
  steps_ = state.steps;
  has_previous_loss_ = false;
  for (std::size_t i = 0; i < memory_.size(); ++i) {
    std::copy(state.arrays[i].values.begin(), state.arrays[i].values.end(), memory_[i].data());
  }
}

Sgd::Sgd(Parameters parameters, const SgdOptions& options)
    : Optimizer("sgd", std::move(parameters), options.learning_rate,
                options.momentum != 0.0 ? std::vector<std::string_view>{"velocity"} : std::vector<std::string_view>{}),
      options_(options) {
  Check{"sgd"}.fraction("momentum", options.momentum);
  Check{"sgd"}.not_negative("weight_decay", options.weight_decay);
  if (options.nesterov && options.momentum == 0.0) throw InputError("sgd: nesterov needs a momentum > 0");
}

void Sgd::update(std::size_t index, std::size_t, std::span<const double> gradient, std::span<double> weights) {
  kernels::sgd({learning_rate(), options_.momentum, options_.weight_decay, options_.nesterov}, weights.size(),
               gradient.data(), options_.momentum != 0.0 ? memory(index, 0) : nullptr, weights.data());
}

namespace {

std::vector<std::string_view> adam_quantities() { return {"first_moment", "second_moment"}; }

void check_adam(std::string_view name, const AdamOptions& options) {
  const Check check{name};
  check.fraction("beta1", options.beta1);
  check.fraction("beta2", options.beta2);
  check.positive("epsilon", options.epsilon);
  check.not_negative("weight_decay", options.weight_decay);
}

kernels::AdamStep adam_step(const AdamOptions& options, double learning_rate, bool decoupled) {
  return {learning_rate, options.beta1, options.beta2, options.epsilon, options.weight_decay, decoupled};
}

}  // namespace

Adam::Adam(Parameters parameters, const AdamOptions& options)
    : Optimizer("adam", std::move(parameters), options.learning_rate, adam_quantities()), options_(options) {
  check_adam("adam", options);
}

void Adam::update(std::size_t index, std::size_t step, std::span<const double> gradient, std::span<double> weights) {
  kernels::adam(adam_step(options_, learning_rate(), false), step, weights.size(), gradient.data(), memory(index, 0),
                memory(index, 1), weights.data());
}

AdamW::AdamW(Parameters parameters, const AdamOptions& options)
    : Optimizer("adamw", std::move(parameters), options.learning_rate, adam_quantities()), options_(options) {
  check_adam("adamw", options);
}

void AdamW::update(std::size_t index, std::size_t step, std::span<const double> gradient, std::span<double> weights) {
  kernels::adam(adam_step(options_, learning_rate(), true), step, weights.size(), gradient.data(), memory(index, 0),
                memory(index, 1), weights.data());
}

Rmsprop::Rmsprop(Parameters parameters, const RmspropOptions& options)
    : Optimizer("rmsprop", std::move(parameters), options.learning_rate, {"second_moment"}), options_(options) {
  Check{"rmsprop"}.fraction("decay", options.decay);
  Check{"rmsprop"}.positive("epsilon", options.epsilon);
}

void Rmsprop::update(std::size_t index, std::size_t, std::span<const double> gradient, std::span<double> weights) {
  const double rate = learning_rate(), decay = options_.decay, fresh = 1.0 - decay, epsilon = options_.epsilon;
  double* const v = memory(index, 0);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    v[i] = decay * v[i] + fresh * gradient[i] * gradient[i];
    weights[i] -= rate * gradient[i] / (std::sqrt(v[i]) + epsilon);
  }
}

Adagrad::Adagrad(Parameters parameters, const AdagradOptions& options)
    : Optimizer("adagrad", std::move(parameters), options.learning_rate, {"sum_of_squares"}), options_(options) {
  Check{"adagrad"}.positive("epsilon", options.epsilon);
}

void Adagrad::update(std::size_t index, std::size_t, std::span<const double> gradient, std::span<double> weights) {
  const double rate = learning_rate(), epsilon = options_.epsilon;
  double* const v = memory(index, 0);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    v[i] += gradient[i] * gradient[i];
    weights[i] -= rate * gradient[i] / (std::sqrt(v[i]) + epsilon);
  }
}

}  // namespace adatom
