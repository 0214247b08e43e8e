// Elementwise kernels against the standard library in long double, on every instruction set this machine has.
#include "autodiff/kernels/map.hpp"

#include <cstdlib>
#include <string>

#include "tests/autodiff/kernel_testing.hpp"

using namespace adatom;
using namespace adatom::kernels;

namespace {

/// |found - exact| in units in the last place of the exact value (of the smallest normal number, below that).
double ulps(double found, long double exact) {
  if (std::isnan(found) && std::isnan(exact)) return 0;
  const double rounded = static_cast<double>(exact);
  if (found == rounded) return 0;
  if (!std::isfinite(found) || !std::isfinite(rounded)) return inf;
  const double size = std::max(std::abs(rounded), std::numeric_limits<double>::min());
  const double unit = std::ldexp(1.0, std::ilogb(size) - 52);
  return static_cast<double>(std::abs(static_cast<long double>(found) - exact) / static_cast<long double>(unit));
}

Real exact_sigmoid(Real x) { return 1 / (1 + std::exp(-x)); }
Real exact_normal(Real x) { return std::erfc(-x / std::sqrt(Real(2))) / 2; }
Real exact_density(Real x) { return std::exp(-x * x / 2) / std::sqrt(2 * std::acos(Real(-1))); }
Real exact_softplus(Real x) { return std::max(x, Real(0)) + std::log1p(std::exp(-std::abs(x))); }

/// A function, its definition in long double, and where and how exactly they must agree.
struct Case {
  Unary f;
  const char* text;
  Real (*exact)(Real);
  double from, to;  // sampled evenly, and by orders of magnitude, between these
  double limit;     // largest error in ulp
};

const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {Unary::negative, "negative", [](Real x) { return -x; }, -1e308, 1e308, 0},
      {Unary::absolute, "absolute", [](Real x) { return std::abs(x); }, -1e308, 1e308, 0},
      {Unary::sign, "sign", [](Real x) { return Real((x > 0) - (x < 0)); }, -1e308, 1e308, 0},
      {Unary::square, "square", [](Real x) { return x * x; }, -1e150, 1e150, 0.5},
      {Unary::reciprocal, "reciprocal", [](Real x) { return 1 / x; }, -1e307, 1e307, 0.51},
      {Unary::sqrt, "sqrt", [](Real x) { return std::sqrt(x); }, 0, 1e308, 0.51},
      {Unary::exp, "exp", [](Real x) { return std::exp(x); }, -750, 712, 1.2},
      {Unary::log, "log", [](Real x) { return std::log(x); }, 0, 1e308, 1},
      {Unary::log, "log near 1", [](Real x) { return std::log(x); }, 0.4, 2.5, 1},
      {Unary::sin, "sin", [](Real x) { return std::sin(x); }, -1e6, 1e6, 1},
      {Unary::sin, "sin near 0", [](Real x) { return std::sin(x); }, -10, 10, 1},
      {Unary::cos, "cos", [](Real x) { return std::cos(x); }, -1e6, 1e6, 1},
      {Unary::cos, "cos near 0", [](Real x) { return std::cos(x); }, -10, 10, 1},
      {Unary::sin, "sin far", [](Real x) { return std::sin(x); }, -1e300, 1e300, 1},
      {Unary::tanh, "tanh", [](Real x) { return std::tanh(x); }, -25, 25, 2},
      {Unary::tanh, "tanh near 0", [](Real x) { return std::tanh(x); }, -0.5, 0.5, 2},
      {Unary::erf, "erf", [](Real x) { return std::erf(x); }, -7, 7, 2},
      {Unary::relu, "relu", [](Real x) { return std::max(x, Real(0)); }, -1e308, 1e308, 0},
      {Unary::sigmoid, "sigmoid", exact_sigmoid, -740, 740, 3},
      {Unary::sigmoid, "sigmoid near 0", exact_sigmoid, -40, 40, 3},
      {Unary::softplus, "softplus", exact_softplus, -740, 740, 2},
      {Unary::softplus, "softplus near 0", exact_softplus, -40, 40, 2},
      {Unary::silu, "silu", [](Real x) { return x * exact_sigmoid(x); }, -700, 700, 3},
      {Unary::silu, "silu near 0", [](Real x) { return x * exact_sigmoid(x); }, -40, 40, 3},
      {Unary::gelu, "gelu", [](Real x) { return x * exact_normal(x); }, -37, 37, 8},
  };
  return all;
}

