#include "apps/plot.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string_view>

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

/// Line and marker of the `index`-th curve of its kind in a panel: told apart in print without colours, too.
std::string appearance(Style style, std::size_t index) {
  constexpr std::array references{"(10,8)", "(3,6)", "(10,6,3,6)"};  // gaps as long as dashes, unlike dashes()
  constexpr std::array filled{"pointtype 7 pointsize 0.9", "pointtype 5 pointsize 0.8", "pointtype 9 pointsize 1.1",
                              "pointtype 13 pointsize 1.2", "pointtype 11 pointsize 1.1"};
  constexpr std::array open{"pointtype 6 pointsize 1.5", "pointtype 4 pointsize 1.4", "pointtype 8 pointsize 1.6"};
  const std::string marker = filled[index % filled.size()];
  switch (style) {
    case Style::lines:
      return std::string("with lines linewidth 1.8 dashtype ") + dashes(index);
    case Style::points:
      return "with points " + marker;
    case Style::rings:
      return std::string("with points ") + open[index % open.size()] + " linewidth 1.3";
    case Style::lines_points:
      return "with linespoints linewidth 1.5 " + marker;
    case Style::dashes:
      return std::string("with lines linewidth 1.5 dashtype ") + references[index % references.size()];
    case Style::error_bars:
      return "with yerrorbars linewidth 1.3 " + marker;
  }
  return "";
}

/// Filled markers are one kind, whatever else is drawn with them.
Style kind(Style style) { return style == Style::lines_points || style == Style::error_bars ? Style::points : style; }

/// How the key is set: so many entries to a row; `width` corrects what gnuplot takes for the breadth of the texts.
struct Key {
  std::size_t columns = 0, rows = 0;
  double width = 0.0;
};

/// The key stands below the axes, where it hides nothing, in as few rows as the width of the panel allows.
Key key_of(const Panel& panel, std::size_t panel_width) {
  // gnuplot counts letters and takes all for broad ones, of so many pixels; most are narrower. Lengths in such letters.
  constexpr double letter = 12.2, too_broad = 0.15, sample = 5.6, gap = 1.5, beside_axes = 170.0;
  std::size_t entries = 0, longest = 0;
  for (const Curve& curve : panel.curves) {
    if (curve.title.empty()) continue;
    ++entries;
    const auto seen = [](char c) {
      return (c & 0xc0) != 0x80 && std::string_view("_^{}").find(c) == std::string::npos;
    };
    longest = std::max(longest, static_cast<std::size_t>(std::count_if(curve.title.begin(), curve.title.end(), seen)));
  }
  if (entries == 0) return {};
  const double text = static_cast<double>(longest), fitting = (static_cast<double>(panel_width) - beside_axes) /
                                                              (letter * ((1.0 - too_broad) * text + sample + gap));
  const std::size_t most = fitting < 1.0 ? 1 : std::min(entries, static_cast<std::size_t>(fitting)),
                    rows = (entries + most - 1) / most;
  return {(entries + rows - 1) / rows, rows, gap - too_broad * text};
}

/// The commands of one panel; its first curve is block `index` of the data file, and `key_rows` lines are free below
/// it.
std::string panel_script(const std::string& name, const Panel& panel, std::size_t index, const Key& key,
                         std::size_t key_rows) {
  std::string script = "set title " + quoted(panel.title) + "\nset xlabel " + quoted(panel.x_label) + "\nset ylabel " +
                       quoted(panel.y_label) + "\n";
  script += "unset logscale\nset format '%g'\nset autoscale\n";
  // What a panel before this one may have set.
  script += "unset arrow\nunset label\nset tics autofreq\n";
  script += room_for_key(key_rows);
  script += key.rows == 0 ? "unset key\n"
                          : "set key bmargin center horizontal Left reverse font ',14' samplen 3 width " +
                                fixed(key.width, 1) + " maxcols " + std::to_string(key.columns) + "\n";
  if (panel.log_x) script += "set logscale x\nset format x '10^{%T}'\n";
  if (panel.log_y) script += "set logscale y\nset format y '10^{%T}'\n";
  script += panel.settings + (panel.settings.empty() || panel.settings.ends_with('\n') ? "" : "\n") + "plot";
  std::size_t next_colour = 0;
  std::map<Style, std::size_t> of_kind;
  for (std::size_t k = 0; k < panel.curves.size(); ++k) {
    const Curve& curve = panel.curves[k];
    script += std::string(k == 0 ? " " : ", \\\n  ") + quoted(name + ".dat") + " index " + std::to_string(index + k) +
              " " + appearance(curve.style, of_kind[kind(curve.style)]++) + " linecolor rgb '" +
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
         "set grid linetype 1 linecolor rgb '#e6e6e6' linewidth 0.7\n";
}

const char* colour(std::size_t index) {
  constexpr std::array colours{"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00",
                               "#56b4e9", "#000000", "#999999", "#f0e442"};
  return colours[index % colours.size()];
}

std::string room_for_key(std::size_t rows) {
  return "set bmargin " + fixed(3.9 + 1.05 * static_cast<double>(rows), 2) + "\n";  // in heights of a letter
}

const char* dashes(std::size_t index) {
  constexpr std::array patterns{"solid", "(22,6)", "(14,4,3,4)", "(6,4)", "(2,3)", "(14,4,3,4,3,4)"};
  return patterns[index % patterns.size()];
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
  const std::size_t columns = std::min(layout.columns, panels.size()), rows = (panels.size() + columns - 1) / columns;
  std::vector<std::size_t> key_rows(rows, 0);  // of the longest key in each row of panels, so that their axes align
  for (std::size_t k = 0; k < panels.size(); ++k)
    key_rows[k / columns] = std::max(key_rows[k / columns], key_of(panels[k], layout.width).rows);
  std::string data, commands;
  std::size_t index = 0;
  for (std::size_t k = 0; k < panels.size(); ++k) {
    for (const Curve& curve : panels[k].curves) {
      validate(name, panels[k], curve);
      data += block(panels[k], curve);
    }
    commands += panel_script(name, panels[k], index, key_of(panels[k], layout.width), key_rows[k / columns]);
    index += panels[k].curves.size();
  }
  const std::size_t height = layout.height + key_row_height * *std::max_element(key_rows.begin(), key_rows.end());
  std::string script = figure_header(name, columns * layout.width, rows * height);
  if (panels.size() > 1)
    script += "set multiplot layout " + std::to_string(rows) + "," + std::to_string(columns) + "\n";
  write_file(folder / (name + ".dat"), data);
  draw(folder, name, script + commands + (panels.size() > 1 ? "unset multiplot\n" : ""));
}

}  // namespace adatom::apps
