// What this file is: the arrangement of one centre's symmetry functions into packs of eight lanes that share as much
// work as possible: neighbour elements, cutoffs, radial factors, angular factors.
#include "atoms/symmetry_functions_plan.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

namespace adatom {
namespace {

using kernels::pack;

constexpr std::size_t nothing = static_cast<std::size_t>(-1);

/// Position of `value` in `values`, appended if it is new.
template <class T>
std::size_t index_of(std::vector<T>& values, const T& value) {
  const auto found = std::find(values.begin(), values.end(), value);
  const std::size_t index = static_cast<std::size_t>(found - values.begin());
  if (found == values.end()) values.push_back(value);
  return index;
}

/// Lanes rounded up to whole packs.
std::size_t packs_for(std::size_t functions) { return (functions + pack - 1) / pack; }

/// The arrangement in the making. Lanes are filled in order; pointers into vectors are set at the end.
class Arrangement {
 public:
  Arrangement(int element, std::vector<SymmetryFunction> functions, const CutoffFunction& cutoff_function) {
    result_.element = element;
    result_.functions = std::move(functions);
    result_.radial = static_cast<std::size_t>(
        std::ranges::count(result_.functions, SymmetryFunctionKind::radial, &SymmetryFunction::kind));
    result_.plan.cutoff_kind = cutoff_function.kind;
    result_.plan.inner = cutoff_function.inner;
  }

  CenterFunctions make() {
    find_neighbors();
    add_radial();
    add_angular();
    make_runs();
    link();
    return std::move(result_);
  }

 private:
  /// Offsets of a group's and a block's arrays, turned into pointers by link().
  struct Links {
    std::vector<std::size_t> first_block, first_radial;    // per angular group
    std::vector<std::size_t> first_angular, first_select;  // per block
  };
  /// Angular functions with one radial factor m, by their place in `functions`.
  using ByRadial = std::map<std::size_t, std::vector<std::size_t>>;

  const SymmetryFunction& function(std::size_t k) const { return result_.functions[k]; }
  std::size_t slot(int element) const {
    return static_cast<std::size_t>(result_.slot_of[static_cast<std::size_t>(element)]);
  }

  void find_neighbors() {
    for (const SymmetryFunction& f : result_.functions) {
      index_of(result_.neighbors, f.neighbor1);
      if (f.kind != SymmetryFunctionKind::radial) {
        index_of(result_.neighbors, f.neighbor2);
        result_.angular_cutoff = std::max(result_.angular_cutoff, f.cutoff);
      }
      index_of(result_.cutoffs, f.cutoff);
      result_.cutoff = std::max(result_.cutoff, f.cutoff);
    }
    std::sort(result_.neighbors.begin(), result_.neighbors.end());
    result_.slot_of.fill(-1);
    for (std::size_t s = 0; s < result_.neighbors.size(); ++s) {
      result_.slot_of[static_cast<std::size_t>(result_.neighbors[s])] = static_cast<int>(s);
    }
  }

  /// Appends whole packs with these functions; the lanes left over belong to none.
  std::size_t add_lanes(const std::vector<std::size_t>& functions) {
    const std::size_t first = lane_function_.size();
    lane_function_.insert(lane_function_.end(), functions.begin(), functions.end());
    lane_function_.resize(first + packs_for(functions.size()) * pack, nothing);
    return first;
  }

  void add_radial() {
    std::map<std::pair<std::size_t, std::size_t>, std::vector<std::size_t>> groups;  // (slot, cutoff)
    for (std::size_t k = 0; k < result_.functions.size(); ++k) {
      if (function(k).kind != SymmetryFunctionKind::radial) continue;
      groups[{slot(function(k).neighbor1), index_of(result_.cutoffs, function(k).cutoff)}].push_back(k);
    }
    for (const auto& [key, members] : groups) {
      result_.radial_groups.push_back({key.first, key.second, add_lanes(members), packs_for(members.size())});
    }
    for (const std::size_t k : lane_function_) {
      result_.eta.push_back(k == nothing ? 0.0 : function(k).eta);
      result_.shift.push_back(k == nothing ? 0.0 : function(k).shift);
    }
  }

