// What this file is: 48 operations compared, to third order, with PyTorch (float64). The numbers, the definitions of
// S₀, S₁, S₂ and the tolerances are described in tests/data/autodiff.json ("description").
#include <cmath>
#include <fstream>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "autodiff/arithmetic.hpp"
#include "autodiff/distances.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/gradient.hpp"
#include "autodiff/indexing.hpp"
#include "autodiff/matmul.hpp"
#include "autodiff/reductions.hpp"
#include "autodiff/selection.hpp"
#include "autodiff/shaping.hpp"
#include "autodiff/softmax.hpp"
#include "tests/support/catch.hpp"

namespace {

using namespace adatom;
using nlohmann::json;

Shape shape_of(const json& array) { return Shape(array.at("shape").get<std::vector<std::size_t>>()); }

std::vector<double> numbers(const json& array) {
  std::vector<double> values;
  for (const json& value : array.at("data")) {
    if (!value.is_string())
      values.push_back(value.get<double>());
    else
      values.push_back(value == "NaN" ? std::nan("") : value == "Infinity" ? HUGE_VAL : -HUGE_VAL);
  }
  return values;
}

/// A case's inputs: variables where they are differentiated, constants elsewhere; indices are read separately.
struct Inputs {
  const json& listed;
  const json& params;
  Tensors all, differentiated;

  explicit Inputs(const json& example)
      : listed(example.at("inputs")), params(example.contains("params") ? example.at("params") : listed) {
    for (const json& input : listed) {
      const bool differentiable = input.at("diff");
      all.push_back(differentiable ? Tensor::variable(shape_of(input), numbers(input))
                                   : Tensor::constant(shape_of(input), numbers(input)));
      if (differentiable) differentiated.push_back(all.back());
    }
  }
  const Tensor& operator[](std::size_t i) const { return all[i]; }
  Indices indices(std::size_t i) const { return Indices(listed[i].at("data").get<std::vector<std::uint32_t>>()); }
  std::ptrdiff_t axis() const { return params.at("axis"); }
};

using Reduce = Tensor (*)(const Tensor&, Axes, bool);

/// The cases name no axis or one.
Tensor reduced(const Inputs& in, const Tensor& x, Reduce reduce) {
  const json& axes = in.params.at("axes");
  const bool keep = in.params.value("keepdims", false);
  if (axes.is_null()) return reduce(x, {}, keep);
  REQUIRE(axes.size() == 1);
  return reduce(x, {axes[0].get<std::ptrdiff_t>()}, keep);
}

Tensor cross_entropy(const Inputs& in) {
  const std::size_t rows = in[0].shape()[0];
  return -mean(take_along_axis(log_softmax(in[0]), in.indices(1), {rows, 1}));
}

Tensor lennard_jones(const Inputs& in) {
  const double sigma = in.params.at("sigma"), epsilon = in.params.at("epsilon");
  const Tensor sixth = pow(sigma / pairwise_distances(in[0]), 6.0);
  return sum(4.0 * epsilon * (square(sixth) - sixth));
}

Tensor perceptron(const Inputs& in) {
  const Tensor hidden = tanh(affine(in[0], in[1], in[2]));
  return sum(matmul(silu(affine(hidden, in[3], in[4])), in[5]));
}

Tensor sliced(const Inputs& in) {
  return slice(in[0], 0, in.params.at("start")[0].get<std::ptrdiff_t>(), in.params.at("stop")[0].get<std::ptrdiff_t>(),
               in.params.at("step")[0].get<std::size_t>());
}

Tensor reshaped(const Inputs& in) {
  const json& shape = in.params.at("shape");
  REQUIRE(shape.size() == 2);
  return reshape(in[0], {shape[0].get<std::ptrdiff_t>(), shape[1].get<std::ptrdiff_t>()});
}

const std::map<std::string, std::function<Tensor(const Inputs&)>>& operations() {
  static const std::map<std::string, std::function<Tensor(const Inputs&)>> table{
      {"add", [](const Inputs& in) { return in[0] + in[1]; }},
      {"sub", [](const Inputs& in) { return in[0] - in[1]; }},
      {"mul", [](const Inputs& in) { return in[0] * in[1]; }},
      {"div", [](const Inputs& in) { return in[0] / in[1]; }},
      {"pow", [](const Inputs& in) { return pow(in[0], in[1]); }},
      {"pow_scalar", [](const Inputs& in) { return pow(in[0], in.params.at("exponent").get<double>()); }},
      {"exp", [](const Inputs& in) { return exp(in[0]); }},
      {"sin", [](const Inputs& in) { return sin(in[0]); }},
      {"tanh", [](const Inputs& in) { return tanh(in[0]); }},
      {"sigmoid", [](const Inputs& in) { return sigmoid(in[0]); }},
      {"softplus", [](const Inputs& in) { return softplus(in[0]); }},
      {"silu", [](const Inputs& in) { return silu(in[0]); }},
      {"gelu_erf", [](const Inputs& in) { return gelu(in[0]); }},
      {"relu", [](const Inputs& in) { return relu(in[0]); }},
      {"abs", [](const Inputs& in) { return abs(in[0]); }},
      {"log", [](const Inputs& in) { return log(in[0]); }},
      {"sqrt", [](const Inputs& in) { return sqrt(in[0]); }},
      {"sum", [](const Inputs& in) { return reduced(in, in[0], sum); }},
      {"sum_of_square", [](const Inputs& in) { return reduced(in, square(in[0]), sum); }},
      {"mean_of_square", [](const Inputs& in) { return reduced(in, square(in[0]), mean); }},
      {"max_of_square", [](const Inputs& in) { return reduced(in, square(in[0]), max); }},
      {"matmul", [](const Inputs& in) { return matmul(in[0], in[1]); }},
      {"transpose_square",
       [](const Inputs& in) { return square(permute(in[0], in.params.at("perm").get<std::vector<std::size_t>>())); }},
      {"reshape_square", [](const Inputs& in) { return square(reshaped(in)); }},
      {"broadcast_square", [](const Inputs& in) { return square(broadcast_to(in[0], shape_of(in.params))); }},
      {"slice_square", [](const Inputs& in) { return square(sliced(in)); }},
      {"concat_square",
       [](const Inputs& in) {
         return square(concat({in[0], in[1]}, in.axis()));
       }},
      {"index_select_square", [](const Inputs& in) { return square(gather(in[0], in.indices(1), in.axis())); }},
      {"gather", [](const Inputs& in) { return take_along_axis(in[0], in.indices(1), in[1].shape(), in.axis()); }},
      {"index_add_square",
       [](const Inputs& in) { return square(in[0] + scatter_add(in[2], in.indices(1), in[0].shape()[0], in.axis())); }},
      {"norm", [](const Inputs& in) { return norm(in[0], -1); }},
      {"cdist", [](const Inputs& in) { return pairwise_distances(in[0], in[1]); }},
      {"pdist", [](const Inputs& in) { return pairwise_distances(in[0]); }},
      {"logsumexp", [](const Inputs& in) { return reduced(in, in[0], logsumexp); }},
      {"softmax", [](const Inputs& in) { return softmax(in[0], in.axis()); }},
      {"cross_entropy", cross_entropy},
      {"where", [](const Inputs& in) { return where(in[0], in[1], in[2]); }},
      {"clip_square",
       [](const Inputs& in) {
         return square(clip(in[0], in.params.at("lo").get<double>(), in.params.at("hi").get<double>()));
       }},
      {"lj_energy", lennard_jones},
      {"mlp", perceptron},
  };
  return table;
}

struct Tolerance {
  double absolute = 1e-10, relative = 1e-10;
};

/// Extreme cases must be right to the last digits even where the numbers are tiny or huge.
Tolerance tolerance_of(const json& example) {
  const json tags = example.value("tags", json::array());
  const bool extreme = std::find(tags.begin(), tags.end(), "extreme") != tags.end();
  return extreme ? Tolerance{1e-15, 1e-12} : Tolerance{};
}

void compare(const Tensor& found, const json& expected, Tolerance tolerance) {
  REQUIRE(found.shape() == shape_of(expected));
  const std::vector<double> values = numbers(expected);
  for (std::size_t i = 0; i < values.size(); ++i) {
    INFO("element " << i << " found " << found.values()[i] << " expected " << values[i]);
    CHECK(std::abs(found.values()[i] - values[i]) <= tolerance.absolute + tolerance.relative * std::abs(values[i]));
  }
}

Tensor sum_of_squares(const Tensors& xs) {
  Tensor total = 0.0;
  for (const Tensor& x : xs) total = total + sum(square(x));
  return total;
}

}  // namespace

