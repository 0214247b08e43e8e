// A line fitted by gradient descent: the right step, the slow one, the one that just holds, and the one that explodes.
#include <cmath>

#include "apps/lesson2/descent.hpp"
#include "apps/lesson2/sections.hpp"
#include "autodiff/arithmetic.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/indexing.hpp"
#include "autodiff/reductions.hpp"

namespace adatom::apps::lesson2 {
namespace {

struct Data {
  std::vector<double> x, y;
};

constexpr double true_slope = 2.0, true_offset = 1.0, noise = 0.5;

Data measured(Random& random) {
  Data data;
  for (const double x : linspace(0.0, 5.0, 40)) {
    data.x.push_back(x);
    data.y.push_back(true_slope * data.x.back() + true_offset + noise * random.normal());
  }
  return data;
}

/// The mean squared deviation of slope·x + offset from the data, of the parameters (slope, offset). Both sides of the
/// difference have the shape (40): had one of them (40, 1), broadcasting would silently compare every point with every
/// other.
Function mean_squared_deviation(const Data& data) {
  const Tensor x = Tensor::constant({data.x.size()}, data.x), y = Tensor::constant({data.y.size()}, data.y);
  return [x, y](const Tensor& p) { return mean(square(gather(p, {0}) * x + gather(p, {1}) - y)); };
}

/// The exact answer, from the normal equations.
std::vector<double> least_squares(const Data& data) {
  const double n = static_cast<double>(data.x.size());
  double sx = 0, sy = 0, sxx = 0, sxy = 0;
  for (std::size_t i = 0; i < data.x.size(); ++i)
    sx += data.x[i], sy += data.y[i], sxx += data.x[i] * data.x[i], sxy += data.x[i] * data.y[i];
  const double slope = (n * sxy - sx * sy) / (n * sxx - sx * sx);
  return {slope, (sy - slope * sx) / n};
}

/// Standard errors of slope and offset, from the scatter about the line.
std::vector<double> standard_errors(const Data& data, double least_loss) {
  const double n = static_cast<double>(data.x.size());
  double sx = 0, sxx = 0;
  for (const double x : data.x) sx += x, sxx += x * x;
  const double variance = least_loss * n / (n - 2.0), spread = sxx - sx * sx / n;
  return {std::sqrt(variance / spread), std::sqrt(variance * sxx / (n * spread))};
}

/// One descent with learning rate `part` · 2/λ_max.
struct Way {
  double part = 0.0, learning_rate = 0.0;
  Descent descent{};
  std::size_t arrival = 0;  ///< the step from which on the loss is within 1 % of the least
  bool arrived = false;
  std::string name() const { return "η = " + fixed(part, 3) + " · 2/λ_{max}"; }
};

Way descend(const Function& loss, const std::vector<double>& start, double part, double longest, double least_loss,
            std::size_t steps) {
  Way way{.part = part, .learning_rate = part * longest};
  way.descent = gradient_descent(loss, start, way.learning_rate, steps);
  const std::vector<double>& losses = way.descent.losses;
  way.arrival = losses.size();
  while (way.arrival > 0 && losses[way.arrival - 1] < 1.01 * least_loss) --way.arrival;
  way.arrived = way.arrival < losses.size();
  return way;
}

Table table_of(const std::vector<Way>& ways, const std::vector<double>& best, const std::vector<double>& errors,
               double least_loss) {
  Table table({"η\n", "η / (2/λ_max)\n", "steps\n", "within 1 %\nafter", "slope\n", "offset\n", "loss\n"});
  for (const Way& way : ways) {
    const std::vector<double>& p = way.descent.parameters.back();
    table.add({fixed(way.learning_rate, 5), fixed(way.part, 3), std::to_string(way.descent.losses.size() - 1),
               way.arrived            ? std::to_string(way.arrival)
               : way.descent.diverged ? "explodes"
                                      : "not yet",
               fixed(p[0], 4), fixed(p[1], 4), general(way.descent.losses.back(), 5)});
  }
  table.rule();
  table.add({"exact", "", "", "", fixed(best[0], 4), fixed(best[1], 4), general(least_loss, 5)});
  table.add({"± standard error", "", "", "", fixed(errors[0], 4), fixed(errors[1], 4), ""});
  return table;
}

Panel data_panel(const Data& data, const Way& way) {
  Panel panel{.title = "The line on its way, " + way.name(),
              .x_label = "x",
              .y_label = "y",
              .curves = {},
              .settings = "set yrange [0:12]"};
  panel.curves.push_back({.title = "data", .x = data.x, .y = data.y, .style = Style::points, .colour = "#555555"});
  for (const std::size_t step : {std::size_t{0}, std::size_t{5}, std::size_t{50}, way.descent.losses.size() - 1}) {
    const std::vector<double>& p = way.descent.parameters[std::min(step, way.descent.parameters.size() - 1)];
    panel.curves.push_back(
        {.title = "after " + std::to_string(step) + " steps", .x = {0.0, 5.0}, .y = {p[1], 5.0 * p[0] + p[1]}});
  }
  return panel;
}

Panel loss_panel(const std::vector<Way>& ways) {
  Panel panel{.title = "The loss along the way",
              .x_label = "step + 1",
              .y_label = "mean squared deviation",
              .curves = {},
              .log_x = true,
              .log_y = true,
              .settings = "set yrange [0.05:1e6]"};
  for (const Way& way : ways) {
    Curve curve{.title = way.name(), .x = {}, .y = {}};
    thin_out(way.descent, curve.x, curve.y);
    for (double& x : curve.x) x += 1.0;
    panel.curves.push_back(curve);
  }
  return panel;
}

/// The path of the parameters over the loss.
void draw_paths(const Section& section, const Function& loss, const std::vector<Way>& ways) {
  constexpr int points = 121;
  constexpr std::size_t steps_drawn = 400;
  constexpr double slope_low = -0.5, slope_high = 5.0, offset_low = 0.0, offset_high = 4.5;
  std::vector<double> a, b, l;
  for (int i = 0; i < points; ++i) {
    for (int j = 0; j < points; ++j) {
      a.push_back(slope_low + (slope_high - slope_low) * i / (points - 1));
      b.push_back(offset_low + (offset_high - offset_low) * j / (points - 1));
      l.push_back(std::log10(loss(Tensor::constant({2}, {a.back(), b.back()})).item()));
    }
  }
  section.write_data("line_map", {"slope", "offset", "log10(loss)"}, {a, b, l});
  std::string script = figure_header("line_paths", 980, 820) + "set title 'Ways to the minimum, the first " +
                       std::to_string(steps_drawn) +
                       " steps'\n"
                       "set xlabel 'slope'\n"
                       "set ylabel 'offset'\n"
                       "set cblabel 'log_{10} loss'\n"
                       "set xrange [" +
                       fixed(slope_low, 1) + ":" + fixed(slope_high, 1) + "]\nset yrange [" + fixed(offset_low, 1) +
                       ":" + fixed(offset_high, 1) +
                       "]\n"
                       "set palette defined (0 '#08519c', 1 '#6baed6', 2 '#eff3ff')\n"
                       "set key bmargin center horizontal Left reverse samplen 3 width -3\nset bmargin 5.5\n"
                       "plot 'line_map.dat' using 1:2:3 with image notitle";
  // The one that jumps lies below the others, the finer on the broader.
  const std::vector<std::string> looks{"pointtype 7 pointsize 0.9 linewidth 4 linecolor rgb '#000000'",
                                       "pointtype 5 pointsize 0.5 linewidth 1.2 linecolor rgb '#ffd92f'",
                                       "pointtype 6 pointsize 0.8 linewidth 1.2 linecolor rgb '#d55e00'"};
  for (const std::size_t k : {2, 0, 1}) {
    std::vector<double> slope, offset;
    for (std::size_t i = 0; i < std::min(ways[k].descent.parameters.size(), steps_drawn); ++i)
      slope.push_back(ways[k].descent.parameters[i][0]), offset.push_back(ways[k].descent.parameters[i][1]);
    const std::string name = "line_path" + std::to_string(k + 1);
    section.write_data(name, {"slope", "offset"}, {slope, offset});
    script += ", \\\n  '" + name + ".dat' using 1:2 with linespoints " + looks[k] + " title '" + ways[k].name() + "'";
  }
  section.draw("line_paths", script + "\n",
               "The valley is narrow: short steps creep along its floor; the longest jump from side to side of it, and "
               "still arrive first, since they also go farthest along it.");
}

}  // namespace

void line(Section& section) {
  const Data data = measured(section.random);
  const Function loss = mean_squared_deviation(data);
  const std::vector<double> start{0.2, 3.0}, best = least_squares(data), curvature = curvatures(loss, start);
  const double least_loss = loss(Tensor::constant({2}, best)).item(), longest = 2.0 / curvature.back();
  section.say(
      "Forty points around y = 2x + 1 (noise 0.5, fixed seed). The loss is the mean squared deviation; its gradient "
      "with respect to slope and offset comes from autodiff; each step goes downhill by η times the gradient.");
  section.quote(
      "const auto loss = [x, y](const Tensor& p) { return mean(square(gather(p, {0}) * x + gather(p, {1}) - y)); };\n"
      "p = p - learning_rate * grad(loss(p), {p})[0];");
  section.say(
      "The Hessian of this loss has the eigenvalues λ = " + fixed(curvature[0], 4) + " and " + fixed(curvature[1], 3) +
      ", its curvatures along the valley and across it. A step multiplies the error along each by 1 − ηλ: stable only "
      "for η < 2/λ_max = " +
      fixed(longest, 5) + ", and slow where ηλ is small. Both directions shrink alike for η = 2/(λ_min + λ_max).");
  constexpr std::size_t steps = 2000;
  const double optimal = curvature.back() / (curvature.front() + curvature.back());
  std::vector<Way> ways;
  for (const double part : {0.05, 0.4, optimal, 1.03})
    ways.push_back(descend(loss, start, part, longest, least_loss, steps));
  section.show(table_of(ways, best, standard_errors(data, least_loss), least_loss));
  section.plot("line", {data_panel(data, ways[0]), loss_panel(ways)},
               "Right: below the limit the loss falls to what the noise leaves (0.5² = 0.25 on average, less in this "
               "sample); 3 % above it grows without end.");
  draw_paths(section, loss, {ways.begin(), ways.end() - 1});
  section.conclude(
      "Nearly as long as it stays stable, which the largest curvature decides: η = 2/(λ_min + λ_max) arrives after " +
      std::to_string(ways[2].arrival) + " steps, a twentieth of the limit after " + std::to_string(ways[0].arrival) +
      ", and 3 % beyond the limit the loss has grown to " + general(ways[3].descent.losses.back(), 1) +
      " before we gave up.");
}

}  // namespace adatom::apps::lesson2
