// Cutoff functions against their formulas in x as written in the header, and against finite differences.
#include "atoms/cutoff_functions.hpp"

#include <array>
#include <cmath>
#include <functional>
#include <numbers>

#include "autodiff/gradient.hpp"
#include "autodiff/reductions.hpp"
#include "core/error.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

/// The formulas of the header, x = (r − r_in)/(r_c − r_in), 0 < x < 1.
double formula(CutoffKind kind, double x) {
  switch (kind) {
    case CutoffKind::hard:
      return 1.0;
    case CutoffKind::cosine:
      return (std::cos(std::numbers::pi * x) + 1.0) / 2.0;
    case CutoffKind::tanh_cubed:
      return std::pow(std::tanh(1.0 - x), 3);
    case CutoffKind::tanh_cubed_normalized:
      return std::pow(std::tanh(1.0 - x) / std::tanh(1.0), 3);
    case CutoffKind::exponential:
      return std::exp(1.0 - 1.0 / (1.0 - x * x));
    case CutoffKind::polynomial1:
      return (2.0 * x - 3.0) * x * x + 1.0;
    case CutoffKind::polynomial2:
      return ((15.0 - 6.0 * x) * x - 10.0) * x * x * x + 1.0;
    case CutoffKind::polynomial3:
      return (x * (x * (20.0 * x - 70.0) + 84.0) - 35.0) * std::pow(x, 4) + 1.0;
    case CutoffKind::polynomial4:
      return (x * (x * ((315.0 - 70.0 * x) * x - 540.0) + 420.0) - 126.0) * std::pow(x, 5) + 1.0;
  }
  return 0.0;
}

constexpr std::array<CutoffKind, 9> all = {
    CutoffKind::hard,        CutoffKind::cosine,      CutoffKind::tanh_cubed,  CutoffKind::tanh_cubed_normalized,
    CutoffKind::exponential, CutoffKind::polynomial1, CutoffKind::polynomial2, CutoffKind::polynomial3,
    CutoffKind::polynomial4};

bool is_tanh(CutoffKind kind) { return kind == CutoffKind::tanh_cubed || kind == CutoffKind::tanh_cubed_normalized; }

/// Sixth-order central difference; error ~ h⁶ f⁽⁷⁾/140 + 1e-16/h.
double difference(const std::function<double(double)>& f, double x) {
  const double h = 1e-3;
  return (45.0 * (f(x + h) - f(x - h)) - 9.0 * (f(x + 2 * h) - f(x - 2 * h)) + (f(x + 3 * h) - f(x - 3 * h))) /
         (60.0 * h);
}

}  // namespace

TEST_CASE("cutoff functions equal their formulas", "[atoms][cutoff_functions]") {
  for (const CutoffKind kind : all) {
    for (const double inner : {0.0, 0.3}) {
      const CutoffFunction f{kind, inner};
      const double r_c = 5.2, r_in = is_tanh(kind) ? 0.0 : inner * r_c;
      INFO(name(kind) << ", inner " << inner);
      for (double x = 0.02; x < 1.0; x += 0.07) {
        const double r = r_in + x * (r_c - r_in);
        INFO("r " << r);
        // The formulas lose up to nine digits' worth of cancellation: 630 · 1e-16.
        CHECK(evaluate(f, r, r_c).value == Approx(formula(kind, x)).margin(2e-13).epsilon(1e-13));
        if (kind != CutoffKind::hard) {
          const double expected = difference([&](double at) { return evaluate(f, at, r_c).value; }, r);
          CHECK(evaluate(f, r, r_c).slope == Approx(expected).margin(1e-10));
        }
      }
    }
  }
}

