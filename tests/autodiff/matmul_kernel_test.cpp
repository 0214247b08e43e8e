// The matrix product against the triple loop in long double, on every instruction set this machine has.
#include "autodiff/kernels/matmul.hpp"

#include "tests/autodiff/kernel_testing.hpp"

using namespace adatom;
using namespace adatom::kernels;

namespace {

struct Shape {
  std::size_t m, n, k;
};

/// C = op(A) op(B) by the definition, in long double.
std::vector<long double> plain_product(Transpose a_form, Transpose b_form, Shape s, const double* a, const double* b) {
  std::vector<long double> c(s.m * s.n);
  for (std::size_t i = 0; i < s.m; ++i) {
    for (std::size_t j = 0; j < s.n; ++j) {
      for (std::size_t p = 0; p < s.k; ++p) {
        const double x = a_form == Transpose::no ? a[i * s.k + p] : a[p * s.m + i];
        const double y = b_form == Transpose::no ? b[p * s.n + j] : b[j * s.k + p];
        c[i * s.n + j] += static_cast<long double>(x) * y;
      }
    }
  }
  return c;
}

void check_product(Shape s, Random& random) {
  for (const Transpose a_form : {Transpose::no, Transpose::yes}) {
    for (const Transpose b_form : {Transpose::no, Transpose::yes}) {
      Guarded a(random_values(s.m * s.k, random)), b(random_values(s.k * s.n, random));
      Guarded bias(random_values(s.n, random));
      const std::vector<double> start = random_values(s.m * s.n, random);
      const auto exact = plain_product(a_form, b_form, s, a.data(), b.data());
      for (const bool with_bias : {false, true}) {
        for (const bool accumulate : {false, true}) {
          Guarded c(start);
          matmul(a_form, b_form, s.m, s.n, s.k, a.data(), b.data(), c.data(), with_bias ? bias.data() : nullptr,
                 accumulate);
          // Rounding: each of k + 2 additions errs by at most 2^-53 of a partial sum, which is below k + 2.
          const double k = static_cast<double>(s.k + 2);
          double worst = 0;
          for (std::size_t i = 0; i < s.m * s.n; ++i) {
            const long double expected =
                exact[i] + (with_bias ? bias.data()[i % s.n] : 0.0L) + (accumulate ? start[i] : 0.0L);
            const double error = static_cast<double>(std::abs(expected - c.data()[i]));
            worst = error <= worst ? worst : error;  // keeps NaN
            if (std::isnan(c.data()[i])) worst = inf;
          }
          INFO("m n k " << s.m << " " << s.n << " " << s.k << ", transposed " << (a_form == Transpose::yes)
                        << (b_form == Transpose::yes) << ", bias " << with_bias << ", accumulate " << accumulate);
          REQUIRE(worst <= 0x1p-53 * k * k);
          REQUIRE(c.guards_intact());
        }
      }
    }
  }
}

}  // namespace

TEST_CASE("matmul equals the triple loop for all small shapes", "[autodiff][kernels][matmul]") {
  at_every_level([] {
    Random random(1);
    for (const std::size_t m : {0, 1, 2, 3, 5, 8, 9}) {
      for (const std::size_t n : {0, 1, 2, 3, 4, 7, 8, 9, 17}) {
        for (const std::size_t k : {0, 1, 2, 3, 8, 9}) check_product({m, n, k}, random);
      }
    }
  });
}

TEST_CASE("matmul equals the triple loop for odd shapes up to 70", "[autodiff][kernels][matmul]") {
  at_every_level([] {
    Random random(2);
    for (int trial = 0; trial < 60; ++trial) {
      check_product({1 + random.below(70), 1 + random.below(70), 1 + random.below(70)}, random);
    }
  });
}

TEST_CASE("matmul equals the triple loop across blocks", "[autodiff][kernels][matmul]") {
  at_every_level([] {
    Random random(3);
    for (const Shape s : {Shape{130, 101, 300},
                          {7, 100, 520},
                          {600, 5, 17},
                          {13, 21, 4500},
                          {1, 300, 513},
                          {300, 1, 513},
                          {1, 5, 5000},
                          {5, 1, 5000},
                          {1, 2101, 503},
                          {2101, 1, 503},
                          {3, 3, 5000},
                          {200, 70, 1}}) {
      check_product(s, random);
    }
  });
}

TEST_CASE("matmul passes NaN and infinity on", "[autodiff][kernels][matmul]") {
  at_every_level([] {
    const double a[4] = {1, nan_value, 2, inf}, b[4] = {1, 0, 1, 1};
    double c[4];
    matmul(Transpose::no, Transpose::no, 2, 2, 2, a, b, c);
    CHECK((std::isnan(c[0]) && std::isnan(c[1])));
    CHECK((c[2] == inf && c[3] == inf));
  });
}

TEST_CASE("matmul gives the same bits for any number of threads", "[autodiff][kernels][matmul]") {
  at_every_level([] {
    Random random(4);
    for (const Shape s : {Shape{257, 131, 300},
                          {64, 64, 6000},
                          {5000, 33, 17},
                          {500, 40, 300},
                          {16, 1, 300000},
                          {1, 16, 300000},
                          {2000, 1, 2000},
                          {1, 2000, 2000}}) {
      const std::vector<double> a = random_values(s.m * s.k, random), b = random_values(s.k * s.n, random);
      for (const Transpose a_form : {Transpose::no, Transpose::yes}) {
        for (const Transpose b_form : {Transpose::no, Transpose::yes}) {
          INFO("m n k " << s.m << " " << s.n << " " << s.k);
          same_bits_for_any_thread_count([&] {
            std::vector<double> c(s.m * s.n);
            matmul(a_form, b_form, s.m, s.n, s.k, a.data(), b.data(), c.data());
            return c;
          });
        }
      }
    }
  });
}
