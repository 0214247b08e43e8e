#include "nn/initialization.hpp"

#include <array>
#include <cmath>
#include <string>

#include "core/error.hpp"

namespace adatom {
namespace {

struct Entry {
  Initialization initialization;
  std::string_view name;
};
constexpr std::array<Entry, 8> table{{{Initialization::glorot_uniform, "glorot_uniform"},
                                      {Initialization::glorot_normal, "glorot_normal"},
                                      {Initialization::he_uniform, "he_uniform"},
                                      {Initialization::he_normal, "he_normal"},
                                      {Initialization::lecun_uniform, "lecun_uniform"},
                                      {Initialization::lecun_normal, "lecun_normal"},
                                      {Initialization::uniform, "uniform"},
                                      {Initialization::zeros, "zeros"}}};

void check_widths(std::size_t in, std::size_t out) {
  if (in == 0 || out == 0) {
    throw InputError("a layer from " + std::to_string(in) + " to " + std::to_string(out) +
                     " numbers: both must be at least 1");
  }
}

Tensor uniform_tensor(const Shape& shape, double limit, Random& random) {
  const Buffer values(shape.count());
  for (double& value : values.span()) value = random.uniform(-limit, limit);
  return Tensor::variable(shape, values.span());
}

Tensor normal_tensor(const Shape& shape, double deviation, Random& random) {
  const Buffer values(shape.count());
  for (double& value : values.span()) value = deviation * random.normal();
  return Tensor::variable(shape, values.span());
}

Tensor zero_tensor(const Shape& shape) { return Tensor::variable(shape, Buffer(shape.count(), 0.0).span()); }

}  // namespace

Tensor initial_weight(Initialization initialization, std::size_t in, std::size_t out, Random& random) {
  check_widths(in, out);
  const Shape shape{in, out};
  const auto n_in = static_cast<double>(in), n_out = static_cast<double>(out);
  switch (initialization) {
    case Initialization::glorot_uniform:
      return uniform_tensor(shape, std::sqrt(6.0 / (n_in + n_out)), random);
    case Initialization::glorot_normal:
      return normal_tensor(shape, std::sqrt(2.0 / (n_in + n_out)), random);
    case Initialization::he_uniform:
      return uniform_tensor(shape, std::sqrt(6.0 / n_in), random);
    case Initialization::he_normal:
      return normal_tensor(shape, std::sqrt(2.0 / n_in), random);
    case Initialization::lecun_uniform:
      return uniform_tensor(shape, std::sqrt(3.0 / n_in), random);
    case Initialization::lecun_normal:
      return normal_tensor(shape, std::sqrt(1.0 / n_in), random);
    case Initialization::uniform:
      return uniform_tensor(shape, std::sqrt(1.0 / n_in), random);
    case Initialization::zeros:
      return zero_tensor(shape);
  }
  throw InputError("initialization: unknown value " + std::to_string(static_cast<int>(initialization)));
}

Tensor initial_bias(Initialization initialization, std::size_t in, std::size_t out, Random& random) {
  check_widths(in, out);
  if (initialization != Initialization::uniform) return zero_tensor({out});
  return uniform_tensor({out}, std::sqrt(1.0 / static_cast<double>(in)), random);
}

std::string_view name(Initialization initialization) {
  for (const Entry& entry : table) {
    if (entry.initialization == initialization) return entry.name;
  }
  throw InputError("initialization: unknown value " + std::to_string(static_cast<int>(initialization)));
}

Initialization initialization_named(std::string_view text) {
  std::string known;
  for (const Entry& entry : table) {
    if (entry.name == text) return entry.initialization;
    known.append(known.empty() ? "" : ", ").append(entry.name);
  }
  throw InputError("unknown initialization '" + std::string(text) + "': expected one of " + known);
}

}  // namespace adatom
