#include "atoms/cutoff_functions.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>

#include "atoms/message_text.hpp"
#include "autodiff/arithmetic.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/selection.hpp"
#include "core/error.hpp"

namespace adatom {
namespace {

constexpr std::array<std::string_view, 9> names = {"hard",        "cosine",      "tanh_cubed",  "tanh_cubed_normalized",
                                                   "exponential", "polynomial1", "polynomial2", "polynomial3",
                                                   "polynomial4"};

bool is_tanh(CutoffKind kind) { return kind == CutoffKind::tanh_cubed || kind == CutoffKind::tanh_cubed_normalized; }

/// The factor in front of tanh³.
double tanh_scale(CutoffKind kind) {
  return kind == CutoffKind::tanh_cubed_normalized ? 1.0 / std::pow(std::tanh(1.0), 3) : 1.0;
}

/// f and df/dy at y = 1 − x, 0 < y < 1. The polynomials use f(x) = 1 − f(1 − x), which keeps all digits near the
/// cutoff.
ValueAndSlope rise(CutoffKind kind, double y) {
  const double u = y * (1.0 - y);
  switch (kind) {
    case CutoffKind::hard:
      return {1.0, 0.0};
    case CutoffKind::cosine: {
      const double angle = 0.5 * std::numbers::pi * y;
      return {std::sin(angle) * std::sin(angle), std::numbers::pi * std::sin(angle) * std::cos(angle)};
    }
    case CutoffKind::tanh_cubed:
    case CutoffKind::tanh_cubed_normalized: {
      const double t = std::tanh(y), scale = tanh_scale(kind);
      return {scale * t * t * t, scale * 3.0 * t * t * (1.0 - t * t)};
    }
    case CutoffKind::exponential: {
      const double d = y * (2.0 - y);  // 1 − x²
      if (d < 1e-3) return {};         // exp(−1000): nothing left in double precision
      const double f = std::exp(1.0 - 1.0 / d);
      return {f, f * 2.0 * (1.0 - y) / (d * d)};
    }
    case CutoffKind::polynomial1:
      return {y * y * (3.0 - 2.0 * y), 6.0 * u};
    case CutoffKind::polynomial2:
      return {y * y * y * ((6.0 * y - 15.0) * y + 10.0), 30.0 * u * u};
    case CutoffKind::polynomial3:
      return {y * y * y * y * (((-20.0 * y + 70.0) * y - 84.0) * y + 35.0), 140.0 * u * u * u};
    case CutoffKind::polynomial4:
      return {y * y * y * y * y * ((((70.0 * y - 315.0) * y + 540.0) * y - 420.0) * y + 126.0), 630.0 * u * u * u * u};
  }
  return {};
}

/// The same as tensor operations.
Tensor rise(CutoffKind kind, const Tensor& y) {
  switch (kind) {
    case CutoffKind::hard:
      return where(y, Tensor::ones(y.shape()), 0.0);
    case CutoffKind::cosine:
      return square(sin(0.5 * std::numbers::pi * y));
    case CutoffKind::tanh_cubed:
    case CutoffKind::tanh_cubed_normalized:
      return tanh_scale(kind) * pow(tanh(y), 3.0);
    case CutoffKind::exponential: {
      const Tensor d = maximum(y * (2.0 - y), 1e-3);
      return exp(1.0 - 1.0 / d);
    }
    case CutoffKind::polynomial1:
      return square(y) * (3.0 - 2.0 * y);
    case CutoffKind::polynomial2:
      return pow(y, 3.0) * ((6.0 * y - 15.0) * y + 10.0);
    case CutoffKind::polynomial3:
      return pow(y, 4.0) * (((-20.0 * y + 70.0) * y - 84.0) * y + 35.0);
    case CutoffKind::polynomial4:
      return pow(y, 5.0) * ((((70.0 * y - 315.0) * y + 540.0) * y - 420.0) * y + 126.0);
  }
  return {};
}

}  // namespace

void validate(const CutoffFunction& function) {
  if (!(function.inner >= 0.0 && function.inner < 1.0)) {
    throw InputError("the cutoff function's inner part must be at least 0 and below 1, found " +
                     std::to_string(function.inner));
  }
}

ValueAndSlope evaluate(const CutoffFunction& function, double r, double cutoff) {
  const double inner = is_tanh(function.kind) ? 0.0 : function.inner * cutoff;
  if (r >= cutoff) return {};
  if (r < inner) return {1.0, 0.0};
  const double width = cutoff - inner;
  const ValueAndSlope at_y = rise(function.kind, (cutoff - r) / width);
  return {at_y.value, -at_y.slope / width};
}

Tensor evaluate(const CutoffFunction& function, const Tensor& r, double cutoff) {
  const double inner = is_tanh(function.kind) ? 0.0 : function.inner * cutoff;
  return rise(function.kind, clip((cutoff - r) / (cutoff - inner), 0.0, 1.0));
}

std::string_view name(CutoffKind kind) { return names[static_cast<std::size_t>(kind)]; }

CutoffKind cutoff_kind(std::string_view text) {
  const auto found = std::find(names.begin(), names.end(), text);
  if (found != names.end()) return static_cast<CutoffKind>(found - names.begin());
  std::string message = "unknown cutoff function " + in_quotes(text) + "; known are";
  for (const std::string_view known : names) message += " " + std::string(known);
  throw InputError(message);
}

}  // namespace adatom
