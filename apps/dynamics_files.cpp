#include "apps/dynamics_files.hpp"

#include <cerrno>
#include <cstring>
#include <sstream>

#include "apps/moving_atoms.hpp"
#include "apps/old_labels.hpp"
#include "apps/output_files.hpp"
#include "atoms/labels.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "core/number_text.hpp"

namespace adatom::apps {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void throw_cannot_write(const fs::path& path) {
  throw Error("cannot write '" + path.string() + "': " + std::strerror(errno));
}

/// Header, comments and the lines whose first number is at most `step`.
std::string lines_up_to(const fs::path& path, std::size_t step) {
  if (!is_ordinary_file(path)) return {};
  std::istringstream lines(read_file(path));
  std::string kept;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || lines.eof()) continue;  // a last line without its end was cut off
    if (line.front() != '#' && std::strtoull(line.c_str(), nullptr, 10) > step) continue;
    kept += line + "\n";
  }
  return kept;
}

/// The frames whose step is at most `step`, in place.
void cut_trajectory(const fs::path& path, std::size_t step) {
  if (!is_ordinary_file(path)) return;
  drop_unfinished_frame(path);
  ExtxyzReader reader(path);
  ExtxyzWriter writer(path);
  while (const std::optional<Frame> frame = reader.next()) {
    const InfoValue* const info = find_info(*frame, "step");
    const auto* const at = info != nullptr ? std::get_if<std::int64_t>(info) : nullptr;
    if (at != nullptr && *at <= static_cast<std::int64_t>(step)) writer.write(*frame);
  }
  writer.commit();
}

}  // namespace

ThermodynamicLog::ThermodynamicLog(fs::path path, bool with_pressure, std::optional<std::size_t> resumed_at)
    : path_(std::move(path)) {
  if (path_.empty()) return;
  std::string begin = resumed_at ? lines_up_to(path_, *resumed_at) : "";
  if (begin.empty()) {
    begin = "# step time_fs potential_eV kinetic_eV total_eV temperature_K conserved_eV displacement_A2";
    begin += with_pressure ? " pressure_GPa\n" : "\n";
  }
  write_file(path_, begin);  // in one go: a crash now must not lose the lines that are kept
  errno = 0;
  file_.open(path_, std::ios::binary | std::ios::app);
  if (!file_) throw_cannot_write(path_);
}

void ThermodynamicLog::write(const LogEntry& entry) {
  if (path_.empty()) return;
  const Thermodynamics& t = entry.state;
  std::string line = std::to_string(t.step);
  for (const double x : {t.time, t.potential, t.kinetic, t.total, t.temperature, t.conserved, entry.displacement}) {
    line += " " + number_text(x);
  }
  if (entry.pressure_gigapascal) line += " " + number_text(*entry.pressure_gigapascal);
  errno = 0;
  if (!(file_ << line << "\n" << std::flush)) throw_cannot_write(path_);
}

TrajectoryFile::TrajectoryFile(const fs::path& path, std::optional<std::size_t> resumed_at) {
  if (path.empty()) return;
  if (resumed_at) {
    cut_trajectory(path, *resumed_at);
  } else {
    if (is_ordinary_file(path)) fs::remove(path);
  }
  writer_.emplace(path, ExtxyzWriter::Mode::append);
}

void TrajectoryFile::write(const Frame& frame) {
  if (writer_) writer_->write(frame);
}

Frame frame_of(const Frame& start, const MolecularDynamics& run) {
  Frame frame = start;
  drop_old_labels(frame);
  frame.atoms = run.atoms();
  const Thermodynamics t = run.thermodynamics();
  set_labels(frame, {.energy = t.potential, .forces = run.forces()});
  set_velocities(frame, run.masses(), run.velocities());
  set_info(frame, "step", static_cast<std::int64_t>(t.step));
  set_info(frame, "time_fs", t.time);
  set_info(frame, "temperature_K", t.temperature);
  return frame;
}

}  // namespace adatom::apps
