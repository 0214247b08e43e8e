// Random numbers and their error bars: π by throwing darts, and the error of a mean when numbers are correlated.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "apps/lesson1/sections.hpp"

namespace adatom::apps::lesson1 {
namespace {

constexpr double pi = std::numbers::pi;

/// A mean and its standard error σ/√N.
struct Estimate {
  double mean = 0.0, error = 0.0;
};

/// Welford's sums: mean and variance in one pass, without subtracting large numbers from each other.
class Statistics {
 public:
  void add(double x) {
    ++count_;
    const double before = x - mean_;
    mean_ += before / static_cast<double>(count_);
    squares_ += before * (x - mean_);
  }
  double deviation() const { return std::sqrt(squares_ / static_cast<double>(count_ - 1)); }
  Estimate estimate() const { return {mean_, deviation() / std::sqrt(static_cast<double>(count_))}; }

 private:
  std::size_t count_ = 0;
  double mean_ = 0.0, squares_ = 0.0;
};

/// Darts at a square: the part that hits the circle in it is π/4.
Estimate pi_by_darts(Random& random, std::size_t count) {
  Statistics statistics;
  for (std::size_t i = 0; i < count; ++i) {
    const double x = random.uniform(), y = random.uniform();
    statistics.add(x * x + y * y < 1.0 ? 4.0 : 0.0);
  }
  return statistics.estimate();
}

/// The mean height of the quarter circle: the same area, but every sample says more.
Estimate pi_by_heights(Random& random, std::size_t count) {
  Statistics statistics;
  for (std::size_t i = 0; i < count; ++i) {
    const double x = random.uniform();
    statistics.add(4.0 * std::sqrt(1.0 - x * x));
  }
  return statistics.estimate();
}

/// Which part of repeated experiments has the true value within `width` standard errors.
double coverage(Random& random, double width, std::size_t experiments) {
  std::size_t inside = 0;
  for (std::size_t i = 0; i < experiments; ++i) {
    const Estimate e = pi_by_darts(random, 1000);
    inside += std::abs(e.mean - pi) <= width * e.error ? 1U : 0U;
  }
  return static_cast<double>(inside) / static_cast<double>(experiments);
}

/// Mean 0 and variance 1, but each remembers the one before: correlation `memory`ᵏ over k steps, as a simulation's
/// energies do.
std::vector<double> correlated(Random& random, std::size_t count, double memory) {
  std::vector<double> x(count);
  double last = random.normal();
  for (double& each : x) each = last = memory * last + std::sqrt(1.0 - memory * memory) * random.normal();
  return x;
}

/// The standard error of the mean of blocks of 1, 2, 4, … neighbours, each with its own uncertainty.
/// H. Flyvbjerg and H. G. Petersen, J. Chem. Phys. 91, 461 (1989).
struct Blocking {
  std::vector<double> length, error, uncertainty;
};

Blocking blocking(std::vector<double> x) {
  Blocking b;
  for (double length = 1.0; x.size() >= 32; length *= 2.0) {
    Statistics statistics;
    for (const double each : x) statistics.add(each);
    b.length.push_back(length);
    b.error.push_back(statistics.estimate().error);
    b.uncertainty.push_back(b.error.back() / std::sqrt(2.0 * static_cast<double>(x.size() - 1)));
    for (std::size_t i = 0; i + 1 < x.size(); i += 2) x[i / 2] = 0.5 * (x[i] + x[i + 1]);
    x.resize(x.size() / 2);
  }
  return b;
}

// What one sample scatters by, exactly: √(⟨f²⟩ − ⟨f⟩²).
const double dart_deviation = std::sqrt(pi * (4.0 - pi)), height_deviation = std::sqrt(32.0 / 3.0 - pi * pi);

Table estimates_table(Section& section) {
  Table table({"N", "darts", "± standard\nerror", "real\nerror", "heights", "± standard\nerror", "real\nerror"});
  for (std::size_t n = 100; n <= (section.quick ? 100'000U : 10'000'000U); n *= 10) {
    const Estimate darts = pi_by_darts(section.random, n), heights = pi_by_heights(section.random, n);
    table.add({count_text(n), fixed(darts.mean, 5), fixed(darts.error, 5), fixed(std::abs(darts.mean - pi), 5),
               fixed(heights.mean, 5), fixed(heights.error, 5), fixed(std::abs(heights.mean - pi), 5)});
  }
  return table;
}

/// The real error (root mean square) and its uncertainty from several experiments of each size.
struct ErrorStudy {
  std::vector<double> counts, darts, heights, darts_bar, heights_bar;
};

ErrorStudy study_errors(Section& section) {
  ErrorStudy s;
  constexpr int experiments = 50;
  for (double n = 10; n <= (section.quick ? 2e3 : 2e5); n *= std::sqrt(10.0)) {
    double darts = 0.0, heights = 0.0;
    for (int k = 0; k < experiments; ++k) {
      darts += std::pow(pi_by_darts(section.random, static_cast<std::size_t>(n)).mean - pi, 2) / experiments;
      heights += std::pow(pi_by_heights(section.random, static_cast<std::size_t>(n)).mean - pi, 2) / experiments;
    }
    s.counts.push_back(n);
    s.darts.push_back(std::sqrt(darts)), s.darts_bar.push_back(std::sqrt(darts / (2.0 * experiments)));
    s.heights.push_back(std::sqrt(heights)), s.heights_bar.push_back(std::sqrt(heights / (2.0 * experiments)));
  }
  return s;
}

Panel errors_panel(const ErrorStudy& s) {
  const auto law = [&s](const std::string& title, double deviation, const char* hue) {
    const std::vector<double> y = tabulate(s.counts, [deviation](double n) { return deviation / std::sqrt(n); });
    return Curve{title, s.counts, y, Style::dashes, {}, hue};
  };
  return {.title = "Error of π",
          .x_label = "number of samples N",
          .y_label = "error (RMS of 50 experiments)",
          .curves = {{"darts", s.counts, s.darts, Style::error_bars, s.darts_bar, colour(0)},
                     {"heights", s.counts, s.heights, Style::error_bars, s.heights_bar, colour(1)},
                     law(fixed(dart_deviation, 2) + "/√N", dart_deviation, colour(0)),
                     law(fixed(height_deviation, 2) + "/√N", height_deviation, colour(1))},
          .log_x = true,
          .log_y = true,
          .settings = "set xrange [5:5e5]"};
}

Panel blocks_panel(const Blocking& b, double right) {
  const auto level = [&b](const std::string& title, double value, const char* hue) {
    return Curve{title, {b.length.front(), b.length.back()}, {value, value}, Style::dashes, {}, hue};
  };
  return {.title = "Standard error of a mean, by blocking",
          .x_label = "length of a block",
          .y_label = "standard error",
          .curves = {{"from blocks", b.length, b.error, Style::error_bars, b.uncertainty},
                     level("exact", right, "#000000"),
                     level("as if independent", b.error.front(), "#d55e00")},
          .log_x = true,
          .settings =
              "set yrange [0:*]\n"
              "set logscale x 2\n"
              "set format x '2^{%L}'\n"
              "set xrange [0.7:2**14]"};
}

}  // namespace

void random_numbers(Section& section) {
  section.say(
      "π is four times the part of darts that hit the quarter circle. An estimate from random numbers is worth nothing "
      "without its error bar: the standard error σ/√N, where σ is the scatter of single samples, taken from the "
      "samples themselves.");
  section.show(estimates_table(section));
  const double gain = std::pow(dart_deviation / height_deviation, 2.0);
  section.say(
      "A hundred times the work buys one digit. A better question buys more: averaging the height √(1 − x²) of the "
      "circle at random x (\"heights\") has σ = " +
      fixed(height_deviation, 2) + " instead of " + fixed(dart_deviation, 2) + ", as good as " + fixed(gain, 1) +
      " times as many darts.");
  const ErrorStudy study = study_errors(section);

  const std::size_t experiments = section.quick ? 200 : 10'000;
  const double one = coverage(section.random, 1.0, experiments), two = coverage(section.random, 2.0, experiments);
  section.say("What the error bar promises: of " + count_text(experiments) + " experiments with 1000 darts each, " +
              fixed(100.0 * one, 1) + " % lie within one standard error of π (a normal distribution: 68.3 %) and " +
              fixed(100.0 * two, 1) +
              " % within two (95.4 %). One result in three outside its error bar is as it should be.");

  constexpr double memory = 0.98;
  const std::size_t count = section.quick ? 1U << 13 : 1U << 18;
  const Blocking b = blocking(correlated(section.random, count, memory));
  const double right = std::sqrt((1.0 + memory) / (1.0 - memory) / static_cast<double>(count));
  const std::size_t long_blocks = std::min<std::size_t>(9, b.error.size() - 1);
  section.say(
      "Numbers from a simulation remember each other, and σ/√N counts them as if they did not. Averaging neighbours "
      "into blocks until blocks are independent (Flyvbjerg and Petersen 1989) gives the honest error. For " +
      count_text(count) + " numbers whose correlation falls as 0.98ᵏ over k steps, σ/√N says " +
      general(b.error.front(), 3) + "; the truth is " + general(right, 3) + ", " + fixed(right / b.error.front(), 1) +
      " times more, and blocks of " + fixed(b.length[long_blocks], 0) + " say " + general(b.error[long_blocks], 3) +
      " ± " + general(b.uncertainty[long_blocks], 1) + ".");
  section.plot("random", {errors_panel(study), blocks_panel(b, right)},
               "Left: both errors fall as 1/√N. Right: the error rises with the length of the blocks until they are "
               "independent, then stays: the plateau is the answer; behind it too few blocks are left.");
  section.conclude("As far as its error bar, which must be honest: " + fixed(100.0 * one, 0) +
                   " % of the results lay within one of it. It shrinks as 1/√N only, and for correlated numbers the "
                   "simple formula was " +
                   fixed(right / b.error.front(), 1) + " times too small.");
}

}  // namespace adatom::apps::lesson1
