#include "nn/standardization.hpp"

#include <cmath>

#include "autodiff/gradient.hpp"
#include "autodiff/reductions.hpp"
#include "core/error.hpp"
#include "core/random.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("standardised columns have mean 0 and deviation 1", "[nn][standardization]") {
  Random random(1);
  Buffer values(200 * 3);
  for (std::size_t i = 0; i < 200; ++i) {
    values[3 * i] = 1e6 + random.normal();  // ⟨x²⟩ − ⟨x⟩² would lose four digits here
    values[3 * i + 1] = 1e-9 * random.uniform();
    values[3 * i + 2] = -50.0 + 20.0 * random.normal();
  }
  const Tensor x = Tensor::constant({200, 3}, values);
  const Standardization s = fit_standardization(x);
  CHECK(s.constant_columns.empty());
  CHECK(s.note().empty());
  const Tensor z = s.apply(x);
  for (std::size_t j = 0; j < 3; ++j) {
    double mean = 0.0, square = 0.0;
    for (std::size_t i = 0; i < 200; ++i) {
      mean += z.values()[3 * i + j] / 200.0;
      square += z.values()[3 * i + j] * z.values()[3 * i + j] / 200.0;
    }
    CHECK(std::abs(mean) < 1e-8);  // 1e6 has a spacing of 1e-10, relative to a deviation of 1
    CHECK(square == Approx(1.0).epsilon(1e-10));
  }
  const Tensor back = s.invert(z);
  for (std::size_t i = 0; i < 600; ++i) CHECK(back.values()[i] == Approx(x.values()[i]).epsilon(1e-14));
}

TEST_CASE("columns without variance are flagged and not divided by zero", "[nn][standardization]") {
  const Tensor x = Tensor::constant({3, 3}, {0.1, 1.0, 0.0, 0.1, 2.0, 0.0, 0.1, 3.0, 0.0});
  const Standardization s = fit_standardization(x);
  CHECK(s.constant_columns == std::vector<std::size_t>{0, 2});
  CHECK(s.deviation[0] == 1.0);
  // The same number computed in two ways: its last digit is no information.
  CHECK(fit_standardization(Tensor::constant({2, 1}, {0.1 + 0.2, 0.3})).constant_columns.size() == 1);
  CHECK_THAT(s.note(), ContainsSubstring("columns 0, 2 do not vary"));
  const Tensor z = s.apply(x);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(std::abs(z.values()[3 * i]) < 1e-15);
    CHECK(z.values()[3 * i + 2] == 0.0);
  }
  CHECK(fit_standardization(Tensor::constant({1, 1}, {4.0})).constant_columns.size() == 1);
}

TEST_CASE("a column of one number is constant however many rows it has", "[nn][standardization]") {
  // Added up 200000 times, 0.7 / 200000 differs from 0.7 by 4e-12 of it.
  const double number = GENERATE(0.7, -12.3, 1e-5);
  const Tensor x = Tensor::full({200000, 1}, number);
  const Standardization s = fit_standardization(x);
  CHECK(s.constant_columns == std::vector<std::size_t>{0});
  CHECK(s.mean[0] == number);
  CHECK(s.deviation[0] == 1.0);
}

TEST_CASE("standardisation is differentiable", "[nn][standardization]") {
  const Standardization s{{1.0, 2.0}, {4.0, 0.5}, {}};
  const Tensor x = Tensor::variable({1, 2}, {3.0, 3.0});
  const Tensor slope = grad(sum(s.apply(x)), {x})[0];
  CHECK(slope.values()[0] == 0.25);
  CHECK(slope.values()[1] == 2.0);
  CHECK_THROWS_AS(s.apply(Tensor::zeros({2, 3})), ShapeError);
}

TEST_CASE("standardisation refuses what has no mean", "[nn][standardization]") {
  CHECK_THROWS_AS(fit_standardization(Tensor::zeros({0, 2})), InputError);
  CHECK_THROWS_AS(fit_standardization(Tensor::zeros({4})), ShapeError);
  CHECK_THROWS_WITH(fit_standardization(Tensor::constant({2, 2}, {0.0, 0.0, 1.0, std::nan("")})),
                    ContainsSubstring("row 1, column 1 is nan"));
  CHECK_THROWS_WITH(fit_standardization(Tensor::constant({2, 2}, {0.0, -1e200, 1.0, 1e200})),
                    ContainsSubstring("column 1 has numbers from -1e+200 to 1e+200, too large"));
}
