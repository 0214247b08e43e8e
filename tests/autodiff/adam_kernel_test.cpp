// Optimiser steps against their formulas in long double, on every instruction set this machine has.
#include "autodiff/kernels/adam.hpp"

#include "core/error.hpp"
#include "tests/autodiff/kernel_testing.hpp"

using namespace adatom;
using namespace adatom::kernels;

TEST_CASE("adam and AdamW follow their formulas", "[autodiff][kernels][adam]") {
  at_every_level([] {
    Random random(15);
    for (const bool decoupled : {false, true}) {
      for (const std::size_t n : {0, 1, 7, 8, 9, 33}) {
        AdamStep step;
        step.weight_decay = 0.1;
        step.decoupled = decoupled;
        Guarded w(random_values(n, random)), m(std::vector<double>(n, 0.0)), v = m;
        std::vector<Real> w0(w.data(), w.data() + n), m0(n), v0(n);
        for (std::size_t t = 1; t <= 20; ++t) {
          const std::vector<double> g = random_values(n, random);
          adam(step, t, n, g.data(), m.data(), v.data(), w.data());
          for (std::size_t i = 0; i < n; ++i) {
            const Real b1 = step.beta1, b2 = step.beta2, rate = step.learning_rate;
            const Real slope = decoupled ? g[i] : g[i] + step.weight_decay * w0[i];
            if (decoupled) w0[i] *= 1 - rate * step.weight_decay;
            m0[i] = b1 * m0[i] + (1 - b1) * slope;
            v0[i] = b2 * v0[i] + (1 - b2) * slope * slope;
            const Real exponent = static_cast<Real>(t);
            w0[i] -= rate * (m0[i] / (1 - std::pow(b1, exponent))) /
                     (std::sqrt(v0[i] / (1 - std::pow(b2, exponent))) + step.epsilon);
          }
        }
        double worst = 0;
        for (std::size_t i = 0; i < n; ++i) {
          worst = std::max(worst, static_cast<double>(std::abs(w.data()[i] - w0[i])));
        }
        INFO(n << " weights, decoupled " << decoupled);
        REQUIRE(worst <= 20 * 4e-16);  // a few roundings of weights near 1, twenty times
        REQUIRE((w.guards_intact() && m.guards_intact() && v.guards_intact()));
      }
    }
  });
}

TEST_CASE("sgd follows its formula", "[autodiff][kernels][adam]") {
  at_every_level([] {
    Random random(16);
    for (const double momentum : {0.0, 0.9}) {
      for (const bool nesterov : {false, true}) {
        for (const std::size_t n : {0, 1, 7, 8, 9, 33}) {
          const SgdStep step{0.1, momentum, 0.05, nesterov};
          Guarded w(random_values(n, random)), v(std::vector<double>(n, 0.0));
          std::vector<Real> w0(w.data(), w.data() + n), v0(n);
          for (int t = 0; t < 20; ++t) {
            const std::vector<double> g = random_values(n, random);
            sgd(step, n, g.data(), momentum != 0 ? v.data() : nullptr, w.data());
            for (std::size_t i = 0; i < n; ++i) {
              const Real slope = g[i] + 0.05L * w0[i];
              v0[i] = momentum * v0[i] + slope;
              w0[i] -= 0.1L * (nesterov ? slope + momentum * v0[i] : v0[i]);
            }
          }
          double worst = 0;
          for (std::size_t i = 0; i < n; ++i) {
            worst = std::max(worst, static_cast<double>(std::abs(w.data()[i] - w0[i])));
          }
          INFO(n << " weights, momentum " << momentum << ", nesterov " << nesterov);
          REQUIRE(worst <= 20 * 2e-15);  // velocities reach 10; 0.05 and 0.1 are themselves rounded
          REQUIRE((w.guards_intact() && v.guards_intact()));
        }
      }
    }
  });
}

TEST_CASE("a level that the processor lacks is refused", "[autodiff][kernels]") {
  if (processor() == Processor::avx512) return;
  CHECK_THROWS_AS(use_level(Processor::avx512), InputError);
}