TEST_CASE("values and three orders of derivatives agree with PyTorch", "[autodiff][reference]") {
  std::ifstream file(ADATOM_TEST_DATA "/autodiff.json");
  REQUIRE(file.good());
  const json data = json::parse(file);
  REQUIRE(data.at("cases").size() == 48);
  std::size_t third_orders = 0;
  for (const json& example : data.at("cases")) {
    const Inputs in(example);
    const Tolerance tolerance = tolerance_of(example);
    const std::string id = example.at("id");
    INFO(id);
    const Tensor y = operations().at(example.at("op"))(in);
    compare(y, example.at("output"), tolerance);
    Tensor s = sum(Tensor::constant(y.shape(), numbers(example.at("cotangent"))) * y);
    for (const char* order : {"first", "second", "third"}) {
      if (!example.contains(order) || example.at(order).is_null()) break;  // kinks have one derivative only
      INFO(order << " derivative");
      const Tensors derivatives = grad(s, in.differentiated);
      REQUIRE(derivatives.size() == example.at(order).size());
      for (std::size_t k = 0; k < derivatives.size(); ++k) compare(derivatives[k], example.at(order)[k], tolerance);
      s = sum_of_squares(derivatives);
      third_orders += std::string(order) == "third" ? 1 : 0;
    }
  }
  CHECK(third_orders == 46);
}