/// Points of [from, to]: even, and closer and closer to zero and to the ends.
std::vector<double> sample(double from, double to, std::size_t count, Random& random) {
  std::vector<double> x;
  for (std::size_t i = 0; i < count; ++i) {
    x.push_back(from / 2 + to / 2 + random.uniform(-1, 1) * (to / 2 - from / 2));
    const double tiny = std::pow(10.0, random.uniform(-323, 0));
    x.push_back(tiny * (random.uniform(0, 1) < 0.5 ? from : to));
  }
  x.push_back(from);
  x.push_back(to);
  return x;
}

}  // namespace

TEST_CASE("functions of one number are exact to the stated ulp", "[autodiff][kernels][map]") {
  at_every_level([] {
    for (const Case& c : cases()) {
      Random random(5);
      const std::vector<double> x = sample(c.from, c.to, 20000, random);
      std::vector<double> y(x.size());
      map(c.f, x.size(), x.data(), y.data());
      double worst = 0, where = 0;
      for (std::size_t i = 0; i < x.size(); ++i) {
        const double error = ulps(y[i], c.exact(x[i]));
        if (!(error <= worst)) worst = error, where = x[i];
      }
      INFO(c.text << ": " << worst << " ulp at " << where);
      if (std::getenv("ADATOM_SHOW_ULP"))
        WARN(name(processor()) << " " << c.text << ": " << worst << " ulp at " << where);
      CHECK(worst <= c.limit);
    }
  });
}

TEST_CASE("special values are those of the standard library", "[autodiff][kernels][map]") {
  struct Special {
    Unary f;
    double x, y;
  };
  const double smallest = std::numeric_limits<double>::denorm_min();
  const std::vector<Special> table = {{Unary::exp, 0.0, 1},
                                      {Unary::exp, -0.0, 1},
                                      {Unary::exp, inf, inf},
                                      {Unary::exp, -inf, 0},
                                      {Unary::exp, 709.78, std::exp(709.78)},
                                      {Unary::exp, 709.79, inf},
                                      {Unary::exp, 1e308, inf},
                                      {Unary::exp, -745.1, smallest},
                                      {Unary::exp, -745.2, 0},
                                      {Unary::exp, -1e308, 0},
                                      {Unary::log, 0.0, -inf},
                                      {Unary::log, -0.0, -inf},
                                      {Unary::log, inf, inf},
                                      {Unary::log, -1, nan_value},
                                      {Unary::log, -inf, nan_value},
                                      {Unary::log, 1, 0},
                                      {Unary::log, smallest, std::log(smallest)},
                                      {Unary::tanh, 0.0, 0.0},
                                      {Unary::tanh, -0.0, -0.0},
                                      {Unary::tanh, inf, 1},
                                      {Unary::tanh, -inf, -1},
                                      {Unary::tanh, smallest, smallest},
                                      {Unary::tanh, -smallest, -smallest},
                                      {Unary::tanh, -800, -1},
                                      {Unary::erf, 0.0, 0.0},
                                      {Unary::erf, -0.0, -0.0},
                                      {Unary::erf, inf, 1},
                                      {Unary::erf, -inf, -1},
                                      {Unary::sin, 0.0, 0.0},
                                      {Unary::sin, -0.0, -0.0},
                                      {Unary::sin, inf, nan_value},
                                      {Unary::cos, -inf, nan_value},
                                      {Unary::cos, 0.0, 1},
                                      {Unary::sin, 1e22, std::sin(1e22)},
                                      {Unary::cos, 1e22, std::cos(1e22)},
                                      {Unary::sqrt, -0.0, -0.0},
                                      {Unary::sqrt, -1, nan_value},
                                      {Unary::sqrt, inf, inf},
                                      {Unary::reciprocal, 0.0, inf},
                                      {Unary::reciprocal, -0.0, -inf},
                                      {Unary::reciprocal, inf, 0},
                                      {Unary::absolute, -0.0, 0.0},
                                      {Unary::absolute, -inf, inf},
                                      {Unary::negative, 0.0, -0.0},
                                      {Unary::relu, -0.0, 0.0},
                                      {Unary::relu, inf, inf},
                                      {Unary::relu, -inf, 0},
                                      {Unary::sign, -0.0, 0},
                                      {Unary::sign, -inf, -1},
                                      {Unary::sigmoid, 0, 0.5},
                                      {Unary::sigmoid, 800, 1},
                                      {Unary::sigmoid, -800, 0},
                                      {Unary::sigmoid, inf, 1},
                                      {Unary::sigmoid, -inf, 0},
                                      {Unary::sigmoid, -740, std::exp(-740.0)},
                                      {Unary::softplus, 800, 800},
                                      {Unary::softplus, -800, 0},
                                      {Unary::softplus, inf, inf},
                                      {Unary::softplus, -inf, 0},
                                      {Unary::silu, 800, 800},
                                      {Unary::silu, -800, -0.0},
                                      {Unary::silu, inf, inf},
                                      {Unary::silu, -inf, -0.0},
                                      {Unary::silu, -0.0, -0.0},
                                      {Unary::gelu, inf, inf},
                                      {Unary::gelu, -inf, -0.0},
                                      {Unary::gelu, -800, -0.0},
                                      {Unary::gelu, 800, 800},
                                      {Unary::gelu, -0.0, -0.0}};
  at_every_level([&] {
    for (const Special& s : table) {
      double y = 7;
      map(s.f, 1, &s.x, &y);
      INFO("function " << static_cast<int>(s.f) << " of " << s.x << " is " << y << " and should be " << s.y);
      if (std::isnan(s.y)) {
        CHECK(std::isnan(y));
      } else {
        CHECK(y == s.y);
        CHECK(std::signbit(y) == std::signbit(s.y));
      }
    }
    for (std::size_t f = 0; f < unary_count; ++f) {
      double y = 7;
      map(static_cast<Unary>(f), 1, &nan_value, &y);
      INFO("function " << f << " of NaN");
      CHECK(std::isnan(y));
    }
  });
}

