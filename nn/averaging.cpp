#include "nn/averaging.hpp"

#include <cmath>
#include <string>
#include <utility>

#include "core/error.hpp"
#include "core/number_text.hpp"

namespace adatom {

ParameterAverage::ParameterAverage(Parameters parameters, double decay)
    : parameters_(std::move(parameters)), decay_(decay), accumulated_(count(parameters_), 0.0) {
  if (!(decay >= 0.0 && decay < 1.0)) {
    throw InputError("parameter average: decay is " + number_text(decay) + ", expected 0 <= decay < 1");
  }
}

void ParameterAverage::update() {
  const double fresh = 1.0 - decay_;
  double* a = accumulated_.data();
  for (const Parameter& parameter : parameters_) {
    for (const double w : parameter.value.values()) {
      *a = decay_ * *a + fresh * w;
      ++a;
    }
  }
  ++updates_;
}

std::vector<double> ParameterAverage::average() const {
  if (updates_ == 0) return flatten(parameters_);
  const double weight = 1.0 - std::pow(decay_, static_cast<double>(updates_));
  std::vector<double> result = accumulated_;
  for (double& value : result) value /= weight;
  return result;
}

std::vector<double> ParameterAverage::apply() {
  std::vector<double> present = flatten(parameters_);
  assign(parameters_, average());
  return present;
}

void ParameterAverage::set_state(std::size_t updates, std::span<const double> accumulated) {
  if (accumulated.size() != accumulated_.size()) {
    throw ShapeError("parameter average: " + std::to_string(accumulated.size()) + " values for parameters of " +
                     std::to_string(accumulated_.size()) + " numbers");
  }
  updates_ = updates;
  accumulated_.assign(accumulated.begin(), accumulated.end());
}

}  // namespace adatom
