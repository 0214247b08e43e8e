// A damped oscillator's amplitude, damping, frequency and phase from a noisy record, by gradient descent.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "apps/lesson2/descent.hpp"
#include "apps/lesson2/sections.hpp"
#include "autodiff/arithmetic.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/indexing.hpp"
#include "autodiff/reductions.hpp"

namespace adatom::apps::lesson2 {
namespace {

/// amplitude (cm), damping (1/s), angular frequency (1/s), phase
const std::vector<double> truth{1.5, 0.1, 2.4, 0.4};
constexpr double noise = 0.05;  // cm

struct Record {
  std::vector<double> t, x;  // s, cm
};

/// A e^(−γt) cos(ωt + φ) at all times t.
Tensor position(const Tensor& p, const Tensor& t) {
  const Tensor amplitude = gather(p, {0}), damping = gather(p, {1}), frequency = gather(p, {2}), phase = gather(p, {3});
  return amplitude * exp(-damping * t) * cos(frequency * t + phase);
}

Record recorded(Random& random) {
  Record record;
  for (int i = 0; i < 160; ++i) record.t.push_back(20.0 * i / 159.0);
  const Tensor exact = position(Tensor::constant({4}, truth), Tensor::constant({160}, record.t));
  for (const double x : exact.values()) record.x.push_back(x + noise * random.normal());
  return record;
}

Function mean_squared_deviation(const Record& record) {
  const Tensor t = Tensor::constant({record.t.size()}, record.t), x = Tensor::constant({record.x.size()}, record.x);
  return [t, x](const Tensor& p) { return mean(square(position(p, t) - x)); };
}

Curve curve_of(const std::string& title, const std::vector<double>& p, const std::string& hue) {
  std::vector<double> t;
  for (int i = 0; i <= 300; ++i) t.push_back(20.0 * i / 300.0);
  const Tensor x = position(Tensor::constant({4}, p), Tensor::constant({t.size()}, t));
  return {.title = title, .x = t, .y = {x.values().begin(), x.values().end()}, .colour = hue};
}

/// What came of descents from many starting frequencies.
struct Starts {
  std::size_t count = 0, found = 0;
};

/// Where the descent ends from each starting frequency, and the loss along the frequency with the rest right.
Starts descents_from_everywhere(const Section& section, const Function& loss, const std::vector<double>& start,
                                double learning_rate) {
  constexpr std::size_t steps = 1500;
  Curve slice{.title = "other parameters right", .x = {}, .y = {}};
  for (double w = 0.2; w <= 5.0; w += 0.02) {
    slice.x.push_back(w), slice.y.push_back(loss(Tensor::constant({4}, {truth[0], truth[1], w, truth[3]})).item());
  }
  Curve ends{.title = "where descents end", .x = {}, .y = {}, .style = Style::points};
  Curve map{.title = "end of the descent", .x = {}, .y = {}, .style = Style::points},
      right{.title = "true frequency", .x = {0.2, 5.0}, .y = {truth[2], truth[2]}, .style = Style::dashes};
  Starts starts;
  double least = std::numeric_limits<double>::infinity(), most = 0.0;  // losses of those that went astray
  for (double w = 0.4; w < 5.0; w += section.quick ? 0.8 : 0.2) {
    std::vector<double> p = start;
    p[2] = w;
    const Descent way = gradient_descent(loss, p, learning_rate, steps);
    ++starts.count;
    if (way.diverged) continue;
    const double end = way.parameters.back()[2];
    map.x.push_back(w), map.y.push_back(end), ends.x.push_back(end), ends.y.push_back(way.losses.back());
    if (std::abs(end - truth[2]) < 0.1)
      ++starts.found;
    else
      least = std::min(least, way.losses.back()), most = std::max(most, way.losses.back());
  }
  section.say("Now the same from other starting frequencies. " + std::to_string(starts.found) + " of " +
              std::to_string(starts.count) + " lead to the true one; the others end at a wrong frequency, with " +
              fixed(least / (noise * noise), 0) + " to " + fixed(most / (noise * noise), 0) +
              " times the loss that the noise leaves.");
  section.plot("oscillator_starts",
               {{.title = "The loss along the frequency",
                 .x_label = "frequency (1/s)",
                 .y_label = "mean squared deviation (cm²)",
                 .curves = {slice, ends},
                 .settings = "set yrange [0:0.6]"},
                {.title = "Where a descent ends, by where it starts",
                 .x_label = "frequency at the start (1/s)",
                 .y_label = "at the end (1/s)",
                 .curves = {map, right},
                 .settings = "set yrange [0:5]"}},
               "Left: far from the true frequency the loss is flat and rippled: nothing shows the way. Right: starts "
               "near the true frequency find it, those far away do not.");
  return starts;
}

/// A descent with learning rate `part` · 2/λ_max.
struct Way {
  double part = 0.0;
  Descent descent{};
  bool fits() const { return descent.losses.back() < 2.0 * noise * noise; }
  std::string what_happened() const {
    if (fits()) return "fits";
    if (descent.diverged) return "explodes";
    return part < 1.0 ? "not there yet" : "jumps about";
  }
};

/// Standard errors of the fitted parameters: at the minimum their covariance is 2σ²/N times the inverse Hessian of the
/// mean squared deviation, with σ² from the scatter that is left.
std::vector<double> standard_errors(const Function& loss, const std::vector<double>& p, std::size_t count) {
  const double n = static_cast<double>(count), k = static_cast<double>(p.size());
  const double variance = loss(Tensor::constant({p.size()}, p)).item() * n / (n - k);
  const SymmetricEigen eigen = symmetric_eigen(p.size(), hessian(loss, Tensor::variable({p.size()}, p)).values());
  std::vector<double> errors;
  for (std::size_t i = 0; i < p.size(); ++i) {
    double inverse = 0.0;
    for (std::size_t m = 0; m < p.size(); ++m) inverse += std::pow(eigen.vector(m)[i], 2.0) / eigen.values[m];
    errors.push_back(std::sqrt(2.0 * variance / n * inverse));
  }
  return errors;
}

Table table_of(const std::vector<Way>& ways, const std::vector<double>& errors) {
  const auto parameter = [](double value) { return std::abs(value) < 1e4 ? fixed(value, 3) : general(value, 2); };
  Table table({"η / (2/λ_max)", "steps", "amplitude\ncm", "damping\n1/s", "frequency\n1/s", "phase", "loss\ncm²", ""},
              {7});
  for (const Way& way : ways) {
    const std::vector<double>& p = way.descent.parameters.back();
    table.add({fixed(way.part, 2), std::to_string(way.descent.losses.size() - 1), parameter(p[0]), parameter(p[1]),
               parameter(p[2]), parameter(p[3]), general(way.descent.losses.back(), 3), way.what_happened()});
  }
  table.rule();
  table.add({"± standard error", "", fixed(errors[0], 3), fixed(errors[1], 3), fixed(errors[2], 3), fixed(errors[3], 3),
             "", "of the one that fits"});
  table.add({"truth", "", fixed(truth[0], 3), fixed(truth[1], 3), fixed(truth[2], 3), fixed(truth[3], 3),
             general(noise * noise, 3), "the noise"});
  return table;
}

Panel record_panel(const Record& record, const std::vector<double>& start, const std::vector<double>& fitted) {
  Panel panel{.title = "The record and the fit",
              .x_label = "time (s)",
              .y_label = "position (cm)",
              .curves = {},
              .settings = "set yrange [-1.5:1.5]"};
  panel.curves.push_back(
      {.title = "measured", .x = record.t, .y = record.x, .style = Style::points, .colour = "#555555"});
  panel.curves.push_back(curve_of("fitted", fitted, colour(0)));
  panel.curves.push_back(curve_of("start", start, colour(4)));
  return panel;
}

Panel loss_panel(const std::vector<Way>& ways) {
  Panel panel{.title = "The loss along the way",
              .x_label = "step + 1",
              .y_label = "mean squared deviation (cm²)",
              .curves = {},
              .log_x = true,
              .log_y = true,
              .settings = "set yrange [1e-3:100]"};
  for (const Way& way : ways) {
    Curve curve{.title = "η = " + fixed(way.part, 2) + " · 2/λ_{max}", .x = {}, .y = {}};
    thin_out(way.descent, curve.x, curve.y);
    for (double& x : curve.x) x += 1.0;
    panel.curves.push_back(curve);
  }
  return panel;
}

/// A guess without any descent: half a turn lies between two zeros of the record, in the first half, where the motion
/// is well above the noise.
double frequency_from_zeros(const Record& record) {
  std::vector<double> zeros;
  for (std::size_t i = 1; i < record.t.size() / 2; ++i) {
    const double before = record.x[i - 1], after = record.x[i];
    if (before * after < 0.0)
      zeros.push_back(record.t[i - 1] + (record.t[i] - record.t[i - 1]) * before / (before - after));
  }
  return std::numbers::pi * static_cast<double>(zeros.size() - 1) / (zeros.back() - zeros.front());
}

}  // namespace

void oscillator(Section& section) {
  const Record record = recorded(section.random);
  const Function loss = mean_squared_deviation(record);
  const std::vector<double> start{1.0, 0.2, 2.2, 0.0}, curvature = curvatures(loss, truth);
  const double longest = 2.0 / curvature.back();
  section.say(
      "160 measurements (noise 0.05 cm) of x(t) = A exp(−γt) cos(ωt + φ): amplitude A, damping γ, angular frequency ω "
      "and phase φ share one learning rate. At the minimum the curvatures range from " +
      general(curvature.front(), 2) + " to " + general(curvature.back(), 2) +
      ": η must stay below 2/λ_max = " + fixed(longest, 3) + " there, and " +
      general(curvature.back() / curvature.front(), 2) + " is the ratio that makes descent slow.");
  std::vector<Way> ways;
  for (const double part : {0.02, 0.4, 1.5, 20.0})
    ways.push_back({part, gradient_descent(loss, start, part * longest, section.quick ? 400 : 4000)});
  const std::vector<double>& fitted = ways[1].descent.parameters.back();
  const std::vector<double> errors = standard_errors(loss, fitted, record.t.size());
  section.show(table_of(ways, errors));
  section.plot("oscillator", {record_panel(record, start, fitted), loss_panel(ways)},
               "Left: the fit passes through the points. Right: steps that are too short take for ever; steps that are "
               "too long never settle, or throw the parameters far away, where the loss is flat, until it explodes.");
  const Starts starts = descents_from_everywhere(section, loss, start, 0.4 * longest);
  const double guess = frequency_from_zeros(record);
  const Descent from_guess = gradient_descent(loss, {1.0, 0.2, guess, 0.0}, 0.4 * longest, 1500);
  section.conclude("No: only " + std::to_string(starts.found) + " of " + std::to_string(starts.count) +
                   " starting frequencies led to the true one, and no step length cures the others. A good start does: "
                   "the zeros of the record alone give ω = " +
                   fixed(guess, 2) + " 1/s, from which the descent ends at " +
                   fixed(from_guess.parameters.back()[2], 4) + " ± " + fixed(errors[2], 4) +
                   " (truth: " + fixed(truth[2], 1) + ").");
}

}  // namespace adatom::apps::lesson2
