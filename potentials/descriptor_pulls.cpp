#include "potentials/descriptor_pulls.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "atoms/elements.hpp"
#include "atoms/symmetry_functions_plan.hpp"
#include "core/error.hpp"
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

  using Angle = std::pair<double, double>;                              // λ, ζ
  using Members = std::map<std::size_t, std::map<Angle, std::size_t>>;  // by factor: functions by angle

  Center(std::span<const SymmetryFunction> functions, const CutoffFunction& cutoff_function);

 private:
  std::size_t find_slots(std::span<const SymmetryFunction> functions);
  std::size_t cutoff_number(double radius);
  void add_angular(std::span<const SymmetryFunction> functions);
  void add_group(kernels::PullGroup group, const Members& by_factor);
};

namespace {

constexpr std::size_t pack = 8;    ///< neighbours in the widest vectors
constexpr double far_away = 1e10;  ///< Å, beyond every cutoff
constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

constexpr std::size_t whole_packs(std::size_t count) { return (count + pack - 1) / pack * pack; }

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
  Powers(std::vector<kernels::PullBase>& bases, std::vector<kernels::PullPower>& steps)
      : bases_(bases), steps_(steps) {}

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

}  // namespace

DescriptorPulls::Center::Center(std::span<const SymmetryFunction> functions, const CutoffFunction& cutoff_function) {
  plan.slots = find_slots(functions);
  std::vector<std::size_t> rows(plan.slots, 0);
  for (std::size_t k = 0; k < functions.size(); ++k) {
    const SymmetryFunction& f = functions[k];
    const std::size_t number = cutoff_number(f.cutoff);
    cutoff = std::max(cutoff, f.cutoff);
    if (f.kind == SymmetryFunctionKind::radial) {
      const std::size_t slot = static_cast<std::size_t>(slot_of[f.neighbor1]);
      radials.push_back({slot, number, f.eta, f.shift, k, rows[slot]++});
      plan.radial_rows = std::max(plan.radial_rows, rows[slot]);
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
  return number_of(
      cutoffs, [&](double r) { return r == radius; }, [&] { return radius; });
}

/// Sorts the angular functions into groups, those of a group by radial factor, those of a factor by angle.
void DescriptorPulls::Center::add_angular(std::span<const SymmetryFunction> functions) {
  std::map<std::tuple<std::size_t, std::size_t, bool, std::size_t>, Members> sorted;  // slots, narrow, cutoff
  for (std::size_t k = 0; k < functions.size(); ++k) {
    const SymmetryFunction& f = functions[k];
    if (f.kind == SymmetryFunctionKind::radial) continue;
    const auto [slot1, slot2] =
        std::minmax({static_cast<std::size_t>(slot_of[f.neighbor1]), static_cast<std::size_t>(slot_of[f.neighbor2])});
    const std::size_t number = cutoff_number(f.cutoff);
    const std::size_t factor = number_of(
        factors, [&](const auto& m) { return m.cutoff == number && m.eta == f.eta && m.shift == f.shift; },
        [&] {
          return kernels::PullFactor{number, f.eta, f.shift};
        });
    sorted[{slot1, slot2, f.kind == SymmetryFunctionKind::angular_narrow, number}][factor][{f.lambda, f.zeta}] = k;
  }
  for (const auto& [key, by_factor] : sorted) {
    const auto& [slot1, slot2, narrow, number] = key;
    add_group({.slot1 = slot1,
               .slot2 = slot2,
               .narrow = narrow,
               .cutoff = number,
               .first_base = bases.size(),
               .bases = 0,
               .first_power = powers.size(),
               .powers = 0,
               .first_angle = angles.size(),
               .angles = 0,
               .first_members = members.size(),
               .members = 0,
               .value_powers = 0},
              by_factor);
  }
}

/// A group knows its angles first; each four of its factors then have a block of places, some for each angle.
void DescriptorPulls::Center::add_group(kernels::PullGroup group, const Members& by_factor) {
  Powers slots(bases, powers);
  std::map<Angle, std::size_t> angle_number;
  std::vector<std::size_t> group_factors;
  for (const auto& [factor, by_angle] : by_factor) {
    group_factors.push_back(factor);
    for (const auto& [angle, function] : by_angle) {
      if (!angle_number.emplace(angle, angle_number.size()).second) continue;
      angles.push_back({.raised = slots.slot(angle.first, angle.second), .power = 0});
    }
  }
  group.value_powers = powers.size() - group.first_power;
  for (const auto& [angle, number] : angle_number) {
    angles[group.first_angle + number].power = slots.slot(angle.first, angle.second - 1.0);
  }
  for (std::size_t first = 0; first < group_factors.size(); first += kernels::PullMembers::most) {
    kernels::PullMembers some{};
    some.factors = std::min(kernels::PullMembers::most, group_factors.size() - first);
    some.first_place = plan.place_count;
    for (std::size_t i = 0; i < some.factors; ++i) {
      some.factor[i] = group_factors[first + i];
      for (const auto& [angle, function] : by_factor.at(some.factor[i])) {
        const std::size_t place = some.first_place + some.factors * angle_number[angle] + i;
        terms.push_back({function, place, angle.first * angle.second});
      }
    }
    plan.place_count += some.factors * angle_number.size();
    members.push_back(some);
  }
  group.bases = bases.size() - group.first_base, group.powers = powers.size() - group.first_power;
  group.angles = angles.size() - group.first_angle, group.members = members.size() - group.first_members;
  groups.push_back(group);
  plan.power_slots = std::max(plan.power_slots, slots.count());
}

struct DescriptorPulls::Plans {
  SymmetryFunctions functions;
  std::array<std::size_t, element_count + 1> center_of{};  ///< nowhere: not a centre
  std::vector<Center> centers;
};

DescriptorPulls::DescriptorPulls(const SymmetryFunctions& functions) {
  const auto plans = std::make_shared<Plans>();
  plans->functions = functions;
  plans->center_of.fill(nowhere);
  for (const int element : functions.elements()) {
    plans->center_of[static_cast<std::size_t>(element)] = plans->centers.size();
    plans->centers.emplace_back(functions.of(element), functions.cutoff_function());
  }
  plans_ = plans;
}

namespace {

/// How far the rows of each slot go on for pairs: see descriptor_pulls_kernel.hpp.
void set_lengths(const std::vector<std::size_t>& count, std::vector<std::size_t>& length) {
  for (std::size_t s = 0; s < length.size(); ++s) {
    std::size_t reach = whole_packs(count[s]) + count[s] / 2;
    for (std::size_t t = 0; t < length.size(); ++t) {
      if (t != s && count[t] >= count[s]) reach = std::max(reach, whole_packs(count[t]) + count[s]);
    }
    length[s] = count[s] == 0 ? 0 : whole_packs(reach);
  }
}

}  // namespace

/// Gives each neighbour within the cutoff its place, near ones by slot before far ones, and a column of the rows.
/// Throws as describe does.
void DescriptorPulls::sort_neighbors(std::span<const int> numbers, const NeighborList& list, std::size_t i,
                                     DescribedAtoms::Surroundings& s) const {
  const Center& center = plans_->centers[s.center];
  const std::size_t begin = list.offsets[i], entries = list.offsets[i + 1] - begin, slots = center.plan.slots;
  const double reach = center.cutoff * center.cutoff, near = center.angular_cutoff * center.angular_cutoff;
  s.place.resize(entries);
  s.at.resize(entries);
  s.count.assign(2 * slots, 0);
  for (std::size_t n = 0; n < entries; ++n) {
    const std::size_t j = list.index[begin + n];
    if (!plans_->functions.knows(numbers[j])) throw_unknown_element(plans_->functions, numbers[j], j);
    const Vector3& d = list.displacement[begin + n];
    const double squared = dot(d, d);
    if (squared < smallest_distance_apart * smallest_distance_apart) throw_coincident(i, j, std::sqrt(squared));
    const int slot = squared < reach ? center.slot_of[static_cast<std::size_t>(numbers[j])] : -1;
    s.place[n] = slot < 0 ? nowhere : static_cast<std::size_t>(slot) + (squared < near ? 0 : slots);
    if (slot >= 0) s.at[n] = s.count[s.place[n]]++;
  }
  s.first.resize(2 * slots);
  s.length.resize(slots);
  set_lengths(s.count, s.length);
  s.stride = 0;
  for (std::size_t p = 0; p < 2 * slots; ++p) {
    s.first[p] = s.stride;
    s.stride += p < slots ? s.length[p] : whole_packs(s.count[p]);
  }
  for (std::size_t n = 0; n < entries; ++n) {
    if (s.place[n] != nowhere) s.at[n] += s.first[s.place[n]];
  }
}

void DescriptorPulls::describe(std::span<const int> numbers, const NeighborList& list, std::size_t first,
                               std::size_t last, DescribedAtoms& result) const {
  require_range("DescriptorPulls::describe", numbers, list, first, last);
  result.row_.assign(1, 0);
  for (std::size_t i = first; i < last; ++i) {
    if (!plans_->functions.knows(numbers[i])) throw_unknown_element(plans_->functions, numbers[i], i);
    result.row_.push_back(result.row_.back() + plans_->functions.count(numbers[i]));
  }
  result.values_.resize(result.row_.back());
  if (result.atoms_.size() < last - first) result.atoms_.resize(last - first);
  std::size_t used = 0;
  for (std::size_t i = first; i < last; ++i) {
    DescribedAtoms::Surroundings& s = result.atoms_[i - first];
    s.center = plans_->center_of[static_cast<std::size_t>(numbers[i])];
    if (s.center == nowhere) continue;
    const kernels::PullPlan& plan = plans_->centers[s.center].plan;
    sort_neighbors(numbers, list, i, s);
    s.first_pack = used;
    used += s.stride / pack * kernels::pull_rows(plan);
    if (result.rows_.size() < used + 1) result.rows_.resize(2 * used + 1);
    const kernels::PullAtom atom = argument(s, result);
    for (std::size_t p = 0; p < 2 * plan.slots; ++p) {
      for (std::size_t at = s.first[p] + s.count[p]; at < s.first[p] + whole_packs(s.count[p]); ++at) {
        atom.rows[at] = far_away, atom.rows[s.stride + at] = atom.rows[2 * s.stride + at] = 0.0;
      }
    }
    for (std::size_t n = 0; n < s.place.size(); ++n) {
      if (s.place[n] == nowhere) continue;
      const Vector3& d = list.displacement[list.offsets[i] + n];
      for (std::size_t k = 0; k < 3; ++k) atom.rows[k * s.stride + s.at[n]] = d[k];
    }
    kernels::descriptor_pulls_table().describe(plan, atom, result.values_.data() + result.row_[i - first]);
  }
}

kernels::PullAtom DescriptorPulls::argument(const DescribedAtoms::Surroundings& s, DescribedAtoms& atoms) const {
  const std::size_t work = kernels::pull_workspace(plans_->centers[s.center].plan, s.stride) / pack + 1;
  if (atoms.work_.size() < work) atoms.work_.resize(2 * work);
  return {s.stride,
          s.first.data(),
          s.count.data(),
          s.length.data(),
          atoms.rows_[s.first_pack].lane,
          atoms.work_.front().lane};
}

void DescriptorPulls::pull(DescribedAtoms& atoms, std::size_t n, std::span<const double> slopes, Vector3* pulls) const {
  if (n >= atoms.size() || slopes.size() != atoms.values(n).size()) {
    throw ShapeError("DescriptorPulls::pull: " + std::to_string(slopes.size()) + " slopes for atom " +
                     std::to_string(n) + " of " + std::to_string(atoms.size()) +
                     (n < atoms.size() ? ", which has " + std::to_string(atoms.values(n).size()) + " values" : ""));
  }
  const DescribedAtoms::Surroundings& s = atoms.atoms_[n];
  if (s.center == nowhere) return;
  const kernels::PullAtom atom = argument(s, atoms);
  kernels::descriptor_pulls_table().pull(plans_->centers[s.center].plan, atom, slopes.data());
  const double *const x = atom.work, *const y = x + s.stride, *const z = y + s.stride;
  for (std::size_t e = 0; e < s.place.size(); ++e) {
    pulls[e] = s.place[e] == nowhere ? Vector3{} : Vector3{x[s.at[e]], y[s.at[e]], z[s.at[e]]};
  }
}

}  // namespace adatom
