// The state of walkers in a file: see optim/walkers.hpp. Each structure is a frame; what else there is to know of a
// walker stands in the comment line of the frame where it stands.
#include <algorithm>
#include <cmath>
#include <concepts>
#include <limits>
#include <string>

#include "atoms/extxyz.hpp"
#include "core/error.hpp"
#include "optim/walkers.hpp"

namespace adatom {
namespace {

constexpr const char* role_key = "basin_hopping";
/// Keeps the reader from taking the generator's numbers for an array.
constexpr const char* generator = "mt19937_64 ";

/// Everything of a walker that is a number, once for writing and once for reading.
template <class Walk, class Visitor>
void visit_numbers(Walk& w, Visitor&& visit) {
  auto& r = w.search;
  visit("seed", w.seed);
  visit("hops", r.hops);
  visit("accepted", r.accepted);
  visit("quenches", r.quenches);
  visit("force_calls", r.force_calls);
  visit("failed", r.failed);
  visit("reseeds", r.reseeds);
  visit("unacceptable", r.unacceptable);
  visit("revisits", r.revisits);
  visit("best_hop", r.best_hop);
  visit("since_progress", r.since_progress);
  visit("recently_accepted", r.recently_accepted);
  visit("recently_left", r.recently_left);
  visit("best_energy", r.best_energy);
  visit("current_energy", r.current_energy);
  visit("walk_best", r.walk_best);
  visit("step", r.step);
  visit("temperature", r.temperature);
  visit("bond_length", r.bond_length);
}

struct PutNumber {
  Frame& frame;
  void operator()(const char* key, std::unsigned_integral auto value) const {
    set_info(frame, key, static_cast<std::int64_t>(value));
  }
  /// Infinity is left out.
  void operator()(const char* key, double value) const {
    if (std::isfinite(value)) set_info(frame, key, value);
  }
};

[[noreturn]] void damaged(const std::filesystem::path& path, const Frame& frame, const std::string& what) {
  throw InputError(path.string() + ":" + std::to_string(frame.line) + ": no state of a search: " + what);
}

struct GetNumber {
  const std::filesystem::path& path;
  const Frame& frame;
  template <std::unsigned_integral Whole>
  void operator()(const char* key, Whole& value) const {
    const InfoValue* found = find_info(frame, key);
    if (found == nullptr || !std::holds_alternative<std::int64_t>(*found)) {
      damaged(path, frame, std::string("there must be a whole number '") + key + "'");
    }
    value = static_cast<Whole>(std::get<std::int64_t>(*found));
  }
  void operator()(const char* key, double& value) const {
    const InfoValue* found = find_info(frame, key);
    value = std::numeric_limits<double>::infinity();
    if (found == nullptr) return;
    if (const auto* real = std::get_if<double>(found)) {
      value = *real;
    } else if (const auto* whole = std::get_if<std::int64_t>(found)) {
      value = static_cast<double>(*whole);
    } else {
      damaged(path, frame, std::string("'") + key + "' must be a number");
    }
  }
};

Frame frame_of(const Atoms& atoms, const char* role) {
  Frame frame{.atoms = atoms, .info = {}, .columns = {}};
  set_info(frame, role_key, std::string(role));
  return frame;
}

Frame frame_of(const Minimum& minimum, const char* role) {
  Frame frame = frame_of(minimum.atoms, role);
  set_info(frame, "energy", minimum.energy);
  set_info(frame, "hits", static_cast<std::int64_t>(minimum.hits));
  set_info(frame, "walker", static_cast<std::int64_t>(minimum.walker));
  set_info(frame, "hop", static_cast<std::int64_t>(minimum.hop));
  return frame;
}

Minimum minimum_of(const std::filesystem::path& path, const Frame& frame) {
  const GetNumber get{path, frame};
  Minimum minimum;
  minimum.atoms = frame.atoms;
  get("energy", minimum.energy);
  get("hits", minimum.hits);
  get("walker", minimum.walker);
  get("hop", minimum.hop);
  return minimum;
}

Walker walker_of(const std::filesystem::path& path, const Frame& frame) {
  Walker walker;
  visit_numbers(walker, GetNumber{path, frame});
  walker.search.current = frame.atoms;
  const InfoValue* state = find_info(frame, "random_state");
  const auto* text = state == nullptr ? nullptr : std::get_if<std::string>(state);
  if (text == nullptr || !text->starts_with(generator)) damaged(path, frame, "there must be a random_state");
  walker.search.random_state = text->substr(std::string(generator).size());
  return walker;
}

}  // namespace

void write_walkers(const std::filesystem::path& path, const Walkers& walkers) {
  ExtxyzWriter writer(path);
  for (const Walker& walker : walkers.walkers) {
    Frame frame = frame_of(walker.search.current, "walker");
    visit_numbers(walker, PutNumber{frame});
    set_info(frame, "random_state", generator + walker.search.random_state);
    set_info(frame, "energy_window", walkers.same.energy_window);
    set_info(frame, "tolerance", walkers.same.match.tolerance);
    set_info(frame, "mirror", walkers.same.match.mirror);
    set_info(frame, "movable", walkers.same.match.movable);
    set_info(frame, "archive_most",
             static_cast<std::int64_t>(
                 std::min<std::size_t>(walker.archive.most(), std::numeric_limits<std::int64_t>::max())));
    writer.write(frame);
    writer.write(frame_of(walker.search.best, "best"));
    for (const Minimum& minimum : walker.search.visited) writer.write(frame_of(minimum, "taboo"));
    for (const Minimum& minimum : walker.archive.minima()) writer.write(frame_of(minimum, "minimum"));
    for (const Minimum& hole : walker.holes.minima()) writer.write(frame_of(hole, "hole"));
  }
  writer.commit();
}

Walkers read_walkers(const std::filesystem::path& path) {
  ExtxyzReader reader(path);
  Walkers result;
  while (const std::optional<Frame> frame = reader.next()) {
    const InfoValue* role = find_info(*frame, role_key);
    const auto* text = role == nullptr ? nullptr : std::get_if<std::string>(role);
    if (text == nullptr) damaged(path, *frame, std::string("each frame must say '") + role_key + "=…'");
    if (*text == "walker") {
      result.walkers.push_back(walker_of(path, *frame));
      const auto flag = [&](const char* key) {
        const InfoValue* value = find_info(*frame, key);
        return value == nullptr || !std::holds_alternative<bool>(*value) || std::get<bool>(*value);
      };
      const GetNumber get{path, *frame};
      get("energy_window", result.same.energy_window);
      get("tolerance", result.same.match.tolerance);
      result.same.match.mirror = flag("mirror");
      result.same.match.movable = flag("movable");
      std::size_t most = 0;
      get("archive_most", most);
      result.walkers.back().archive = result.walkers.back().holes = MinimaArchive(result.same, most);
      continue;
    }
    if (result.walkers.empty()) damaged(path, *frame, "the first frame must be a walker's");
    Walker& walker = result.walkers.back();
    if (*text == "best") {
      walker.search.best = frame->atoms;
    } else if (*text == "taboo") {
      walker.search.visited.push_back(minimum_of(path, *frame));
    } else if (*text == "minimum") {
      walker.archive.restore(minimum_of(path, *frame));
    } else if (*text == "hole") {
      walker.holes.restore(minimum_of(path, *frame));
    } else {
      damaged(path, *frame, "unknown frame '" + *text + "'");
    }
  }
  if (result.walkers.empty()) throw InputError(path.string() + ": no state of a search: the file is empty");
  return result;
}

}  // namespace adatom