  void add_angular() {
    std::map<std::tuple<std::size_t, std::size_t, bool, std::size_t>, ByRadial> groups;  // slots, narrow, cutoff
    std::vector<std::tuple<double, double, std::size_t>> radials;                        // η, r_s, cutoff of each m
    radial_of_.resize(result_.functions.size());
    for (std::size_t k = 0; k < result_.functions.size(); ++k) {
      const SymmetryFunction& f = function(k);
      if (f.kind == SymmetryFunctionKind::radial) continue;
      const auto [slot1, slot2] = std::minmax({slot(f.neighbor1), slot(f.neighbor2)});
      const std::size_t cutoff = index_of(result_.cutoffs, f.cutoff);
      const std::size_t m = index_of(radials, {f.eta, f.shift, cutoff});
      groups[{slot1, slot2, f.kind == SymmetryFunctionKind::angular_narrow, cutoff}][m].push_back(k);
      radial_of_[k] = m;
    }
    for (const auto& [eta, shift, cutoff] : radials) {
      result_.m_eta.push_back(eta);
      result_.m_shift.push_back(shift);
      result_.m_cutoff.push_back(cutoff);
    }
    for (auto& [key, by_radial] : groups) {
      const auto& [slot1, slot2, narrow, cutoff] = key;
      links_.first_block.push_back(result_.blocks.size());
      links_.first_radial.push_back(result_.group_radials.size());
      kernels::AngularGroup group{slot1, slot2, narrow, cutoff, nullptr, 0, nullptr, 0};
      if (narrow) result_.plan.any_narrow = true;
      add_group(by_radial, narrow);
      group.block_count = result_.blocks.size() - links_.first_block.back();
      group.radial_count = result_.group_radials.size() - links_.first_radial.back();
      result_.angular_groups.push_back(group);
    }
  }

  /// Functions of a pack, and what they share.
  struct Pack {
    std::vector<std::size_t> functions, radials;
  };
  using Angular = std::vector<std::pair<double, double>>;  // ζ and λ of each lane

  /// Chooses between packs with one m each, which share angular factors but may leave lanes empty, and mixed packs, by
  /// counting vector operations per pair of neighbours.
  void add_group(ByRadial& by_radial, bool narrow) {
    std::vector<std::size_t> all, radials;
    for (auto& [m, members] : by_radial) {
      std::sort(members.begin(), members.end(), [&](std::size_t a, std::size_t b) {
        return std::pair(function(a).zeta, function(a).lambda) < std::pair(function(b).zeta, function(b).lambda);
      });
      result_.group_radials.push_back(m);
      all.insert(all.end(), members.begin(), members.end());
      radials.resize(all.size(), m);
    }
    std::map<Angular, std::vector<Pack>> uniform;
    std::size_t uniform_packs = 0;
    for (const auto& [m, members] : by_radial) {
      for (std::size_t first = 0; first < members.size(); first += pack, ++uniform_packs) {
        const std::vector<std::size_t> functions = part(members, first);
        uniform[angular(functions)].push_back({functions, {m}});
      }
    }
    std::vector<Pack> mixed;
    std::size_t selections = 0;
    for (std::size_t first = 0; first < all.size(); first += pack) {
      Pack next{part(all, first), part(radials, first)};
      next.radials.erase(std::unique(next.radials.begin(), next.radials.end()), next.radials.end());
      selections += next.radials.size();
      mixed.push_back(std::move(next));
    }
    constexpr std::size_t angular_cost = 24;
    const std::size_t sums_cost = narrow ? 8 : 4, radial_cost = narrow ? 2 : 1;
    const std::size_t uniform_cost = uniform.size() * angular_cost + uniform_packs * (sums_cost + radial_cost);
    const std::size_t mixed_cost = mixed.size() * (angular_cost + sums_cost) + selections * radial_cost;
    if (mixed_cost < uniform_cost) {
      for (const Pack& each : mixed) add_mixed(each);
    } else {
      for (const auto& [key, packs] : uniform) add_uniform(packs);
    }
  }

