#include "nn/schedules.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <utility>

#include "core/error.hpp"
#include "core/number_text.hpp"

namespace adatom {
namespace {

void check_rate(const char* schedule, const char* argument, double rate, bool zero_allowed = false) {
  if (std::isfinite(rate) && (rate > 0.0 || (zero_allowed && rate == 0.0))) return;
  throw InputError(std::string(schedule) + ": " + argument + " is " + number_text(rate) +
                   ", expected a finite number " + (zero_allowed ? ">= 0" : "> 0"));
}

void check_factor(const char* schedule, double factor) {
  if (factor > 0.0 && factor <= 1.0) return;
  throw InputError(std::string(schedule) + ": factor is " + number_text(factor) + ", expected 0 < factor <= 1");
}

void check_steps(const char* schedule, const char* argument, std::size_t steps) {
  if (steps == 0) throw InputError(std::string(schedule) + ": " + argument + " is 0, expected at least 1");
}

/// How far `step` has come in `steps`, from 0 to 1.
double progress(std::size_t step, std::size_t steps) {
  return static_cast<double>(std::min(step, steps)) / static_cast<double>(steps);
}

}  // namespace

Schedule constant_rate(double rate) {
  check_rate("constant_rate", "rate", rate);
  return [=](std::size_t) { return rate; };
}

Schedule step_rate(double rate, double factor, std::size_t every) {
  check_rate("step_rate", "rate", rate);
  check_factor("step_rate", factor);
  check_steps("step_rate", "every", every);
  return [=](std::size_t step) { return rate * std::pow(factor, static_cast<double>(step / every)); };
}

Schedule exponential_rate(double rate, double factor) {
  check_rate("exponential_rate", "rate", rate);
  check_factor("exponential_rate", factor);
  return [=](std::size_t step) { return rate * std::pow(factor, static_cast<double>(step)); };
}

Schedule linear_rate(double rate, std::size_t steps, double final_rate) {
  check_rate("linear_rate", "rate", rate);
  check_rate("linear_rate", "final_rate", final_rate, true);
  check_steps("linear_rate", "steps", steps);
  return
      [=](std::size_t step) { return step < steps ? rate + (final_rate - rate) * progress(step, steps) : final_rate; };
}

Schedule cosine_rate(double rate, std::size_t steps, double final_rate) {
  check_rate("cosine_rate", "rate", rate);
  check_rate("cosine_rate", "final_rate", final_rate, true);
  check_steps("cosine_rate", "steps", steps);
  return [=](std::size_t step) {
    return final_rate + 0.5 * (rate - final_rate) * (1.0 + std::cos(std::numbers::pi * progress(step, steps)));
  };
}

Schedule inverse_time_rate(double rate, double time) {
  check_rate("inverse_time_rate", "rate", rate);
  check_rate("inverse_time_rate", "time", time);
  return [=](std::size_t step) { return rate / (1.0 + static_cast<double>(step) / time); };
}

Schedule warm_up(Schedule after, std::size_t steps) {
  if (!after) throw InputError("warm_up: the schedule to follow is empty");
  return [after = std::move(after), steps](std::size_t step) {
    if (step >= steps) return after(step - steps);
    // Already the first step is above 0: an update with rate 0 would be wasted.
    return after(0) * static_cast<double>(step + 1) / static_cast<double>(steps + 1);
  };
}

}  // namespace adatom
