// Sums and extrema against plain loops in long double, on every instruction set this machine has.
#include "autodiff/kernels/reduce.hpp"

#include "tests/autodiff/kernel_testing.hpp"

using namespace adatom;
using namespace adatom::kernels;

TEST_CASE("sums and extrema equal plain loops", "[autodiff][kernels][reduce]") {
  at_every_level([] {
    Random random(10);
    std::vector<std::size_t> sizes = {100, 2047, 2048, 2049, 10000, 70001};
    for (std::size_t n = 0; n <= 70; ++n) sizes.push_back(n);
    for (const std::size_t n : sizes) {
      Guarded x(random_values(n, random)), y(random_values(n, random));
      Real total = 0, product = 0, distance = 0;
      double largest = -inf, smallest = inf;
      for (std::size_t i = 0; i < n; ++i) {
        total += x.data()[i];
        product += static_cast<Real>(x.data()[i]) * y.data()[i];
        distance += (static_cast<Real>(x.data()[i]) - y.data()[i]) * (static_cast<Real>(x.data()[i]) - y.data()[i]);
        largest = std::max(largest, x.data()[i]);
        smallest = std::min(smallest, x.data()[i]);
      }
      INFO(n << " elements");
      // 32 running sums of at most 64 terms, then a tree: far fewer roundings than n.
      const double tolerance = 0x1p-53 * static_cast<double>(std::min<std::size_t>(n, 64) + 40) * 64;
      REQUIRE(std::abs(static_cast<double>(sum(n, x.data()) - total)) <= tolerance);
      REQUIRE(std::abs(static_cast<double>(dot(n, x.data(), y.data()) - product)) <= tolerance);
      REQUIRE(std::abs(static_cast<double>(squared_distance(n, x.data(), y.data()) - distance)) <= 4 * tolerance);
      if (n == 0) continue;
      double highest = 0, lowest = 0;
      maximum_columns(1, n, x.data(), &highest);
      minimum_columns(1, n, x.data(), &lowest);
      REQUIRE((highest == largest && lowest == smallest));
      x.data()[random.below(n)] = nan_value;
      maximum_columns(1, n, x.data(), &highest);
      minimum_columns(1, n, x.data(), &lowest);
      REQUIRE((std::isnan(highest) && std::isnan(lowest)));
    }
  });
}

TEST_CASE("sums over rows and columns equal plain loops", "[autodiff][kernels][reduce]") {
  at_every_level([] {
    Random random(11);
    for (const std::size_t rows : {0, 1, 2, 3, 5, 8, 9, 17, 257, 600}) {
      for (const std::size_t columns : {0, 1, 2, 3, 7, 8, 9, 16, 17, 33, 70}) {
        Guarded x(random_values(rows * columns, random)), y(random_values(rows * columns, random));
        Guarded down(std::vector<double>(columns, 0.5)), along(std::vector<double>(rows, 0.5)), dots = along;
        sum_rows(rows, columns, x.data(), down.data());
        sum_columns(rows, columns, x.data(), along.data());
        dot_columns(rows, columns, x.data(), y.data(), dots.data());
        std::vector<Real> by_column(columns);
        bool right = down.guards_intact() && along.guards_intact() && dots.guards_intact();
        for (std::size_t i = 0; i < rows; ++i) {
          Real total = 0, product = 0;
          for (std::size_t j = 0; j < columns; ++j) {
            total += x.data()[i * columns + j];
            product += static_cast<Real>(x.data()[i * columns + j]) * y.data()[i * columns + j];
            by_column[j] += x.data()[i * columns + j];
          }
          right = right && std::abs(along.data()[i] - total) < 1e-13L && std::abs(dots.data()[i] - product) < 1e-13L;
        }
        for (std::size_t j = 0; j < columns; ++j) {
          right = right && std::abs(down.data()[j] - by_column[j]) < 1e-13L;
        }
        INFO(rows << " by " << columns);
        REQUIRE(right);
      }
    }
  });
}

namespace {

/// Every sum of a (rows, columns) array: over all of it, down its columns and along its rows, plain and of squares.
std::vector<double> all_sums(std::size_t rows, std::size_t columns, const std::vector<double>& x) {
  std::vector<double> out(3 + columns + 2 * rows);
  out[0] = sum(x.size(), x.data());
  out[1] = dot(x.size(), x.data(), x.data());
  out[2] = squared_distance(x.size() - 1, x.data(), x.data() + 1);
  sum_rows(rows, columns, x.data(), out.data() + 3);
  sum_columns(rows, columns, x.data(), out.data() + 3 + columns);
  dot_columns(rows, columns, x.data(), x.data(), out.data() + 3 + columns + rows);
  return out;
}

}  // namespace

TEST_CASE("sums have the same bits on every instruction set", "[autodiff][kernels][reduce]") {
  Random random(12);
  for (const std::size_t columns : {3, 37}) {
    const std::size_t rows = 301;
    const std::vector<double> x = random_values(rows * columns, random);
    std::vector<std::vector<double>> results;
    at_every_level([&] { results.push_back(all_sums(rows, columns, x)); });
    for (const auto& result : results) CHECK(result == results.front());
  }
}

TEST_CASE("reductions give the same bits for any number of threads", "[autodiff][kernels][reduce]") {
  at_every_level([] {
    Random random(13);
    for (const std::size_t columns : {3, 67}) {
      const std::size_t rows = 201'001 / columns;
      const std::vector<double> x = random_values(rows * columns, random);
      same_bits_for_any_thread_count([&] { return all_sums(rows, columns, x); });
    }
  });
}

TEST_CASE("the long sum does not lose small terms", "[autodiff][kernels][reduce]") {
  const std::vector<double> tenths(1000000, 0.1);
  CHECK(std::abs(sum(tenths.size(), tenths.data()) - 100000.0) < 1e-10);  // a plain loop is off by 1.3e-6
}

TEST_CASE("extrema along rows", "[autodiff][kernels][reduce]") {
  const double x[12] = {1, 5, 5, 2, -1, -7, -7, 0, 3, nan_value, 9, nan_value};
  at_every_level([&] {
    double largest[3], smallest[3];
    maximum_columns(3, 4, x, largest);
    minimum_columns(3, 4, x, smallest);
    CHECK((largest[0] == 5 && largest[1] == 0 && std::isnan(largest[2])));
    CHECK((smallest[0] == 1 && smallest[1] == -7 && std::isnan(smallest[2])));
  });
}