  /// Up to a pack of elements from `first` on.
  static std::vector<std::size_t> part(const std::vector<std::size_t>& from, std::size_t first) {
    const std::size_t last = std::min(first + pack, from.size());
    return {from.begin() + static_cast<std::ptrdiff_t>(first), from.begin() + static_cast<std::ptrdiff_t>(last)};
  }

  Angular angular(const std::vector<std::size_t>& functions) const {
    Angular result;
    for (const std::size_t k : functions) result.emplace_back(function(k).zeta, function(k).lambda);
    return result;
  }

  /// Packs with the same angular factors, each with its own m.
  void add_uniform(const std::vector<Pack>& packs) {
    for (std::size_t p = 0; p < packs.size(); ++p) {
      const std::size_t first = add_lanes(packs[p].functions);
      if (p % 4 == 0) add_block(packs[p].functions, first);
      kernels::AngularBlock& block = result_.blocks.back();
      block.radial[block.packs++] = packs[p].radials[0];
    }
  }

  void add_mixed(const Pack& mixed) {
    add_block(mixed.functions, add_lanes(mixed.functions));
    kernels::AngularBlock& block = result_.blocks.back();
    block.packs = 1;
    block.mixed = mixed.radials.size();
    links_.first_select.back() = result_.angular.size();
    for (std::size_t i = 0; i < mixed.radials.size(); ++i) {
      block.radial[i] = mixed.radials[i];
      for (std::size_t l = 0; l < pack; ++l) {
        const bool has = l < mixed.functions.size() && radial_of_[mixed.functions[l]] == mixed.radials[i];
        result_.angular.push_back(has ? 1.0 : 0.0);
      }
    }
  }

  /// A block without packs, and the arrays of its angular factors.
  void add_block(const std::vector<std::size_t>& lanes, std::size_t first) {
    kernels::AngularBlock block{};
    block.first = first;
    block.integer = true;
    std::array<double, pack> lambda{}, zeta{};
    zeta.fill(1.0);
    double largest = 1.0;
    for (std::size_t l = 0; l < lanes.size(); ++l) {
      lambda[l] = function(lanes[l]).lambda;
      zeta[l] = function(lanes[l]).zeta;
      largest = std::max(largest, zeta[l]);
      if (zeta[l] != std::floor(zeta[l])) block.integer = false;
    }
    links_.first_angular.push_back(result_.angular.size());
    links_.first_select.push_back(0);
    const auto each = [&](auto&& value) {
      for (std::size_t l = 0; l < pack; ++l) result_.angular.push_back(value(l));
    };
    each([&](std::size_t l) { return 0.5 * lambda[l]; });
    each([&](std::size_t l) { return 0.5 * lambda[l] * zeta[l]; });
    each([&](std::size_t l) { return zeta[l] - 1.0; });
    if (block.integer) {
      while (std::ldexp(1.0, static_cast<int>(block.bits)) <= largest - 1.0) ++block.bits;
      for (std::size_t b = block.bits; b-- > 0;) {
        const auto has_digit = [&](std::size_t l) {
          return (static_cast<unsigned long long>(zeta[l] - 1.0) >> b & 1u) != 0;
        };
        each([&](std::size_t l) { return has_digit(l) ? 0.5 * lambda[l] : 0.0; });
        each([&](std::size_t l) { return has_digit(l) ? 0.5 : 1.0; });
      }
    }
    result_.blocks.push_back(block);
  }

  bool involves(std::size_t k, int neighbor) const {
    const SymmetryFunction& f = function(k);
    return f.neighbor1 == neighbor || (f.kind != SymmetryFunctionKind::radial && f.neighbor2 == neighbor);
  }

