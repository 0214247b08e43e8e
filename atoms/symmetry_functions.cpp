#include "atoms/symmetry_functions.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

#include "atoms/message_text.hpp"
#include "atoms/symmetry_functions_plan.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"

namespace adatom {
namespace {

constexpr std::array<std::string_view, 3> kind_names = {"radial", "angular_narrow", "angular_wide"};
constexpr double largest_zeta = 1048576.0;

bool is_angular(const SymmetryFunction& f) { return f.kind != SymmetryFunctionKind::radial; }
bool is_element(int number) { return number >= 1 && number <= element_count; }
std::string symbol(int number) { return std::string(element(number).symbol); }

std::string text(double value) { return short_number_text(value, 6); }

/// What is wrong with the function; empty if nothing.
std::string fault(const SymmetryFunction& f) {
  if (!is_element(f.center)) return "center must be an atomic number, found " + std::to_string(f.center);
  if (!is_element(f.neighbor1)) return "neighbor1 must be an atomic number, found " + std::to_string(f.neighbor1);
  if (!(f.cutoff > 0.0 && std::isfinite(f.cutoff))) return "the cutoff must be above 0, found " + text(f.cutoff);
  if (!(f.eta >= 0.0 && std::isfinite(f.eta))) return "eta must not be negative, found " + text(f.eta);
  if (!std::isfinite(f.shift)) return "the shift must be finite, found " + text(f.shift);
  if (!is_angular(f)) return "";
  if (!is_element(f.neighbor2)) return "neighbor2 must be an atomic number, found " + std::to_string(f.neighbor2);
  if (!(f.lambda >= -1.0 && f.lambda <= 1.0)) return "lambda must be between -1 and 1, found " + text(f.lambda);
  if (!(f.zeta >= 1.0 && f.zeta <= largest_zeta)) {
    return "zeta must be between 1 (below, the derivative diverges where 1 + lambda cos = 0) and " +
           std::to_string(static_cast<int>(largest_zeta)) + ", found " + text(f.zeta);
  }
  return "";
}

/// The function with what does not matter set to fixed values, so that equal functions compare equal.
SymmetryFunction canonical(SymmetryFunction f) {
  if (is_angular(f)) {
    if (f.neighbor1 > f.neighbor2) std::swap(f.neighbor1, f.neighbor2);
  } else {
    f.neighbor2 = 0;
    f.lambda = f.zeta = 1.0;
  }
  return f;
}

void validate(const std::vector<SymmetryFunction>& functions) {
  for (std::size_t k = 0; k < functions.size(); ++k) {
    const std::string wrong = fault(functions[k]);
    if (!wrong.empty()) throw InputError("symmetry function " + std::to_string(k) + ": " + wrong);
    for (std::size_t l = 0; l < k; ++l) {
      if (canonical(functions[k]) == canonical(functions[l])) {
        throw InputError("symmetry functions " + std::to_string(l) + " and " + std::to_string(k) + " are the same");
      }
    }
  }
}

}  // namespace

std::string_view name(SymmetryFunctionKind kind) { return kind_names[static_cast<std::size_t>(kind)]; }

SymmetryFunctionKind symmetry_function_kind(std::string_view name) {
  const auto found = std::find(kind_names.begin(), kind_names.end(), name);
  if (found == kind_names.end()) {
    throw InputError("unknown kind of symmetry function '" + printable(name) +
                     "'; known are radial angular_narrow angular_wide");
  }
  return static_cast<SymmetryFunctionKind>(found - kind_names.begin());
}

SymmetryFunctions::SymmetryFunctions(std::vector<SymmetryFunction> functions, CutoffFunction cutoff_function) {
  adatom::validate(cutoff_function);
  validate(functions);
  auto plan = std::make_shared<Plan>();
  plan->cutoff_function = cutoff_function;
  plan->center_of.fill(-1);
  for (const SymmetryFunction& f : functions) {
    plan->cutoff = std::max(plan->cutoff, f.cutoff);
    plan->elements.push_back(f.center);
    plan->known[static_cast<std::size_t>(f.center)] = plan->known[static_cast<std::size_t>(f.neighbor1)] = true;
    if (is_angular(f)) plan->known[static_cast<std::size_t>(f.neighbor2)] = true;
  }
  std::sort(plan->elements.begin(), plan->elements.end());
  plan->elements.erase(std::unique(plan->elements.begin(), plan->elements.end()), plan->elements.end());
  for (const int center : plan->elements) {
    std::vector<SymmetryFunction> own;
    std::copy_if(functions.begin(), functions.end(), std::back_inserter(own),
                 [&](const SymmetryFunction& f) { return f.center == center; });
    std::stable_partition(own.begin(), own.end(), [](const SymmetryFunction& f) { return !is_angular(f); });
    plan->center_of[static_cast<std::size_t>(center)] = static_cast<int>(plan->centers.size());
    plan->centers.push_back(arrange(center, std::move(own), cutoff_function));
  }
  plan_ = std::move(plan);
}

std::span<const int> SymmetryFunctions::elements() const {
  return plan_ ? std::span<const int>(plan_->elements) : std::span<const int>();
}

std::span<const SymmetryFunction> SymmetryFunctions::of(int element) const {
  const CenterFunctions* const center = plan_ ? plan_->center(element) : nullptr;
  return center != nullptr ? std::span<const SymmetryFunction>(center->functions) : std::span<const SymmetryFunction>();
}

std::size_t SymmetryFunctions::count(int element) const { return of(element).size(); }

std::size_t SymmetryFunctions::radial_count(int element) const {
  const CenterFunctions* const center = plan_ ? plan_->center(element) : nullptr;
  return center != nullptr ? center->radial : 0;
}

bool SymmetryFunctions::knows(int element) const {
  return plan_ && is_element(element) && plan_->known[static_cast<std::size_t>(element)];
}

double SymmetryFunctions::cutoff() const { return plan_ ? plan_->cutoff : 0.0; }

const CutoffFunction& SymmetryFunctions::cutoff_function() const {
  static const CutoffFunction of_the_empty_set;
  return plan_ ? plan_->cutoff_function : of_the_empty_set;
}

void require_range(std::string_view function, std::span<const int> numbers, const NeighborList& list, std::size_t first,
                   std::size_t last) {
  if (list.offsets.size() == numbers.size() + 1 && first <= last && last <= numbers.size()) return;
  throw ShapeError(std::string(function) + ": atoms " + std::to_string(first) + " to " + std::to_string(last) + " of " +
                   std::to_string(numbers.size()) + " with a neighbour list of " +
                   std::to_string(list.offsets.empty() ? 0 : list.offsets.size() - 1));
}

void throw_unknown_element(const SymmetryFunctions& functions, int number, std::size_t atom) {
  std::string known;
  for (int z = 1; z <= element_count; ++z) {
    if (functions.knows(z)) known += " " + symbol(z);
  }
  const std::string what = is_element(number) ? "'" + symbol(number) + "'" : std::to_string(number);
  throw InputError("element " + what + " (atom " + std::to_string(atom) +
                   ") has no symmetry functions (known:" + (known.empty() ? " none" : known) + ")");
}

void throw_coincident(std::size_t i, std::size_t j, double distance) {
  throw InputError("atoms " + std::to_string(std::min(i, j)) + " and " + std::to_string(std::max(i, j)) + " are " +
                   fixed_number_text(distance, 3) + " Å apart");
}

}  // namespace adatom
