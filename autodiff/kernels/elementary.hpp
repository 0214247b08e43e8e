// What this file is: exp, log, sin, cos, tanh, erf and their relatives on whole vectors, without branches on values.
// For kernel files. The twin to compare with is <cmath>; tests/autodiff/map_kernel_test.cpp states the errors in ulp.
//
// Each function reduces its argument to a short interval and evaluates a polynomial there. Polynomials named "fit"
// interpolate the function at Chebyshev points, computed with 90 digits and rounded; the others are those of fdlibm
// (Sun Microsystems, 1993), whose careful summation order is kept. All are correct without fused multiply-adds, only a
// little more exact with them. Infinities, NaN, ±0 and subnormal numbers come out as in <cmath>.
#pragma once

#include "autodiff/kernels/vector.hpp"

namespace adatom::kernels::ADATOM_LEVEL {

inline constexpr double infinity = __builtin_inf();

/// c₀ + x (c₁ + x (c₂ + …)).
inline Vector polynomial(Vector, double c) { return splat(c); }
template <class... Rest>
inline Vector polynomial(Vector x, double c, Rest... rest) {
  return c + x * polynomial(x, rest...);
}

/// Adding 1.5 · 2⁵² leaves no room for a fraction: the sum is rounded to an integer, which sits in its lowest bits.
inline constexpr double shift_out_fraction = 6755399441055744.0;

/// p · 2ⁿ for 1/2 < p < 2 and an integral n, rounded once, also where it is subnormal or overflows (|n| < 2000).
inline Vector scale_by_power(Vector p, Vector n) {
#if ADATOM_VECTOR_BYTES == 64 && defined(__AVX512F__)
  return (Vector)_mm512_maskz_scalef_pd(0xff, (__m512d)p, (__m512d)n);
#else
  const Bits whole = bits(n + shift_out_fraction) - bits(splat(shift_out_fraction));
  if (!any(magnitude(n) > 1020.0)) return from_bits(bits(p) + (whole << 52));
  const Bits half = ((whole + 4096) >> 1) - 2048;  // two factors, since 2ⁿ itself may not be representable
  return p * from_bits((half + 1023) << 52) * from_bits((whole - half + 1023) << 52);
#endif
}

/// x = n ln 2 + r + error with integral n and |r| <= ln 2 / 2. ln 2 is split so that n times its upper part is exact.
struct ReducedExponent {
  Vector n, r, error;
};
inline constexpr double ln2_upper = 6.93147180369123816490e-01, ln2_lower = 1.90821492927058770002e-10;
inline ReducedExponent reduce_exponent(Vector x) {
  const Vector n = (x * 1.44269504088896338700 + shift_out_fraction) - shift_out_fraction;
  const Vector upper = x - n * ln2_upper;
  const Vector r = upper - n * ln2_lower;
  return {n, r, (upper - r) - n * ln2_lower};
}

/// (eʳ - 1 - r) / r² on |r| <= ln 2 / 2. Fit, error 4e-17 of eʳ - 1.
inline Vector exp_remainder(Vector r) {
  return polynomial(r, 0.5000000000000001, 0.16666666666666669, 0.041666666666624066, 0.008333333333330056,
                    0.0013888888917245787, 0.0001984126986307828, 2.4801521246131495e-05, 2.7557268421682613e-06,
                    2.7620112139572367e-07, 2.510040371657669e-08);
}

/// eˣ, also where it is subnormal.
inline Vector exp(Vector x) {
  x = at_most(710.0, at_least(-746.0, x));  // where it is ∞ and 0
  const ReducedExponent e = reduce_exponent(x);
  return scale_by_power(1.0 + (e.r + e.r * e.r * exp_remainder(e.r)), e.n);
}

/// tanh x = t / (t + 2) = 1 - 2 / (t + 2), t = e²ˣ - 1 formed without cancellation. The first form, for small t, is
/// mended where t + 2 = d was rounded: t / (d + ε) ≈ q - q ε / d with q = t / d, and 1 / d ≈ (1 - q) / 2.
inline Vector tanh(Vector x) {
  const ReducedExponent e = reduce_exponent(at_most(44.0, 2.0 * magnitude(x)));  // where it is 1
  const Vector small = e.r + (e.r * e.r * exp_remainder(e.r) + e.error);         // eʳ - 1
  const Vector power = from_bits((bits(e.n + (shift_out_fraction + 1023.0))) << 52);
  const Vector t = power * small + (power - 1.0);
  const auto large = t > 2.0;
  const Vector d = t + 2.0, q = choose(large, splat(2.0), t) / d;
  const Vector lost = t - (d - 2.0);
  return with_sign(choose(large, 1.0 - q, q - 0.5 * lost * (q - q * q)), x);
}

/// k ln 2 + ln(1 + f) for sqrt(1/2) <= 1 + f <= sqrt(2); fdlibm's log.
inline Vector log_near_one(Vector k, Vector f) {
  const Vector s = f / (2.0 + f);
  const Vector z = s * s;
  const Vector rest = z * polynomial(z, 6.666666666666735130e-01, 3.999999999940941908e-01, 2.857142874366239149e-01,
                                     2.222219843214978396e-01, 1.818357216161805012e-01, 1.531383769920937332e-01,
                                     1.479819860511658591e-01);
  const Vector half_square = 0.5 * f * f;
  return k * ln2_upper - ((half_square - (s * (half_square + rest) + k * ln2_lower)) - f);
}

/// ln x: -∞ at 0, NaN below.
inline Vector log(Vector x) {
  constexpr double smallest_normal = 2.2250738585072014e-308;
  constexpr unsigned long long bias = 1023ull << 52;
  const auto subnormal = (x < smallest_normal);
  const Bits pattern = bits(choose(subnormal, x * 0x1p54, x));
  // x = 2ᵏ m with m in [sqrt(1/2), sqrt(2)).
  const Bits biased = (pattern - bits(splat(0.70710678118654752440)) + bias) >> 52;
  const Vector m = from_bits(pattern - (biased << 52) + bias);
  const Vector k =
      from_bits(biased + bits(splat(0x1p52))) - choose(subnormal, splat(0x1p52 + 1077.0), splat(0x1p52 + 1023.0));
  Vector result = log_near_one(k, m - 1.0);
  result = choose(x < infinity, result, x);  // ∞ and NaN are themselves
  result = choose(x == 0.0, splat(-infinity), result);
  return choose(x < 0.0, splat(__builtin_nan("")), result);
}

/// ln(1 + u) for 0 <= u <= 1.
inline Vector log_one_plus(Vector u) {
  const auto upper = (u > 0.41421356237309504880);
  return log_near_one(choose(upper, splat(1.0), Vector{}), choose(upper, 0.5 * (u - 1.0), u));
}

/// 1 / (1 + e⁻ˣ), from e to the power -|x| so that nothing overflows.
inline Vector sigmoid(Vector x) {
  const Vector e = exp(-magnitude(x));
  return choose(x < 0.0, e, splat(1.0)) / (1.0 + e);
}

/// ln(1 + eˣ) = max(x, 0) + ln(1 + e to the power -|x|).
inline Vector softplus(Vector x) { return larger(x, Vector{}) + log_one_plus(exp(-magnitude(x))); }

/// x sigmoid(x); the clamp makes it -0, not NaN, at -∞.
inline Vector silu(Vector x) { return at_least(-800.0, x) * sigmoid(x); }

/// d silu / dx.
inline Vector silu_derivative(Vector x) {
  x = at_most(800.0, at_least(-800.0, x));
  const Vector s = sigmoid(x);
  return s * (1.0 + x * (1.0 - s));
}

/// x - n π/2 as an unevaluated sum `upper + lower` with |upper| <= π/4, and n; for |x| <= 10⁶. Products of n with the
/// 33-bit parts of π/2 are exact (fdlibm's __ieee754_rem_pio2, second iteration).
struct ReducedAngle {
  Vector upper, lower;
  Bits quadrant;
};
inline constexpr double angle_limit = 1e6;
inline ReducedAngle reduce_angle(Vector x) {
  const Vector shifted = x * 6.36619772367581382433e-01 + shift_out_fraction;
  const Vector n = shifted - shift_out_fraction;
  const Vector first = x - n * 1.57079632673412561417e+00;
  const Vector second = n * 6.07710050630396597660e-11;
  const Vector rest = first - second;
  const Vector tail = n * 2.02226624879595063154e-21 - ((first - rest) - second);
  const Vector upper = rest - tail;
  return {upper, (rest - upper) - tail, bits(shifted)};
}

/// sin and cos of upper + lower, |upper| <= π/4 (fdlibm's __kernel_sin and __kernel_cos).
inline Vector sine_of_small(Vector x, Vector lower) {
  const Vector z = x * x, v = z * x;
  const Vector r = polynomial(z, 8.33333333332248946124e-03, -1.98412698298579493134e-04, 2.75573137070700676789e-06,
                              -2.50507602534068634195e-08, 1.58969099521155010221e-10);
  return x - ((z * (0.5 * lower - v * r) - lower) + v * 1.66666666666666324348e-01);
}
inline Vector cosine_of_small(Vector x, Vector lower) {
  const Vector z = x * x;
  const Vector r =
      z * polynomial(z, 4.16666666666666019037e-02, -1.38888888888741095749e-03, 2.48015872894767294178e-05,
                     -2.75573143513906633035e-07, 2.08757232129817482790e-09, -1.13596475577881948265e-11);
  const Vector half = 0.5 * z, w = 1.0 - half;
  return w + (((1.0 - w) - half) + (z * r - x * lower));
}

/// sin(x + turns π/2); lanes beyond the reduction's reach (and ∞, NaN) are left to the standard library.
template <int turns>
inline Vector sine(Vector x) {
  const auto far = ~(magnitude(x) <= angle_limit);
  const ReducedAngle angle = reduce_angle(x);
  const Bits quadrant = angle.quadrant + turns;
  const Vector even = sine_of_small(angle.upper, angle.lower), odd = cosine_of_small(angle.upper, angle.lower);
  const Vector value = choose(((quadrant & 1) != 0), odd, even);
  Vector result = from_bits(bits(value) ^ ((quadrant & 2) << 62));
  if (any(far)) {
    for (Size i = 0; i < lanes; ++i) {
      if (far[i]) result[i] = turns ? __builtin_cos(x[i]) : __builtin_sin(x[i]);
    }
  }
  return result;
}
inline Vector sin(Vector x) { return sine<0>(x); }
inline Vector cos(Vector x) { return sine<1>(x); }

/// e to the power -x²·s for s = 1 or 1/2, with the rounding error of the square made good. 0 <= x <= 40.
inline Vector exp_of_minus_square(Vector x, double s) {
  const Vector square = x * x;
  const Vector upper = from_bits(bits(x) & ~0x7ffffffull), lower = x - upper;  // 26 bits: their products are exact
  const Vector error = ((upper * upper - square) + 2.0 * upper * lower) + lower * lower;
  const Vector e = exp(-s * square);
  return e - e * (s * error);
}

/// exp(a²) erfc(a) for 0 <= a <= 30, from (1 + 2a) exp(a²) erfc(a) as a polynomial in (a - 3)/(a + 3), after Shepherd
/// and Laframboise, Math. Comp. 36, 249 (1981). Fit, error 6e-17.
inline Vector scaled_erfc(Vector a) {
  const Vector p = a + 3.0, q = 1.0 + 2.0 * a;
  const Vector inverse = 1.0 / (p * q);
  const Vector t = (a - 3.0) * (q * inverse);
  return polynomial(t, 1.2530080582697296, -0.13562110612458073, -0.04756229435344523, 0.12964515870271096,
                    -0.11927366341558437, 0.068308027345629, -0.023770514913188184, 0.002529391790925226,
                    0.0018886903022012256, -0.0007798320604070339, -0.00010515943865902943, 0.0001250982671472729,
                    4.947988204492121e-06, -2.0097005377579086e-05, -7.273062774184681e-07, 3.4647679139787095e-06,
                    3.4875809966094086e-07, -6.059780739377869e-07, -1.3113597239892348e-07, 9.255064904530128e-08,
                    3.3093964767992306e-08, -8.708550780431421e-09, -4.301087754265817e-09) *
         (p * inverse);
}

/// 2/√π ∫₀ˣ exp(-t²) dt: x P(x²) near zero (fit, error 1e-17), else 1 - exp(-x²) (exp(x²) erfc(x)).
inline Vector erf(Vector x) {
  Vector a = magnitude(x);
  const Vector z = x * x;
  const auto near = (a < 0.75);
  const Vector small =
      x * polynomial(z, 1.1283791670955126, -0.37612638903183715, 0.11283791670952596, -0.026866170644428485,
                     0.005223977615420539, -0.0008548326188759752, 0.00012055289567541706, -1.4924196305569617e-05,
                     1.643068417974155e-06, -1.5940066854661717e-07, 1.1472499701094691e-08);
  if (!any(~near)) return small;
  a = at_most(6.5, a);  // where it is 1
  const Vector large = 1.0 - exp_of_minus_square(a, 1.0) * scaled_erfc(a);
  return choose(near, small, with_sign(large, x));
}

/// The normal distribution function Φ at -|x| and √(2π) times its density; |x| is cut at 40, where both are 0.
struct Normal {
  Vector tail, density;
};
inline Normal normal(Vector x) {
  const Vector a = at_most(40.0, magnitude(x));
  const Vector e = exp_of_minus_square(a, 0.5);
  return {0.5 * e * scaled_erfc(a * 0.70710678118654752440), e};
}

/// x Φ(x); the clamp makes it -0, not NaN, at -∞.
inline Vector gelu(Vector x) {
  const Vector tail = normal(x).tail;
  const Vector cut = at_least(-40.0, x);
  return cut * choose(x < 0.0, tail, 1.0 - tail);
}

/// d gelu / dx = Φ(x) + x φ(x).
inline Vector gelu_derivative(Vector x) {
  const Normal at = normal(x);
  const Vector cut = at_most(40.0, at_least(-40.0, x));
  const Vector cumulative = choose(x < 0.0, at.tail, 1.0 - at.tail);
  return cumulative + cut * (0.39894228040143267794 * at.density);
}

}  // namespace adatom::kernels::ADATOM_LEVEL
