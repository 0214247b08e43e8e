// What this file is: curves as figures, drawn by gnuplot from a script that stands beside its data, so that anyone can
// change and redraw them. Where gnuplot is missing the data and scripts are still written.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace adatom::apps {

/// Writes NAME.gp and draws NAME.png in `folder` (which exists). The script's own data files stand in the same folder.
void draw(const std::filesystem::path& folder, const std::string& name, const std::string& script);

/// The first lines of every script: a PNG NAME.png of so many pixels, fonts, grid.
std::string figure_header(const std::string& name, std::size_t width, std::size_t height);

/// Colours that stay apart for the colour-blind (Okabe and Ito), again from the start after nine.
const char* colour(std::size_t index);

/// A key of so many rows below the axes: the line of gnuplot that leaves room for it, and the height of a row.
std::string room_for_key(std::size_t rows);
inline constexpr std::size_t key_row_height = 24;  ///< pixels

/// The dashes of the `index`-th of several lines, "solid" first: what gnuplot takes after `dashtype`.
const char* dashes(std::size_t index);

enum class Style { lines, points, rings, lines_points, dashes, error_bars };

/// One curve; an entry of the key unless the title is empty. Curves of one style in a panel differ in dashes or
/// markers, not by colour alone.
struct Curve {
  std::string title;
  std::vector<double> x, y;
  Style style = Style::lines;
  std::vector<double> error{};  ///< half length of each error bar, for Style::error_bars
  std::string colour{};         ///< "#0072b2"; empty: the next one
};

/// One set of axes.
struct Panel {
  std::string title, x_label, y_label;
  std::vector<Curve> curves{};
  bool log_x = false, log_y = false;
  std::string settings{};  ///< further lines of gnuplot, for instance "set yrange [0:1]"
};

/// Several panels are drawn beside each other, `columns` to a row. Their keys stand below the axes.
struct Layout {
  std::size_t columns = 2, width = 760, height = 560;  ///< width and height of a panel without its key, pixels
};

/// `count` numbers from `first` to `last`, both included: at equal distances, or in equal ratios (both ends positive).
std::vector<double> linspace(double first, double last, std::size_t count);
std::vector<double> logspace(double first, double last, std::size_t count);

/// f at each x.
template <class F>
std::vector<double> tabulate(const std::vector<double>& x, F&& f) {
  std::vector<double> y;
  for (const double each : x) y.push_back(f(each));
  return y;
}

/// NAME.{dat,gp,png}: NAME.dat has one block for each curve. Throws NumericalError for a number that is not finite, or
/// not positive on a logarithmic axis; ShapeError when x, y and error differ in length.
void plot(const std::filesystem::path& folder, const std::string& name, const std::vector<Panel>& panels,
          const Layout& layout = {});

}  // namespace adatom::apps
