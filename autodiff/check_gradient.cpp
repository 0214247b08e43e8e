#include "autodiff/check_gradient.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string_view>
#include <vector>

#include "autodiff/arithmetic.hpp"
#include "autodiff/gradient.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"
#include "core/random.hpp"

namespace adatom {
namespace {

using Tested = std::function<Tensor(std::span<const Tensor>)>;
using Number = std::function<double(std::span<const Tensor>)>;
using Arrays = std::vector<std::vector<double>>;  // one per argument

Tensors variables(std::span<const Tensor> arguments) {
  Tensors result;
  for (const Tensor& x : arguments) result.push_back(Tensor::variable(x.shape(), x.values()));
  return result;
}

double dot(std::span<const double> a, std::span<const double> b) {
  double total = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) total += a[i] * b[i];
  return total;
}

/// Weights between 1/2 and 3/2 of either sign: none is so small that an error could hide behind it.
Tensor random_weights(const Shape& shape, Random& random) {
  Buffer values(shape.count());
  for (double& value : values.span()) value = random.uniform(0.5, 1.5) * (random.uniform() < 0.5 ? -1.0 : 1.0);
  return Tensor::constant(shape, values);
}

/// The number f changed into by moving one element of one argument by h.
double moved(const Number& f, std::span<const Tensor> arguments, std::size_t argument, std::size_t element, double h) {
  Tensors at(arguments.begin(), arguments.end());
  Buffer values(at[argument].size());
  std::copy(at[argument].values().begin(), at[argument].values().end(), values.data());
  values[element] += h;
  at[argument] = Tensor::constant(at[argument].shape(), values);
  return f(at);
}

/// Sixth-order central difference: (45 (f₁ − f₋₁) − 9 (f₂ − f₋₂) + (f₃ − f₋₃)) / 60h.
double difference(const Number& f, std::span<const Tensor> arguments, std::size_t argument, std::size_t element,
                  double h) {
  constexpr std::array<double, 3> coefficient{45.0, -9.0, 1.0};
  double total = 0.0;
  for (int k = 1; k <= 3; ++k) {
    total += coefficient[static_cast<std::size_t>(k - 1)] *
             (moved(f, arguments, argument, element, k * h) - moved(f, arguments, argument, element, -k * h));
  }
  return total / (60.0 * h);
}

/// Whether the slopes to the left and to the right of the point differ: f has a kink there, or jumps.
bool is_kink(const Number& f, std::span<const Tensor> arguments, std::size_t argument, std::size_t element, double h) {
  const double here = moved(f, arguments, argument, element, 0.0);
  const double right = (moved(f, arguments, argument, element, h) - here) / h;
  const double left = (here - moved(f, arguments, argument, element, -h)) / h;
  return std::abs(right - left) > 0.1 * std::max({1.0, std::abs(right), std::abs(left)});
}

struct Mismatch {
  std::size_t argument = 0, element = 0;
  double error = 0.0;
};

/// All derivatives of one order: exact[k][i] and differences[k][i] belong to element i of argument k.
struct Comparison {
  Arrays exact, differences;
  Mismatch worst;
  std::size_t wrong = 0, compared = 0;
};

double relative_error(double exact, double by_difference) {
  const double error = std::abs(exact - by_difference) / std::max(1.0, std::abs(exact));
  return std::isfinite(error) ? error : std::numeric_limits<double>::infinity();
}

double step_at(const CheckOptions& options, double x) { return options.step * std::max(1.0, std::abs(x)); }

Comparison compare(const Number& f, std::span<const Tensor> arguments, Arrays exact, const CheckOptions& options) {
  Comparison result;
  result.exact = std::move(exact);
  for (std::size_t k = 0; k < arguments.size(); ++k) {
    result.differences.emplace_back(arguments[k].size());
    for (std::size_t i = 0; i < arguments[k].size(); ++i) {
      const double by_difference = difference(f, arguments, k, i, step_at(options, arguments[k].values()[i]));
      const double error = relative_error(result.exact[k][i], by_difference);
      result.differences[k][i] = by_difference;
      result.compared += 1;
      result.wrong += error > options.tolerance ? 1 : 0;
      if (error > result.worst.error) result.worst = {k, i, error};
    }
  }
  return result;
}

// The usual suspects.

bool near(double a, double b) { return std::abs(a - b) <= 1e-4 * std::max(std::abs(a), std::abs(b)); }

/// The ratio exact / difference if it is the same for every element of the argument that is not zero, else nan.
double common_ratio(std::span<const double> exact, std::span<const double> differences) {
  double ratio = std::nan("");
  for (std::size_t i = 0; i < exact.size(); ++i) {
    if (std::abs(exact[i]) < 1e-6 && std::abs(differences[i]) < 1e-6) continue;
    const double here = exact[i] / differences[i];
    if (!std::isnan(ratio) && !near(ratio, here)) return std::nan("");
    ratio = here;
  }
  return ratio;
}

bool is_transposed(const Shape& shape, std::span<const double> exact, std::span<const double> differences) {
  if (shape.rank() != 2 || shape[0] < 2 || shape[1] < 2) return false;
  for (std::size_t i = 0; i < shape[0]; ++i) {
    for (std::size_t j = 0; j < shape[1]; ++j) {
      if (std::abs(exact[j * shape[0] + i] - differences[i * shape[1] + j]) > 1e-5) return false;
    }
  }
  return true;
}

std::string hint_from_ratio(double ratio) {
  if (near(ratio, -1.0)) return "exact = −difference: the sign is wrong";
  if (near(ratio, 2.0)) return "exact = 2 × difference: a factor 2 too many, or a path counted twice";
  if (near(ratio, 0.5)) return "exact = ½ × difference: a factor 2 is missing, or one of two paths";
  if (ratio == 0.0) return "exact is 0: the rule for this argument is missing, or passes through values() or detach()";
  if (std::isfinite(ratio))
    return "exact = " + short_number_text(ratio, 4) + " × difference everywhere: a constant factor is wrong";
  return "";
}

std::string hint(const Comparison& result, int order, const Number& f, std::span<const Tensor> arguments,
                 const CheckOptions& options) {
  const std::size_t k = result.worst.argument, i = result.worst.element;
  const double exact = result.exact[k][i], by_difference = result.differences[k][i];
  if (!std::isfinite(exact) && std::isfinite(by_difference)) {
    return "exact is not finite: 0/0 or inf·0 in the rule; choose the value at the special point explicitly";
  }
  if (!std::isfinite(by_difference)) return "the function itself is not finite near this point; test elsewhere";
  if (is_kink(f, arguments, k, i, step_at(options, arguments[k].values()[i]))) {
    return "the function has a kink or a jump here, where differences mean nothing; test elsewhere";
  }
  if (is_transposed(arguments[k].shape(), result.exact[k], result.differences[k])) {
    return "exact is the transpose of the differences";
  }
  const std::string from_ratio = hint_from_ratio(common_ratio(result.exact[k], result.differences[k]));
  if (order == 2) {
    return (from_ratio.empty() ? "" : from_ratio + "; ") +
           "the first derivative is right, so the rule uses something as a mere number (values(), detach(), NoGrad, a "
           "captured copy) that depends on an argument";
  }
  if (!from_ratio.empty()) return from_ratio;
  if (result.worst.error < 100.0 * options.tolerance) return "nearly right: the step may not suit this function";
  return "";
}

/// "(1, 2)" for element `flat` of a tensor.
std::string index_text(const Shape& shape, std::size_t flat) {
  Shape index = shape;
  for (std::size_t axis = shape.rank(); axis-- > 0;) {
    index[axis] = flat % shape[axis];
    flat /= shape[axis];
  }
  return to_string(index);
}

std::string describe(const Comparison& result, int order, std::string_view operation, const Number& f,
                     std::span<const Tensor> arguments, const CheckOptions& options) {
  const auto [k, i, error] = result.worst;
  const double x = arguments[k].values()[i];
  std::string report = "check_gradient: " + std::string(operation) + ": the " + (order == 1 ? "first" : "second") +
                       " derivative is wrong in " + std::to_string(result.wrong) + " of " +
                       std::to_string(result.compared) + " elements, most in\n";
  report += "  argument   " + std::to_string(k) + " of shape " + to_string(arguments[k].shape()) + ", index " +
            index_text(arguments[k].shape(), i) + ", x = " + short_number_text(x, 10) + "\n";
  report += "  exact      " + short_number_text(result.exact[k][i], 12) + "   (reverse sweep" +
            (order == 2 ? " of the gradient along a random direction)\n" : ")\n");
  report += "  difference " + short_number_text(result.differences[k][i], 12) + "   (sixth order, step " +
            short_number_text(step_at(options, x), 3) + ")\n";
  report += "  error      " + short_number_text(error, 3) + " relative, tolerance " +
            short_number_text(options.tolerance, 3) + "\n";
  const std::string suspect = hint(result, order, f, arguments, options);
  return suspect.empty() ? report : report + "  hint       " + suspect + "\n";
}

Arrays numbers(const Tensors& tensors) {
  Arrays arrays;
  for (const Tensor& x : tensors) arrays.emplace_back(x.values().begin(), x.values().end());
  return arrays;
}

/// What is compared for one order: the exact derivatives, and the number whose differences they must equal.
struct Case {
  int order = 0;
  Tensors exact;
  Number number;
};

Case first_order(const Tested& f, std::span<const Tensor> arguments, const Tensor& weights) {
  const auto number = [f, weights](std::span<const Tensor> at) {
    return dot(f(variables(at)).values(), weights.values());  // variables: f may itself take gradients on the way
  };
  const Tensors at = variables(arguments);
  return {1, vjp(f(at), at, weights), number};
}

/// The gradient along a fixed direction is a number again; its exact gradient is a second derivative.
Case second_order(const Tested& f, std::span<const Tensor> arguments, const Tensor& weights, Random& random) {
  Tensors directions;
  for (const Tensor& x : arguments) directions.push_back(random_weights(x.shape(), random));
  const auto number = [f, weights, directions](std::span<const Tensor> at) {
    const Tensors xs = variables(at);
    const Tensor y = f(xs);
    const NoGrad numbers_only;
    const Tensors slopes = vjp(y, xs, weights);
    double total = 0.0;
    for (std::size_t k = 0; k < slopes.size(); ++k) total += dot(slopes[k].values(), directions[k].values());
    return total;
  };
  const Tensors at = variables(arguments);
  const Tensors slopes = vjp(f(at), at, weights);
  Tensors exact;
  for (std::size_t k = 0; k < slopes.size(); ++k) {
    const Tensors parts = vjp(slopes[k], at, directions[k]);
    for (std::size_t j = 0; j < parts.size(); ++j) {
      if (k == 0)
        exact.push_back(parts[j]);
      else
        exact[j] = exact[j] + parts[j];
    }
  }
  return {2, exact, number};
}

}  // namespace

