#include "apps/relaxation_checkpoint.hpp"

#include <utility>

#include "apps/resuming.hpp"
#include "apps/table.hpp"
#include "atoms/labels.hpp"
#include "core/error.hpp"

namespace adatom::apps {
namespace {

namespace fs = std::filesystem;

void put_result(Frame& frame, const Relaxation& one) {
  const RelaxResult& r = one.result;
  Labels labels{.energy = r.energy, .forces = r.forces};
  if (r.stress) labels.stress = *r.stress;
  set_labels(frame, labels);
  set_info(frame, "converged", r.converged);
  set_info(frame, "fmax", r.fmax);
  set_info(frame, "largest_stress", r.largest_stress);
  set_info(frame, "pieces", static_cast<std::int64_t>(r.pieces));
  set_info(frame, "excess", one.excess);
  set_info(frame, "reason", r.reason);
}

void get_result(const Frame& frame, const CheckpointFrame& values, Relaxation& one) {
  RelaxResult& r = one.result;
  Labels found = labels(frame);
  if (!found.energy || !found.forces) values.damaged("a finished structure must have its energy and its forces");
  r.atoms = frame.atoms;
  r.energy = *found.energy;
  r.forces = std::move(*found.forces);
  r.stress = found.stress;
  r.converged = values.flag("converged");
  r.fmax = values.number("fmax");
  r.largest_stress = values.number("largest_stress");
  r.pieces = values.count("pieces");
  one.excess = values.number("excess");
  r.reason = values.text("reason");
}

Frame frame_of(const Relaxation& one, const Frame& start) {
  Frame frame{.atoms = start.atoms, .info = {}, .columns = {}};
  if (one.state == Relaxation::State::underway) frame.atoms = one.latest;
  if (one.state == Relaxation::State::finished) frame.atoms = one.result.atoms;
  set_info(frame, relaxation_key, std::string(name(one.state)));
  if (one.state == Relaxation::State::waiting) return frame;
  set_info(frame, "start", one.start);
  set_info(frame, "steps", static_cast<std::int64_t>(one.steps));
  set_info(frame, "first_energy", one.first_energy);
  if (one.state == Relaxation::State::finished) put_result(frame, one);
  return frame;
}

Relaxation relaxation_of(const Frame& frame, const CheckpointFrame& values, const Frame& start,
                         const std::string& place) {
  Relaxation one;
  const std::string state = values.text(relaxation_key);
  if (frame.atoms.numbers != start.atoms.numbers) {
    throw InputError("--resume: the checkpoint has " + chemical_formula(frame.atoms) + " as " + place + ", the input " +
                     chemical_formula(start.atoms) + " or another order of atoms");
  }
  if (state == name(Relaxation::State::waiting)) return one;
  one.start = values.integer("start");
  if (one.start != fingerprint({&start, 1})) {
    throw InputError("--resume: the checkpoint began from another structure than " + place +
                     " of the input; begin anew without --resume");
  }
  one.steps = values.count("steps");
  one.first_energy = values.number("first_energy");
  if (state == name(Relaxation::State::underway)) {
    one.state = Relaxation::State::underway;
    one.latest = frame.atoms;
  } else if (state == name(Relaxation::State::finished)) {
    one.state = Relaxation::State::finished;
    get_result(frame, values, one);
  } else {
    values.damaged("unknown state '" + state + "'");
  }
  return one;
}

}  // namespace

const char* name(Relaxation::State state) {
  switch (state) {
    case Relaxation::State::waiting:
      return "waiting";
    case Relaxation::State::underway:
      return "underway";
    case Relaxation::State::finished:
      return "finished";
  }
  return "";
}

void write_relaxations(const fs::path& path, const std::string& settings, std::span<const Frame> starts,
                       std::span<const Relaxation> all) {
  ExtxyzWriter writer(path);
  for (std::size_t i = 0; i < all.size(); ++i) {
    Frame frame = frame_of(all[i], starts[i]);
    if (i == 0) mark(frame, settings);
    writer.write(frame);
  }
  writer.commit();
}

std::vector<Relaxation> read_relaxations(const fs::path& path, const std::string& settings,
                                         std::span<const Frame> starts) {
  std::vector<Relaxation> all;
  ExtxyzReader reader(path);
  std::size_t found = 0;
  for (; const std::optional<Frame> frame = reader.next(); ++found) {
    const CheckpointFrame values(path, *frame);
    values.text(relaxation_key);
    if (found == 0) require_settings(values, path, settings);
    if (found >= starts.size()) continue;  // counted for the message
    all.push_back(relaxation_of(*frame, values, starts[found], "frame " + std::to_string(found + 1)));
  }
  if (found == starts.size()) return all;
  throw InputError("--resume: '" + path.string() + "' is of " + plural(found, "structure") + ", not " +
                   std::to_string(starts.size()));
}

}  // namespace adatom::apps
