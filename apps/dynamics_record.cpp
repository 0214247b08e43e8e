#include "apps/dynamics_record.hpp"

#include <algorithm>
#include <cmath>

#include "apps/console.hpp"
#include "apps/progress.hpp"
#include "apps/table.hpp"
#include "atoms/radial_distribution.hpp"
#include "atoms/units.hpp"
#include "core/file.hpp"
#include "core/number_text.hpp"
#include "dynamics/mean_square_displacement.hpp"

namespace adatom::apps {
namespace {

constexpr std::size_t rows_on_screen = 20;
constexpr std::size_t most_rdf_frames = 200;

bool periodic_everywhere(const Atoms& atoms) { return atoms.pbc[0] && atoms.pbc[1] && atoms.pbc[2]; }

/// How large each of so many parts is, rounded up.
std::size_t in_parts(std::size_t whole, std::size_t parts) { return whole / parts + (whole % parts > 0 ? 1 : 0); }

std::string cell_text(double value, std::size_t width, int digits) { return to_the_right(fixed(value, digits), width); }

std::string header(bool with_pressure) {
  return std::string("      step      time    potential      kinetic    temperature    conserved") +
         (with_pressure ? "   pressure" : "") +
         "\n                  fs           eV           eV              K           eV" +
         (with_pressure ? "        GPa" : "") + "\n";
}

std::string row(const LogEntry& e) {
  const Thermodynamics& t = e.state;
  return cell_text(static_cast<double>(t.step), 10, 0) + cell_text(t.time, 10, 1) + cell_text(t.potential, 13, 4) +
         cell_text(t.kinetic, 13, 4) + cell_text(t.temperature, 15, 1) + cell_text(t.conserved, 13, 5) +
         (e.pressure_gigapascal ? cell_text(*e.pressure_gigapascal, 11, 3) : "") + "\n";
}

}  // namespace

DynamicsRecord::DynamicsRecord(RecordOptions options, const Frame& start, const MolecularDynamics& run,
                               const Potential& potential, bool resumed)
    : options_(std::move(options)),
      start_(start),
      run_(run),
      potential_(potential),
      resumed_(resumed),
      with_pressure_(periodic_everywhere(start.atoms)),
      first_(run.thermodynamics().step),
      row_every_(std::max<std::size_t>(1, in_parts(options_.steps - first_, rows_on_screen))),
      snapshot_every_(std::max<std::size_t>(1, options_.steps / 2 / most_rdf_frames)),
      log_(options_.log, with_pressure_, resumed ? std::optional(first_) : std::nullopt),
      trajectory_(options_.trajectory, resumed ? std::optional(first_) : std::nullopt) {}

void DynamicsRecord::begin() {
  say(header(with_pressure_));
  if (!options_.rdf.empty() && first_ > options_.steps / 2) {
    note("--rdf: of the steps from " + std::to_string(first_) +
         " on; those before the interruption are not known any more");
  }
  add();
}

void DynamicsRecord::add() {
  const std::size_t step = run_.thermodynamics().step;
  const bool before = resumed_ && step == first_;  // then it has been recorded before the interruption
  const bool last = step == options_.steps;
  const bool row_due = step % row_every_ == 0 || last, line_due = step % options_.log_every == 0 || last;
  if ((row_due || line_due) && !before) {
    const LogEntry present = entry();
    if (line_due) log_.write(present);
    if (row_due) {
      erase_progress_bar();
      say(row(present));
    }
    averages_.add(present);
  }
  if (step % options_.trajectory_every == 0 && !options_.trajectory.empty() && !before) trajectory_.write(frame());
  if (!options_.rdf.empty() && step >= options_.steps - options_.steps / 2 && step % snapshot_every_ == 0)
    snapshots_.push_back(run_.atoms());
}

std::size_t DynamicsRecord::next_step() const {
  const std::size_t step = run_.thermodynamics().step;
  std::size_t next = options_.steps;
  for (const std::size_t every : {options_.log_every, options_.trajectory_every, row_every_})
    next = std::min(next, multiple_beyond(step, every));
  return options_.rdf.empty() ? next : std::min(next, multiple_beyond(step, snapshot_every_));
}

LogEntry DynamicsRecord::entry() const {
  LogEntry entry{run_.thermodynamics(), mean_square_displacement(start_.atoms.positions, run_.atoms().positions), {}};
  if (with_pressure_)
    entry.pressure_gigapascal = units::in_gigapascal(pressure(run_.atoms(), potential_, entry.state.kinetic));
  return entry;
}

void DynamicsRecord::Averages::add(const LogEntry& entry) {
  ++entries;
  temperature += entry.state.temperature;
  squares += entry.state.temperature * entry.state.temperature;
  potential += entry.state.potential;
  pressure += entry.pressure_gigapascal.value_or(0.0);
  if (!first_conserved) first_conserved = entry.state.conserved;
  last_conserved = entry.state.conserved;
  displacement = entry.displacement;
}

void DynamicsRecord::write_rdf() const {
  if (options_.rdf.empty() || snapshots_.empty()) return;
  const RadialDistribution rdf = radial_distribution(snapshots_);
  std::string text = "# r_A g coordination, the mean of " + plural(snapshots_.size(), "frame") + "\n";
  for (std::size_t b = 0; b < rdf.r.size(); ++b) {
    text +=
        number_text(rdf.r[b]) + " " + number_text(rdf.total.g[b]) + " " + number_text(rdf.total.coordination[b]) + "\n";
  }
  write_file(options_.rdf, text);
}

std::string DynamicsRecord::summary(double seconds) const {
  const Averages& a = averages_;
  const double atoms = static_cast<double>(run_.atoms().size());
  const double entries = static_cast<double>(std::max<std::size_t>(1, a.entries));
  const double mean = a.temperature / entries;
  std::string text = "\nMean temperature " + fixed(mean, 1) + " K (fluctuating by " +
                     fixed(std::sqrt(std::max(0.0, a.squares / entries - mean * mean)), 1) +
                     " K), mean potential energy " + fixed(a.potential / entries, 4) + " eV\n";
  if (with_pressure_) text += "Mean pressure " + fixed(a.pressure / entries, 3) + " GPa\n";
  text += "Drift of the conserved energy " +
          general(1e3 * (a.last_conserved - a.first_conserved.value_or(0.0)) / std::max(1.0, atoms), 3) + " meV/atom\n";
  text += "Mean-square displacement from the start " + general(a.displacement, 4) + " Å²\n";
  const std::size_t steps = run_.thermodynamics().step - first_;
  if (steps > 0 && atoms > 0) {
    text += plural(steps, "step") + " in " + duration_text(seconds) + ": " +
            general(1e6 * seconds / static_cast<double>(steps) / atoms, 3) + " µs for each atom and step\n";
  }
  return text;
}

}  // namespace adatom::apps