CheckResult check_gradient(const Tested& f, std::span<const Tensor> arguments, const CheckOptions& options) {
  if (options.order != 1 && options.order != 2) {
    throw InputError("check_gradient: the order is " + std::to_string(options.order) + ", expected 1 or 2");
  }
  if (!(options.step > 0.0) || !std::isfinite(options.step)) {
    throw InputError("check_gradient: the step is " + number_text(options.step) + ", expected a finite number > 0");
  }
  if (!(options.tolerance >= 0.0) || !std::isfinite(options.tolerance)) {
    throw InputError("check_gradient: the tolerance is " + number_text(options.tolerance) +
                     ", expected a finite number >= 0");
  }
  const WithGrad recorded;
  Random random(options.seed);
  const Tensor output = f(variables(arguments));
  const Tensor weights = random_weights(output.shape(), random);
  CheckResult result;
  for (int order = 1; order <= options.order; ++order) {
    Case derivatives;
    try {
      derivatives = order == 1 ? first_order(f, arguments, weights) : second_order(f, arguments, weights, random);
    } catch (const ShapeError& error) {  // of a rule: f itself has been called before
      return {.passed = false, .report = "check_gradient: " + std::string(error.what()) + "\n"};
    }
    const Comparison compared = compare(derivatives.number, arguments, numbers(derivatives.exact), options);
    result.largest_error = std::max(result.largest_error, compared.worst.error);
    if (compared.wrong > 0) {
      result.passed = false;
      result.report = describe(compared, order, operation_name(output), derivatives.number, arguments, options);
      return result;
    }
  }
  return result;
}

}  // namespace adatom
