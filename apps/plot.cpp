#include "apps/plot.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "apps/console.hpp"
#include "apps/process.hpp"
#include "apps/table.hpp"
#include "core/error.hpp"
#include "core/file.hpp"

namespace adatom::apps {
namespace {

/// Text between single quotes, which gnuplot takes as it is.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "''" : std::string(1, c);
  return out + "'";
}

void validate(const std::string& name, const Panel& panel, const Curve& curve) {
  const std::string where = "figure '" + name + "', curve '" + curve.title + "': ";
  if (curve.x.size() != curve.y.size() || (curve.style == Style::error_bars && curve.error.size() != curve.x.size())) {
    throw ShapeError(where + std::to_string(curve.x.size()) + " x for " + std::to_string(curve.y.size()) + " y and " +
                     std::to_string(curve.error.size()) + " errors");
  }
  const auto fits = [](double value, bool logarithmic) {
    return std::isfinite(value) && (!logarithmic || value > 0.0);
  };
  for (std::size_t i = 0; i < curve.x.size(); ++i) {
    if (fits(curve.x[i], panel.log_x) && fits(curve.y[i], panel.log_y)) continue;
    throw NumericalError(where + "point " + std::to_string(i) + " (" + general(curve.x[i]) + ", " +
                         general(curve.y[i]) + ") cannot be drawn");
  }
}

/// The curve's block of the data file; blocks are separated by two empty lines.
std::string block(const Panel& panel, const Curve& curve) {
  std::string text = "# " + panel.title + ": " + curve.title + "\n# " + panel.x_label + "   " + panel.y_label + "\n";
  for (std::size_t i = 0; i < curve.x.size(); ++i) {
    text += general(curve.x[i], 12) + " " + general(curve.y[i], 12);
    text += curve.style == Style::error_bars ? " " + general(curve.error[i], 6) + "\n" : "\n";
  }
  return text + "\n\n";
}

std::string appearance(Style style) {
  switch (style) {
    case Style::lines:
      return "with lines linewidth 1.8";
    case Style::points:
      return "with points pointtype 7 pointsize 0.9";
    case Style::rings:
      return "with points pointtype 6 pointsize 1.5 linewidth 1.3";
    case Style::lines_points:
      return "with linespoints linewidth 1.5 pointtype 7 pointsize 0.8";
    case Style::dashes:
      return "with lines linewidth 1.5 dashtype 2";
    case Style::error_bars:
      return "with yerrorbars linewidth 1.3 pointtype 7 pointsize 0.8";
  }
  return "";
}

/// The commands of one panel; its first curve is block `index` of the data file.
std::string panel_script(const std::string& name, const Panel& panel, std::size_t index) {
  std::string script = "set title " + quoted(panel.title) + "\nset xlabel " + quoted(panel.x_label) + "\nset ylabel " +
                       quoted(panel.y_label) + "\n";
  script += "unset logscale\nset format '%g'\nset autoscale\n";
  // What a panel before this one may have set.
  script += "unset arrow\nunset label\nset tics autofreq\nset key top right Left reverse opaque\n";
  if (panel.log_x) script += "set logscale x\nset format x '10^{%T}'\n";
  if (panel.log_y) script += "set logscale y\nset format y '10^{%T}'\n";
  script += panel.settings + (panel.settings.empty() || panel.settings.ends_with('\n') ? "" : "\n") + "plot";
  std::size_t next_colour = 0;
  for (std::size_t k = 0; k < panel.curves.size(); ++k) {
    const Curve& curve = panel.curves[k];
    script += std::string(k == 0 ? " " : ", \\\n  ") + quoted(name + ".dat") + " index " + std::to_string(index + k) +
              " " + appearance(curve.style) + " linecolor rgb '" +
              (curve.colour.empty() ? colour(next_colour++) : curve.colour) + "' " +
              (curve.title.empty() ? "notitle" : "title " + quoted(curve.title));
  }
  return script + "\n";
}

}  // namespace

void draw(const std::filesystem::path& folder, const std::string& name, const std::string& script) {
  write_file(folder / (name + ".gp"), script);
  const int code = run_program(folder, {"gnuplot", name + ".gp"});
  static bool noted = false;
  if (code == program_missing && !noted) {
    note("gnuplot is not installed: data and scripts of the figures are in '" + folder.string() +
         "', the pictures are not");
    noted = true;
  } else if (code != 0 && code != program_missing) {
    warn("gnuplot could not draw '" + (folder / (name + ".gp")).string() + "'");
  }
}

std::string figure_header(const std::string& name, std::size_t width, std::size_t height) {
  return "# Redraw with: gnuplot " + name + ".gp\nset terminal pngcairo size " + std::to_string(width) + "," +
         std::to_string(height) + " enhanced font 'DejaVu Sans,15' linewidth 1.5\nset output '" + name +
         ".png'\n"
         "set encoding utf8\n"
         "set border linewidth 1.2\n"
         "set tics nomirror out\n"
         "set clip two\n"  // lines between points that both lie outside
         "set grid linecolor rgb '#dddddd' linewidth 0.8\n";
}

const char* colour(std::size_t index) {
  constexpr std::array colours{"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00",
                               "#56b4e9", "#000000", "#999999", "#f0e442"};
  return colours[index % colours.size()];
}

std::vector<double> linspace(double first, double last, std::size_t count) {
  std::vector<double> x(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double part = count == 1 ? 0.0 : static_cast<double>(i) / static_cast<double>(count - 1);
    x[i] = (1.0 - part) * first + part * last;
  }
  return x;
}

std::vector<double> logspace(double first, double last, std::size_t count) {
  return tabulate(linspace(std::log(first), std::log(last), count), [](double x) { return std::exp(x); });
}

void plot(const std::filesystem::path& folder, const std::string& name, const std::vector<Panel>& panels,
          const Layout& layout) {
  std::string data, commands;
  std::size_t index = 0;
  for (const Panel& panel : panels) {
    for (const Curve& curve : panel.curves) {
      validate(name, panel, curve);
      data += block(panel, curve);
    }
    commands += panel_script(name, panel, index);
    index += panel.curves.size();
  }
  const std::size_t columns = std::min(layout.columns, panels.size()), rows = (panels.size() + columns - 1) / columns;
  std::string script = figure_header(name, columns * layout.width, rows * layout.height);
  if (panels.size() > 1)
    script += "set multiplot layout " + std::to_string(rows) + "," + std::to_string(columns) + "\n";
  write_file(folder / (name + ".dat"), data);
  draw(folder, name, script + commands + (panels.size() > 1 ? "unset multiplot\n" : ""));
}

}  // namespace adatom::apps
