#include "potentials/descriptor_pulls.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "atoms/elements.hpp"
#include "core/processor.hpp"
#include "potentials/descriptor_pulls_kernel.hpp"

namespace adatom {

namespace kernels {
namespace baseline {
extern const DescriptorPullsTable descriptor_pulls;
}
#if defined(__x86_64__)
namespace avx2 {
extern const DescriptorPullsTable descriptor_pulls;
}
namespace avx512 {
extern const DescriptorPullsTable descriptor_pulls;
}
#endif

const DescriptorPullsTable& descriptor_pulls_table() {
#if defined(__x86_64__)
  return select(baseline::descriptor_pulls, avx2::descriptor_pulls, avx512::descriptor_pulls);
#else
  return baseline::descriptor_pulls;
#endif
}

}  // namespace kernels

/// One centre element: what its plan points to.
struct DescriptorPulls::Center {
  int element = 0;
  double cutoff = 0.0, angular_cutoff = 0.0;     ///< the largest ones, Å
  std::array<int, element_count + 1> slot_of{};  ///< −1: plays no role
  std::vector<double> cutoffs;
  std::vector<kernels::PullRadial> radials;
  std::vector<kernels::PullFactor> factors;
  std::vector<kernels::PullBase> bases;
  std::vector<kernels::PullPower> powers;
  std::vector<kernels::PullAngle> angles;
  std::vector<kernels::PullMembers> members;
  std::vector<kernels::PullTerm> terms;
  std::vector<kernels::PullGroup> groups;
  kernels::PullPlan plan{};

  using Angle = std::pair<double, double>;                                // λ, ζ
  using Members = std::map<std::size_t, std::map<Angle, std::size_t>>;  // by factor: functions by angle

  Center(int centre, std::span<const SymmetryFunction> functions, const CutoffFunction& cutoff_function);

 private:
  std::size_t find_slots(std::span<const SymmetryFunction> functions);
  std::size_t cutoff_number(double radius);
  void add_angular(std::span<const SymmetryFunction> functions);
  void add_group(kernels::PullGroup group, const Members& by_factor);
};

namespace {

constexpr std::size_t pack = 8;    ///< neighbours in the widest vectors
constexpr double far_away = 1e10;  ///< Å, beyond every cutoff

/// The number of what `same` accepts; a new one's, made by `make`, if there is none.
template <class T, class Same, class Make>
std::size_t number_of(std::vector<T>& values, const Same& same, const Make& make) {
  const auto found = std::find_if(values.begin(), values.end(), same);
  const std::size_t number = static_cast<std::size_t>(found - values.begin());
  if (found == values.end()) values.push_back(make());
  return number;
}

/// Gives each power of each x its slot, and lists the products that lead to it.
class Powers {
 public:
  Powers(std::vector<kernels::PullBase>& bases, std::vector<kernels::PullPower>& steps) : bases_(bases), steps_(steps) {}

  /// The slot of ((1 + λ cos θ)/2)^exponent.
  std::size_t slot(double lambda, double exponent) {
    if (exponent == 0.0) return 0;
    const auto found = slots_.find({lambda, exponent});
    if (found != slots_.end()) return found->second;
    if (exponent == 1.0) {
      bases_.push_back({0.5 * lambda, next_});
    } else {
      constexpr double most_exact = 9e15;  // below 2⁵³
      if (exponent != std::floor(exponent) || exponent > most_exact) {
        const std::size_t x = slot(lambda, 1.0);
        steps_.push_back({next_, x, x, exponent});
      } else {
        const double left = std::floor(exponent / 2.0);  // halves also serve ζ − 1 and ζ together
        const std::size_t first = slot(lambda, left), second = slot(lambda, exponent - left);
        steps_.push_back({next_, first, second, 0.0});
      }
    }
    slots_[{lambda, exponent}] = next_;
    return next_++;
  }
  std::size_t count() const { return next_; }

 private:
  std::vector<kernels::PullBase>& bases_;
  std::vector<kernels::PullPower>& steps_;
  std::map<std::pair<double, double>, std::size_t> slots_;
  std::size_t next_ = 1;  // slot 0 holds 1
};

/// Memory for one atom, kept per thread.
struct Scratch {
  std::vector<std::ptrdiff_t> place;       // of each neighbour; −1: beyond the cutoff, or without a role
  std::vector<std::size_t> first, count;   // of places
  std::vector<std::size_t> at;             // where each neighbour stands
  std::vector<double> numbers;

