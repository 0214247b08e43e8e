// A line fitted by gradient descent: the right step, the slow one, the one that just holds, and the one that explodes.
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
  for (int i = 0; i < 30; ++i) {
    data.x.push_back(5.0 * i / 29.0);
    data.y.push_back(true_slope * data.x.back() + true_offset + noise * random.normal());
  }
  return data;
}

/// The mean squared deviation of slope·x + offset from the data, of the parameters (slope, offset). Both sides of the
/// difference have the shape (30): had one of them (30, 1), broadcasting would silently compare every point with every
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

Panel data_panel(const Data& data, const Descent& way) {
  Panel panel{.title = "The line on its way, η = 0.05 · 2/λ_{max}",
              .x_label = "x",
              .y_label = "y",
              .curves = {},
              .settings = "set key top left"};
  panel.curves.push_back({.title = "data", .x = data.x, .y = data.y, .style = Style::points, .colour = "#555555"});
  for (const std::size_t step : {std::size_t{0}, std::size_t{5}, std::size_t{50}, way.losses.size() - 1}) {
    const std::vector<double>& p = way.parameters[std::min(step, way.parameters.size() - 1)];
    panel.curves.push_back(
        {.title = "after " + std::to_string(step) + " steps", .x = {0.0, 5.0}, .y = {p[1], 5.0 * p[0] + p[1]}});
  }
  return panel;
}

/// The path of the parameters over contours of the loss.
void draw_paths(Section& section, const Function& loss, const std::vector<double>& best,
                const std::vector<std::pair<std::string, Descent>>& ways) {
  std::vector<double> a, b, l;
  constexpr int points = 61;
  for (int i = 0; i < points; ++i) {
    for (int j = 0; j < points; ++j) {
      a.push_back(best[0] - 2.6 + 5.2 * i / (points - 1)), b.push_back(best[1] - 2.6 + 5.2 * j / (points - 1));
      l.push_back(std::log10(loss(Tensor::constant({2}, {a.back(), b.back()})).item()));
    }
  }
  section.write_data("line_map", {"slope", "offset", "log10(loss)"}, {a, b, l});
  const auto range = [](double middle) { return "[" + fixed(middle - 2.6, 3) + ":" + fixed(middle + 2.6, 3) + "]\n"; };
  std::string script = figure_header("line_paths", 900, 780) +
                       "set size square\nset title 'Ways to the minimum'\nset xlabel 'slope'\nset ylabel 'offset'\nset "
                       "cblabel 'log_{10} loss'\nset xrange " +
                       range(best[0]) + "set yrange " + range(best[1]) +
                       "set palette defined (0 '#08519c', 1 '#6baed6', 2 '#eff3ff')\nset key top right opaque\nplot "
                       "'line_map.dat' using 1:2:3 with image notitle";
  for (std::size_t k = 0; k < ways.size(); ++k) {
    std::vector<double> slope, offset;
    for (std::size_t i = 0; i < std::min<std::size_t>(ways[k].second.parameters.size(), 400); ++i) {
      slope.push_back(ways[k].second.parameters[i][0]), offset.push_back(ways[k].second.parameters[i][1]);
    }
    const std::string name = "line_path" + std::to_string(k + 1);
    section.write_data(name, {"slope", "offset"}, {slope, offset});
    script += ", \\\n  '" + name +
              ".dat' using 1:2 with linespoints pointtype 7 pointsize 0.5 linewidth 1.5 linecolor rgb '" +
              std::vector<std::string>{"#d55e00", "#e69f00", "#000000"}[k % 3] + "' title '" + ways[k].first + "'";
  }
  section.draw("line_paths", script + "\n",
               "The valley is narrow: long steps jump from side to side of it, short ones creep along its floor. The "
               "best is in between.");
}

}  // namespace

void line(Section& section) {
  const Data data = measured(section.random);
  const Function loss = mean_squared_deviation(data);
  const std::vector<double> start{0.2, 3.0}, best = least_squares(data), curvature = curvatures(loss, start);
  const double longest = 2.0 / curvature.back();
  section.say(
      "Thirty points around y = 2x + 1 (noise 0.5, fixed seed). The loss is the mean squared deviation; its gradient "
      "with respect to slope and "
      "offset comes from autodiff; each step goes downhill by η times the gradient.");
  section.quote(
      "const auto loss = [x, y](const Tensor& p) { return mean(square(gather(p, {0}) * x + gather(p, {1}) - y)); };\n"
      "p = p - learning_rate * grad(loss(p), {p})[0];");
  section.say("The Hessian of this loss has the eigenvalues " + fixed(curvature[0], 4) + " and " +
              fixed(curvature[1], 3) +
              ". A step multiplies the error along each by 1 − ηλ: "
              "stable only for η < 2/λ_max = " +
              fixed(longest, 5) + ", and slow where ηλ is small.");
  const std::size_t steps = section.quick ? 1000 : 2000;
  Table table({"η", "η / (2/λ_max)", "steps", "slope", "offset", "loss", ""}, {6});
  Panel losses{.title = "The loss along the way",
               .x_label = "step + 1",
               .y_label = "mean squared deviation",
               .curves = {},
               .log_x = true,
               .log_y = true,
               .settings = "set yrange [0.05:1e6]"};
  std::vector<std::pair<std::string, Descent>> ways;
  for (const double part : {0.97, 0.4, 0.05, 1.03}) {
    const Descent way = gradient_descent(loss, start, part * longest, steps);
    const std::vector<double>& p = way.parameters.back();
    const bool grew = way.diverged || way.losses.back() > way.losses.front();
    table.add({fixed(part * longest, 5), fixed(part, 2), std::to_string(way.losses.size() - 1), fixed(p[0], 4),
               fixed(p[1], 4), general(way.losses.back(), 5), grew ? "explodes" : ""});
    Curve curve{.title = "η = " + fixed(part, 2) + " · 2/λ_{max}", .x = {}, .y = {}};
    thin_out(way, curve.x, curve.y);
    for (double& x : curve.x) x += 1.0;
    losses.curves.push_back(curve);
    ways.emplace_back(fixed(part, 2) + " · 2/λ_{max}", way);
  }
  table.rule();
  table.add({"normal equations", "", "", fixed(best[0], 4), fixed(best[1], 4),
             general(loss(Tensor::constant({2}, best)).item(), 5), "exact"});
  section.show(table);
  section.plot("line", {data_panel(data, ways[2].second), losses},
               "Right: below the limit the loss falls to what the noise leaves (0.5² = 0.25 on average, less in this "
               "sample); 3 % above it grows without end.");
  ways.pop_back();
  draw_paths(section, loss, best, ways);
}

}  // namespace adatom::apps::lesson2