TEST_CASE("the bits of an element do not depend on its place or the length", "[autodiff][kernels][map]") {
  at_every_level([] {
    Random random(6);
    std::vector<double> x = random_values(71, random);
    for (double& value : x) value *= 4;
    for (std::size_t f = 0; f < unary_count; ++f) {
      std::vector<double> expected(x.size());
      map(static_cast<Unary>(f), x.size(), x.data(), expected.data());
      for (std::size_t n = 0; n <= 70; ++n) {
        Guarded out(std::vector<double>(n, 0.0));
        map(static_cast<Unary>(f), n, x.data() + 1, out.data());
        bool same = out.guards_intact();
        for (std::size_t i = 0; i < n; ++i) {
          same = same && std::bit_cast<std::uint64_t>(out.data()[i]) == std::bit_cast<std::uint64_t>(expected[i + 1]);
        }
        INFO("function " << f << ", " << n << " elements");
        REQUIRE(same);
      }
    }
  });
}

// ---- functions of two numbers ---------------------------------------------------------------------------------------

namespace {

/// The definition of each, in long double, with the error allowed relative to the largest term of its formula.
Real exact_binary(Binary f, Real x, Real y) {
  switch (f) {
    case Binary::add:
      return x + y;
    case Binary::subtract:
      return x - y;
    case Binary::multiply:
      return x * y;
    case Binary::divide:
      return x / y;
    case Binary::divide_or_zero:
      return y == 0 ? 0 : x / y;
    case Binary::maximum:
      return std::max(x, y);
    case Binary::minimum:
      return std::min(x, y);
    case Binary::power:
      return std::pow(x, y);
    case Binary::square_backward:
      return 2 * x * y;
    case Binary::tanh_backward:
      return (1 - x * x) * y;
    case Binary::sigmoid_backward:
      return x * (1 - x) * y;
    case Binary::relu_backward:
      return x > 0 ? y : 0;
    case Binary::softplus_backward:
      return exact_sigmoid(x) * y;
    case Binary::silu_backward:
      return exact_sigmoid(x) * (1 + x * (1 - exact_sigmoid(x))) * y;
    case Binary::gelu_backward:
      return (exact_normal(x) + x * exact_density(x)) * y;
  }
  return nan_value;
}

void check_binary(Binary f, std::size_t rows, std::size_t columns, int x_kind, int y_kind, Random& random) {
  // Kinds: 0 whole, 1 one row, 2 one column, 3 one number.
  const auto size = [&](int kind) {
    return kind == 0 ? rows * columns : kind == 1 ? columns : kind == 2 ? rows : std::size_t{1};
  };
  const auto operand = [&](int kind, const double* data) {
    return kind == 0   ? whole(data, columns)
           : kind == 1 ? one_row(data)
           : kind == 2 ? one_column(data)
                       : Operand{data, 0, 0};
  };
  const auto at = [&](int kind, std::size_t i, std::size_t j) {
    return kind == 0 ? i * columns + j : kind == 1 ? j : kind == 2 ? i : std::size_t{0};
  };
  std::vector<double> xs = random_values(size(x_kind), random);
  if (f == Binary::power) {
    for (double& x : xs) x = std::abs(x);
  }
  Guarded x(xs), y(random_values(size(y_kind), random)), out(std::vector<double>(rows * columns, 0.0));
  map(f, rows, columns, operand(x_kind, x.data()), operand(y_kind, y.data()), out.data());
  bool right = out.guards_intact();
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) {
      const Real exact = exact_binary(f, x.data()[at(x_kind, i, j)], y.data()[at(y_kind, i, j)]);
      // Terms of the formulas are below 1 here, unless divided; a few roundings of 2^-53 each.
      right = right && std::abs(out.data()[i * columns + j] - exact) <= 1e-15L * std::max(Real(1), std::abs(exact));
    }
  }
  INFO("function " << static_cast<int>(f) << ", " << rows << " by " << columns << ", kinds " << x_kind << y_kind);
  REQUIRE(right);
}

}  // namespace