  /// The next `length` doubles, 64-byte aligned.
  double* reserve(std::size_t length) {
    if (numbers.size() < length + pack) numbers.resize(length + length / 2 + pack);
    const auto address = reinterpret_cast<std::uintptr_t>(numbers.data());
    return numbers.data() + (64 - address % 64) % 64 / sizeof(double);
  }
};

}  // namespace

DescriptorPulls::Center::Center(int centre, std::span<const SymmetryFunction> functions,
                                const CutoffFunction& cutoff_function)
    : element(centre) {
  plan.slots = find_slots(functions);
  for (std::size_t k = 0; k < functions.size(); ++k) {
    const SymmetryFunction& f = functions[k];
    const std::size_t number = cutoff_number(f.cutoff);
    cutoff = std::max(cutoff, f.cutoff);
    if (f.kind == SymmetryFunctionKind::radial) {
      radials.push_back({static_cast<std::size_t>(slot_of[f.neighbor1]), number, f.eta, f.shift, k});
    } else {
      angular_cutoff = std::max(angular_cutoff, f.cutoff);
    }
  }
  add_angular(functions);
  plan.cutoff_kind = cutoff_function.kind, plan.inner = cutoff_function.inner;
  plan.cutoffs = cutoffs.data(), plan.cutoff_count = cutoffs.size();
  plan.radials = radials.data(), plan.radial_count = radials.size();
  plan.factors = factors.data(), plan.factor_count = factors.size();
  plan.bases = bases.data(), plan.powers = powers.data(), plan.angles = angles.data(), plan.members = members.data();
  plan.terms = terms.data(), plan.term_count = terms.size();
  plan.groups = groups.data(), plan.group_count = groups.size();
}

/// One slot for each neighbour element, ascending; returns how many.
std::size_t DescriptorPulls::Center::find_slots(std::span<const SymmetryFunction> functions) {
  std::set<int> neighbors;
  for (const SymmetryFunction& f : functions) {
    neighbors.insert(f.neighbor1);
    if (f.kind != SymmetryFunctionKind::radial) neighbors.insert(f.neighbor2);
  }
  slot_of.fill(-1);
  int next = 0;
  for (const int number : neighbors) slot_of[static_cast<std::size_t>(number)] = next++;
  return neighbors.size();
}

std::size_t DescriptorPulls::Center::cutoff_number(double radius) {
  return number_of(cutoffs, [&](double r) { return r == radius; }, [&] { return radius; });
}

/// Sorts the angular functions into groups, those of a group by radial factor, those of a factor by angle.
void DescriptorPulls::Center::add_angular(std::span<const SymmetryFunction> functions) {
  std::map<std::tuple<std::size_t, std::size_t, bool, std::size_t>, Members> sorted;  // slots, narrow, cutoff
  for (std::size_t k = 0; k < functions.size(); ++k) {
    const SymmetryFunction& f = functions[k];
    if (f.kind == SymmetryFunctionKind::radial) continue;
    const auto [slot1, slot2] = std::minmax({static_cast<std::size_t>(slot_of[f.neighbor1]),
                                             static_cast<std::size_t>(slot_of[f.neighbor2])});
    const std::size_t number = cutoff_number(f.cutoff);
    const std::size_t factor = number_of(
        factors, [&](const auto& m) { return m.cutoff == number && m.eta == f.eta && m.shift == f.shift; },
        [&] { return kernels::PullFactor{number, f.eta, f.shift}; });
    sorted[{slot1, slot2, f.kind == SymmetryFunctionKind::angular_narrow, number}][factor][{f.lambda, f.zeta}] = k;
  }
  for (const auto& [key, by_factor] : sorted) {
    const auto& [slot1, slot2, narrow, number] = key;
    add_group({.slot1 = slot1, .slot2 = slot2, .narrow = narrow, .cutoff = number,
               .first_base = bases.size(), .bases = 0, .first_power = powers.size(), .powers = 0,
               .first_angle = angles.size(), .angles = 0, .first_members = members.size(), .members = 0},
              by_factor);
  }
}

/// A group knows its angles first; each four of its factors then have a block of weights, one for each angle.
void DescriptorPulls::Center::add_group(kernels::PullGroup group, const Members& by_factor) {
  Powers slots(bases, powers);
  std::map<Angle, std::size_t> angle_number;
  std::vector<std::size_t> group_factors;
  for (const auto& [factor, by_angle] : by_factor) {
    group_factors.push_back(factor);
    for (const auto& [angle, function] : by_angle) {
      const auto& [lambda, zeta] = angle;
      if (!angle_number.emplace(angle, angle_number.size()).second) continue;
      const std::size_t power = slots.slot(lambda, zeta - 1.0);
      angles.push_back({.raised = slots.slot(lambda, zeta), .power = power});
    }
  }
  for (std::size_t first = 0; first < group_factors.size(); first += kernels::PullMembers::most) {
    kernels::PullMembers some{};
    some.factors = std::min(kernels::PullMembers::most, group_factors.size() - first);
    some.first_weight = plan.weight_count;
    for (std::size_t i = 0; i < some.factors; ++i) {
      some.factor[i] = group_factors[first + i];
      for (const auto& [angle, function] : by_factor.at(some.factor[i])) {
        const std::size_t weight = some.first_weight + 2 * some.factors * angle_number[angle] + i;
        terms.push_back({function, weight, weight + some.factors, angle.first * angle.second});
      }
    }
    plan.weight_count += 2 * some.factors * angle_number.size();
    members.push_back(some);
  }
  group.bases = bases.size() - group.first_base, group.powers = powers.size() - group.first_power;
  group.angles = angles.size() - group.first_angle, group.members = members.size() - group.first_members;
  groups.push_back(group);
  plan.power_slots = std::max(plan.power_slots, slots.count());
}

DescriptorPulls::DescriptorPulls(const SymmetryFunctions& functions) {
  std::vector<Center> centers;
  for (const int element : functions.elements()) {
    centers.emplace_back(element, functions.of(element), functions.cutoff_function());
  }
  centers_ = std::make_shared<const std::vector<Center>>(std::move(centers));
}

void DescriptorPulls::compute(std::span<const int> numbers, const NeighborList& list, std::size_t i,
                              std::span<const double> slopes, Vector3* pulls) const {
  const auto center = std::find_if(centers_->begin(), centers_->end(),
                                   [&](const Center& c) { return c.element == numbers[i]; });
  const std::size_t begin = list.offsets[i], entries = list.offsets[i + 1] - begin;
  if (entries == 0) return;

  // Near neighbours by slot, then far ones; each place begins with a whole pack.
  thread_local Scratch scratch;
  const std::size_t slots = center->plan.slots;
  const double reach = center->cutoff * center->cutoff, near = center->angular_cutoff * center->angular_cutoff;
  scratch.place.resize(entries);
  scratch.at.resize(entries);
  scratch.count.assign(2 * slots, 0);
  scratch.first.resize(2 * slots);
  for (std::size_t n = 0; n < entries; ++n) {
    const Vector3& d = list.displacement[begin + n];
    const double squared = dot(d, d);
    const int slot = squared < reach ? center->slot_of[static_cast<std::size_t>(numbers[list.index[begin + n]])] : -1;
    scratch.place[n] = slot < 0 || squared < near ? slot : slot + static_cast<std::ptrdiff_t>(slots);
    if (slot >= 0) scratch.at[n] = scratch.count[static_cast<std::size_t>(scratch.place[n])]++;
  }
  std::size_t stride = 0;
  for (std::size_t p = 0; p < 2 * slots; ++p) {
    scratch.first[p] = stride;
    stride += (scratch.count[p] + pack - 1) / pack * pack;
  }
  double* const x = scratch.reserve(6 * stride + kernels::pull_workspace(center->plan, stride));
  double *const y = x + stride, *const z = y + stride, *const g = z + stride;
  std::fill_n(x, stride, far_away);
  std::fill_n(y, 2 * stride, 0.0);
  for (std::size_t n = 0; n < entries; ++n) {
    if (scratch.place[n] < 0) continue;
    const std::size_t at = scratch.at[n] += scratch.first[static_cast<std::size_t>(scratch.place[n])];
    const Vector3& d = list.displacement[begin + n];
    x[at] = d[0], y[at] = d[1], z[at] = d[2];
  }
  kernels::descriptor_pulls_table().pull(
      center->plan, {stride, scratch.first.data(), scratch.count.data(), x, y, z, slopes.data(), g + 3 * stride, g,
                     g + stride, g + 2 * stride});
  for (std::size_t n = 0; n < entries; ++n) {
    const std::size_t at = scratch.at[n];
    pulls[n] = scratch.place[n] < 0 ? Vector3{} : Vector3{g[at], g[stride + at], g[2 * stride + at]};
  }
}

}  // namespace adatom
