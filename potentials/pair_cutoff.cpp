#include "potentials/pair_cutoff.hpp"

#include <string>

#include "autodiff/arithmetic.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/selection.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"

namespace adatom {

Tensor quintic_cutoff(const Tensor& r, double onset, double cutoff) {
  if (std::isinf(cutoff)) return Tensor(1.0);
  const Tensor s = clip((cutoff - r) / (cutoff - onset), 0.0, 1.0);
  return pow(s, 3) * (10.0 + s * (6.0 * s - 15.0));
}

void require_cutoff(std::string_view potential, double onset, double cutoff) {
  if (std::isinf(cutoff) && cutoff > 0.0) return;
  require_positive(potential, "cutoff", cutoff);
  if (onset >= 0.0 && onset < cutoff) return;
  throw InputError(std::string(potential) + ": onset " + number_text(onset) + " Å must lie between 0 and the cutoff " +
                   number_text(cutoff) + " Å");
}

void require_finite(std::string_view potential, std::string_view parameter, double value) {
  if (std::isfinite(value)) return;
  throw InputError(std::string(potential) + ": " + std::string(parameter) + " must be a finite number, found " +
                   number_text(value));
}

void require_positive(std::string_view potential, std::string_view parameter, double value) {
  if (value > 0.0 && std::isfinite(value)) return;
  throw InputError(std::string(potential) + ": " + std::string(parameter) + " must be positive, found " +
                   number_text(value));
}

}  // namespace adatom