  /// Runs of the lanes from `first_lane` to `last_lane` whose function is wanted; both counted from the first.
  template <class Wanted>
  std::vector<LaneRun> runs(std::size_t first_lane, std::size_t last_lane, std::size_t first_function,
                            Wanted&& wanted) const {
    std::vector<LaneRun> found;
    for (std::size_t lane = first_lane; lane < last_lane; ++lane) {
      const std::size_t k = lane_function_[lane];
      if (k == nothing || !wanted(k)) continue;
      const LaneRun next{lane - first_lane, k - first_function, 1};
      if (!found.empty() && found.back().lane + found.back().length == next.lane &&
          found.back().function + found.back().length == next.function) {
        ++found.back().length;
      } else {
        found.push_back(next);
      }
    }
    return found;
  }

  LaneRuns derivative_runs(std::size_t first_lane, std::size_t last_lane, std::size_t first_function,
                           std::size_t last_function) const {
    LaneRuns result;
    for (const int neighbor : result_.neighbors) {
      result.of_slot.push_back(
          runs(first_lane, last_lane, first_function, [&](std::size_t k) { return involves(k, neighbor); }));
      std::size_t covered = 0;
      for (const LaneRun& run : result.of_slot.back()) covered += run.length;
      result.all.push_back(covered == last_function - first_function);
    }
    result.in_place = last_lane - first_lane == last_function - first_function && result.of_slot.size() == 1 &&
                      result.of_slot[0].size() <= 1;
    return result;
  }

  void make_runs() {
    const std::size_t lanes = lane_function_.size(), radial_lanes = result_.eta.size();
    const std::size_t functions = result_.functions.size(), radial = result_.radial;
    result_.value_runs = runs(0, lanes, 0, [](std::size_t) { return true; });
    result_.radial_runs = derivative_runs(0, radial_lanes, 0, radial);
    result_.angular_runs = derivative_runs(radial_lanes, lanes, radial, functions);
  }

  void link() {
    CenterFunctions& c = result_;
    for (std::size_t b = 0; b < c.blocks.size(); ++b) {
      const double* const start = c.angular.data() + links_.first_angular[b];
      c.blocks[b].half = start;
      c.blocks[b].scale = start + pack;
      c.blocks[b].exponent = start + 2 * pack;
      c.blocks[b].power = start + 3 * pack;
      c.blocks[b].select = c.angular.data() + links_.first_select[b];
    }
    for (std::size_t g = 0; g < c.angular_groups.size(); ++g) {
      c.angular_groups[g].blocks = c.blocks.data() + links_.first_block[g];
      c.angular_groups[g].radials = c.group_radials.data() + links_.first_radial[g];
    }
    c.plan.cutoffs = c.cutoffs.data(), c.plan.cutoff_count = c.cutoffs.size();
    c.plan.slots = c.neighbors.size();
    c.plan.radial_width = c.eta.size();
    c.plan.angular_width = lane_function_.size() - c.eta.size();
    c.plan.eta = c.eta.data(), c.plan.shift = c.shift.data();
    c.plan.radial_groups = c.radial_groups.data(), c.plan.radial_group_count = c.radial_groups.size();
    c.plan.m_eta = c.m_eta.data(), c.plan.m_shift = c.m_shift.data(), c.plan.m_cutoff = c.m_cutoff.data();
    c.plan.m_count = c.m_eta.size();
    c.plan.angular_groups = c.angular_groups.data(), c.plan.angular_group_count = c.angular_groups.size();
  }

  CenterFunctions result_;
  std::vector<std::size_t> lane_function_;  // which function a lane computes
  std::vector<std::size_t> radial_of_;      // m of each angular function
  Links links_;
};

}  // namespace

CenterFunctions arrange(int element, std::vector<SymmetryFunction> functions, const CutoffFunction& cutoff_function) {
  return Arrangement(element, std::move(functions), cutoff_function).make();
}

}  // namespace adatom