TEST_CASE("cutoff functions are 1 inside and 0 outside", "[atoms][cutoff_functions]") {
  for (const CutoffKind kind : all) {
    INFO(name(kind));
    const CutoffFunction f{kind, 0.25};
    for (const double r : {4.0, 4.1, 1e300}) {
      CHECK(evaluate(f, r, 4.0).value == 0.0);
      CHECK(evaluate(f, r, 4.0).slope == 0.0);
    }
    if (!is_tanh(kind)) {
      CHECK(evaluate(f, 0.9, 4.0).value == 1.0);
      CHECK(evaluate(f, 0.9, 4.0).slope == 0.0);
    }
    if (kind != CutoffKind::hard) {
      CHECK(evaluate(f, 4.0 - 1e-6, 4.0).value < 1e-10);
      CHECK(std::abs(evaluate(f, 4.0 - 1e-6, 4.0).slope) < 1e-5);
    }
  }
}

TEST_CASE("cutoff functions are as smooth where they begin and end as their list says", "[atoms][cutoff_functions]") {
  // f goes as δᵖ at the distance δ from the end, and has then p − 1 continuous derivatives there; 1 − f at the onset.
  const auto power = [](const std::function<double(double)>& f) { return std::log2(f(0.02) / f(0.01)); };
  struct Row {
    CutoffKind kind;
    double at_end, at_onset;
  };
  for (const auto& [kind, at_end, at_onset] :
       {Row{CutoffKind::cosine, 2, 2}, Row{CutoffKind::exponential, 20, 2}, Row{CutoffKind::polynomial1, 2, 2},
        Row{CutoffKind::polynomial2, 3, 3}, Row{CutoffKind::polynomial3, 4, 4}, Row{CutoffKind::polynomial4, 5, 5},
        Row{CutoffKind::tanh_cubed, 3, 0}}) {
    INFO(name(kind));
    const CutoffFunction f{kind, 0.25};
    const double end = power([&](double delta) { return evaluate(f, 4.0 - delta, 4.0).value; });
    if (kind == CutoffKind::exponential) {
      CHECK(end > at_end);  // faster than any power
    } else {
      CHECK(end == Approx(at_end).margin(0.05));
    }
    if (is_tanh(kind)) continue;
    CHECK(power([&](double delta) { return 1.0 - evaluate(f, 1.0 + delta, 4.0).value; }) ==
          Approx(at_onset).margin(0.05));
  }
}

TEST_CASE("cutoff functions of tensors equal those of numbers with their slopes", "[atoms][cutoff_functions]") {
  const std::array<double, 8> at = {0.4, 0.9, 1.3, 2.2, 3.1, 3.9, 3.9999, 4.6};
  for (const CutoffKind kind : all) {
    INFO(name(kind));
    const CutoffFunction f{kind, 0.25};
    const Tensor r = Tensor::variable({at.size()}, at);
    const Tensor values = evaluate(f, r, 4.0);
    const Tensor slopes = grad(sum(values), {r})[0];
    for (std::size_t i = 0; i < at.size(); ++i) {
      const ValueAndSlope expected = evaluate(f, at[i], 4.0);
      CHECK(values.values()[i] == Approx(expected.value).margin(1e-15).epsilon(1e-13));
      // The derivative of the product formula cancels numbers of order 1000 where r is small.
      CHECK(slopes.values()[i] == Approx(expected.slope).margin(1e-12).epsilon(1e-12));
    }
  }
}

TEST_CASE("cutoff functions have names", "[atoms][cutoff_functions]") {
  for (const CutoffKind kind : all) CHECK(cutoff_kind(name(kind)) == kind);
  CHECK(name(CutoffKind::cosine) == "cosine");
  CHECK_THROWS_WITH(cutoff_kind("cos"), ContainsSubstring("'cos'") && ContainsSubstring("polynomial2"));
  CHECK_THROWS_AS(cutoff_kind(""), InputError);
}

TEST_CASE("the inner part of a cutoff function is checked", "[atoms][cutoff_functions]") {
  for (const double bad : {-0.1, 1.0, std::nan("")}) {
    CHECK_THROWS_AS(validate(CutoffFunction{CutoffKind::cosine, bad}), InputError);
  }
  CHECK_NOTHROW(validate(CutoffFunction{}));
}