TEST_CASE("functions of two numbers with every broadcast", "[autodiff][kernels][map]") {
  at_every_level([] {
    Random random(7);
    for (std::size_t f = 0; f < binary_count; ++f) {
      for (int x_kind = 0; x_kind < 4; ++x_kind) {
        for (int y_kind = 0; y_kind < 4; ++y_kind) {
          for (const std::size_t rows : {0, 1, 2, 5}) {
            for (const std::size_t columns : {0, 1, 2, 3, 7, 8, 9, 16, 35, 70}) {
              check_binary(static_cast<Binary>(f), rows, columns, x_kind, y_kind, random);
            }
          }
        }
      }
    }
  });
}

TEST_CASE("functions of two numbers treat NaN and infinities", "[autodiff][kernels][map]") {
  const auto value = [](Binary f, double x, double y) {
    double out = 7;
    map(f, 1, &x, &y, &out);
    return out;
  };
  at_every_level([&] {
    for (const Binary f : {Binary::maximum, Binary::minimum}) {
      CHECK(std::isnan(value(f, nan_value, 1)));
      CHECK(std::isnan(value(f, 1, nan_value)));
    }
    CHECK(value(Binary::maximum, -inf, 1) == 1);
    CHECK(value(Binary::divide, 1, 0) == inf);
    CHECK(value(Binary::divide_or_zero, 1, 0) == 0);
    CHECK(value(Binary::divide_or_zero, nan_value, -0.0) == 0);
    CHECK(std::isnan(value(Binary::divide_or_zero, 1, nan_value)));
    CHECK(value(Binary::relu_backward, 0, 3) == 0);
    CHECK(value(Binary::power, 0, 0) == 1);
    for (const double x : {-inf, -800.0}) {
      for (const Binary f : {Binary::softplus_backward, Binary::silu_backward, Binary::gelu_backward}) {
        CHECK(value(f, x, 1) == 0);
        CHECK(value(f, -x, 1) == 1);
        CHECK(std::isnan(value(f, nan_value, 1)));
      }
    }
  });
}

TEST_CASE("scalar operands and axpy", "[autodiff][kernels][map]") {
  at_every_level([] {
    Random random(8);
    for (std::size_t n = 0; n <= 70; ++n) {
      const std::vector<double> x = random_values(n, random), y = random_values(n, random);
      Guarded left(x), right(x), sum(y);
      map(Binary::subtract, n, 2.0, left.data(), left.data());
      map(Binary::divide, n, right.data(), 4.0, right.data());
      axpy(n, 0.3, x.data(), sum.data());
      bool same = left.guards_intact() && right.guards_intact() && sum.guards_intact();
      for (std::size_t i = 0; i < n; ++i) {
        same = same && left.data()[i] == 2.0 - x[i] && right.data()[i] == x[i] / 4.0;
        same = same && std::abs(sum.data()[i] - (y[i] + 0.3 * x[i])) <= 4e-16;
      }
      INFO(n << " elements");
      REQUIRE(same);
    }
  });
}

TEST_CASE("maps give the same bits for any number of threads", "[autodiff][kernels][map]") {
  Random random(9);
  const std::size_t rows = 3001, columns = 67;
  const std::vector<double> x = random_values(rows * columns, random);
  same_bits_for_any_thread_count([&] {
    std::vector<double> out(x.size());
    map(Unary::tanh, x.size(), x.data(), out.data());
    map(Binary::multiply, rows, columns, whole(out.data(), columns), one_row(x.data()), out.data());
    map(Binary::add, rows, columns, one_column(x.data()), whole(out.data(), columns), out.data());
    axpy(x.size(), 0.1, x.data(), out.data());
    return out;
  });
}
