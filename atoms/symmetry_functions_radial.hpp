// What this file is: the functions of distance in symmetry functions, on whole vectors: cutoff functions and Gaussians
// with their derivatives. For kernel files, which are compiled once per instruction set.
#pragma once

#include "atoms/cutoff_kind.hpp"
#include "autodiff/kernels/vector.hpp"

namespace adatom::kernels::ADATOM_LEVEL {
namespace {

struct Pair {
  Vector value, slope;
};

/// eˣ for x ≤ 0 (0 below −708), to 1 ulp: 2ⁿ e^s with |s| ≤ ln 2 / 2 and the Taylor series of e^s.
inline Vector exp_negative(Vector x) {
  const Vector shifted = x * 1.4426950408889634 + 0x1.8p52;  // adding 1.5 · 2⁵² rounds to an integer
  const Vector n = shifted - 0x1.8p52;
  const Vector s = (x - n * 0x1.62e42fee00000p-1) - n * 0x1.a39ef35793c76p-33;
  Vector p = splat(1.0 / 479001600.0);
  p = p * s + 1.0 / 39916800.0;
  p = p * s + 1.0 / 3628800.0;
  p = p * s + 1.0 / 362880.0;
  p = p * s + 1.0 / 40320.0;
  p = p * s + 1.0 / 5040.0;
  p = p * s + 1.0 / 720.0;
  p = p * s + 1.0 / 120.0;
  p = p * s + 1.0 / 24.0;
  p = p * s + 1.0 / 6.0;
  p = p * s + 0.5;
  p = p * s + 1.0;
  p = p * s + 1.0;
  const Vector power = from_bits((bits(shifted) + 1023) << 52);
  return choose(x > -708.0, p * power, Vector{});
}

/// sin a and cos a for 0 ≤ a ≤ π/2, Taylor series.
struct SineCosine {
  Vector sine, cosine;
};
inline SineCosine sine_cosine(Vector a) {
  const Vector t = a * a;
  Vector s = splat(-1.0 / 51090942171709440000.0);
  s = s * t + 1.0 / 121645100408832000.0;
  s = s * t - 1.0 / 355687428096000.0;
  s = s * t + 1.0 / 1307674368000.0;
  s = s * t - 1.0 / 6227020800.0;
  s = s * t + 1.0 / 39916800.0;
  s = s * t - 1.0 / 362880.0;
  s = s * t + 1.0 / 5040.0;
  s = s * t - 1.0 / 120.0;
  s = s * t + 1.0 / 6.0;
  Vector c = splat(-1.0 / 1124000727777607680000.0);
  c = c * t + 1.0 / 2432902008176640000.0;
  c = c * t - 1.0 / 6402373705728000.0;
  c = c * t + 1.0 / 20922789888000.0;
  c = c * t - 1.0 / 87178291200.0;
  c = c * t + 1.0 / 479001600.0;
  c = c * t - 1.0 / 3628800.0;
  c = c * t + 1.0 / 40320.0;
  c = c * t - 1.0 / 720.0;
  c = c * t + 1.0 / 24.0;
  c = c * t - 0.5;
  return {a - a * t * s, c * t + 1.0};
}

inline Vector limited(Vector x, double low, double high) { return smaller(larger(x, splat(low)), splat(high)); }

/// The cutoff function in the form of cutoff_functions.cpp, `rise`: f and df/dr with y = 1 − x.
inline Pair cutoff(CutoffKind kind, double inner, double radius, Vector r) {
  if (kind == CutoffKind::tanh_cubed || kind == CutoffKind::tanh_cubed_normalized) inner = 0.0;
  const double inverse = 1.0 / (radius - inner * radius);
  const Vector y = limited((radius - r) * inverse, 0.0, 1.0);
  const Vector u = y * (1.0 - y);
  Vector f = {}, slope = {};
  switch (kind) {
    case CutoffKind::hard:
      f = choose(y > 0.0, splat(1.0), Vector{});
      break;
    case CutoffKind::cosine: {
      const SineCosine a = sine_cosine(y * 1.5707963267948966);
      f = a.sine * a.sine;
      slope = 3.141592653589793 * a.sine * a.cosine;
      break;
    }
    case CutoffKind::tanh_cubed:
    case CutoffKind::tanh_cubed_normalized: {
      constexpr double tanh_1 = 0.76159415595576488812;
      const double scale = kind == CutoffKind::tanh_cubed ? 1.0 : 1.0 / (tanh_1 * tanh_1 * tanh_1);
      const Vector e = exp_negative(-2.0 * y);
      const Vector t = (1.0 - e) / (1.0 + e);
      f = scale * t * t * t;
      slope = (3.0 * scale) * t * t * (1.0 - t * t);
      break;
    }
    case CutoffKind::exponential: {
      const Vector d = larger(y * (2.0 - y), splat(1e-3));
      f = exp_negative(1.0 - 1.0 / d);
      slope = f * 2.0 * (1.0 - y) / (d * d);
      break;
    }
    case CutoffKind::polynomial1:
      f = y * y * (3.0 - 2.0 * y);
      slope = 6.0 * u;
      break;
    case CutoffKind::polynomial2:
      f = y * y * y * ((6.0 * y - 15.0) * y + 10.0);
      slope = 30.0 * u * u;
      break;
    case CutoffKind::polynomial3:
      f = y * y * y * y * (((-20.0 * y + 70.0) * y - 84.0) * y + 35.0);
      slope = 140.0 * u * u * u;
      break;
    case CutoffKind::polynomial4:
      f = y * y * y * y * y * ((((70.0 * y - 315.0) * y + 540.0) * y - 420.0) * y + 126.0);
      slope = 630.0 * (u * u) * (u * u);
      break;
  }
  return {f, slope * -inverse};
}

/// exp(−η(r − r_s)²) f and its derivative, given f and df/dr.
inline Pair gaussian(Vector eta, Vector shift, Vector r, Pair f) {
  const Vector d = r - shift;
  const Vector e = exp_negative(-eta * d * d);
  return {e * f.value, e * (f.slope - 2.0 * eta * d * f.value)};
}

}  // namespace
}  // namespace adatom::kernels::ADATOM_LEVEL
