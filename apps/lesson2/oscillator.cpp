// A damped oscillator's amplitude, damping, frequency and phase from a noisy record, by gradient descent.
#include <algorithm>
#include <limits>

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

/// Where the descent ends from each starting frequency, and the loss along the frequency with the rest right.
void frequencies(Section& section, const Function& loss, const std::vector<double>& start, double learning_rate,
                 std::size_t steps) {
  Panel valley{.title = "The loss along the frequency",
               .x_label = "frequency (1/s)",
               .y_label = "mean squared deviation (cm²)",
               .curves = {},
               .settings = "set yrange [0:0.8]"};
  Curve slice{.title = "other parameters right", .x = {}, .y = {}};
  for (double w = 0.2; w <= 5.0; w += 0.02) {
    slice.x.push_back(w), slice.y.push_back(loss(Tensor::constant({4}, {truth[0], truth[1], w, truth[3]})).item());
  }
  Curve ends{.title = "where descents end", .x = {}, .y = {}, .style = Style::points};
  Panel result{.title = "Where a descent ends, by where it starts",
               .x_label = "frequency at the start (1/s)",
               .y_label = "at the end (1/s)",
               .curves = {},
               .settings = "set yrange [0:6]\nset key top left"};
  Curve map{.title = "end of the descent", .x = {}, .y = {}, .style = Style::points},
      right{.title = "true frequency", .x = {0.2, 5.0}, .y = {truth[2], truth[2]}, .style = Style::dashes};
  std::size_t found = 0;
  double least = std::numeric_limits<double>::infinity(), most = 0.0;  // losses of those that went astray
  for (double w = 0.4; w < 5.0; w += section.quick ? 0.8 : 0.2) {
    std::vector<double> p = start;
    p[2] = w;
    const Descent way = gradient_descent(loss, p, learning_rate, steps);
    if (way.diverged) continue;
    const double end = way.parameters.back()[2];
    map.x.push_back(w), map.y.push_back(end), ends.x.push_back(end), ends.y.push_back(way.losses.back());
    if (std::abs(end - truth[2]) < 0.1)
      ++found;
    else
      least = std::min(least, way.losses.back()), most = std::max(most, way.losses.back());
  }
  valley.curves = {slice, ends};
  result.curves = {map, right};
  section.say("Downhill is not always the right way: " + std::to_string(found) + " of " + std::to_string(map.x.size()) +
              " starting frequencies lead to the true one; the others end at a wrong frequency, with " +
              fixed(least / (noise * noise), 0) + " to " + fixed(most / (noise * noise), 0) +
              " times the loss that the noise leaves. No step length cures that. A good start does: here, counting the "
              "zeros of the record.");
  section.plot("oscillator_starts", {valley, result},
               "Left: far from the true frequency the loss is flat and rippled: nothing shows the way. Right: starts "
               "near the true frequency find it, those far away do not.");
}

}  // namespace

void oscillator(Section& section) {
  const Record record = recorded(section.random);
  const Function loss = mean_squared_deviation(record);
  const std::vector<double> start{1.0, 0.2, 2.2, 0.0}, curvature = curvatures(loss, truth);
  const double longest = 2.0 / curvature.back();
  section.say(
      "160 measurements (noise 0.05 cm) of x(t) = A exp(−γt) cos(ωt + φ). Four parameters of different units share one "
      "learning rate. "
      "At the minimum the curvatures range from " +
      general(curvature.front(), 2) + " to " + general(curvature.back(), 2) +
      ": η must stay below 2/λ_max = " + fixed(longest, 3) + " there, and " +
      general(curvature.back() / curvature.front(), 2) + " is the ratio that makes descent slow.");
  const std::size_t steps = section.quick ? 400 : 4000;
  Table table({"η / (2/λ_max)", "steps", "amplitude\ncm", "damping\n1/s", "frequency\n1/s", "phase", "loss\ncm²", ""},
              {7});
  Panel losses{.title = "The loss along the way",
               .x_label = "step + 1",
               .y_label = "mean squared deviation (cm²)",
               .curves = {},
               .log_x = true,
               .log_y = true,
               .settings = "set yrange [1e-3:100]"};
  Descent good;
  const auto parameter = [](double value) { return std::abs(value) < 1e4 ? fixed(value, 3) : general(value, 2); };
  for (const double part : {0.02, 0.4, 1.5, 20.0}) {
    const Descent way = gradient_descent(loss, start, part * longest, steps);
    const std::vector<double>& p = way.parameters.back();
    const bool fits = way.losses.back() < 2.0 * noise * noise;
    table.add({fixed(part, 2), std::to_string(way.losses.size() - 1), parameter(p[0]), parameter(p[1]), parameter(p[2]),
               parameter(p[3]), general(way.losses.back(), 3),
               fits           ? "fits"
               : way.diverged ? "explodes"
               : part < 1.0   ? "not there yet"
                              : "jumps about"});
    Curve curve{.title = "η = " + fixed(part, 2) + " · 2/λ_{max}", .x = {}, .y = {}};
    thin_out(way, curve.x, curve.y);
    for (double& x : curve.x) x += 1.0;
    losses.curves.push_back(curve);
    if (part == 0.4) good = way;
  }
  table.rule();
  table.add({"truth", "", fixed(truth[0], 3), fixed(truth[1], 3), fixed(truth[2], 3), fixed(truth[3], 3),
             general(noise * noise, 3), "the noise"});
  section.show(table);
  Panel picture{.title = "The record and the fit", .x_label = "time (s)", .y_label = "position (cm)", .curves = {}};
  picture.curves.push_back(
      {.title = "measured", .x = record.t, .y = record.x, .style = Style::points, .colour = "#555555"});
  picture.curves.push_back(curve_of("start", start, colour(4)));
  picture.curves.push_back(curve_of("fitted", good.parameters.back(), colour(0)));
  section.plot("oscillator", {picture, losses},
               "Left: the fit passes through the points. Right: steps that are too long never settle, or explode; "
               "steps that are too short take for ever.");
  frequencies(section, loss, start, 0.4 * longest, 1500);
}

}  // namespace adatom::apps::lesson2
