#include "dynamics/checkpoint.hpp"

#include <cmath>
#include <string>

#include "core/error.hpp"

namespace adatom {
namespace {

constexpr int newest_version = 1;

/// What the names of entries on a term of a sum begin with.
std::string term_prefix(const std::string& prefix, std::size_t term) {
  return prefix + "term" + std::to_string(term) + ".";
}

void set_rows(Archive& archive, const std::string& name, const std::vector<Vector3>& rows) {
  archive.set(name, Shape{rows.size(), 3}, {rows.empty() ? nullptr : rows.front().data(), 3 * rows.size()});
}

std::vector<Vector3> rows(const Archive& archive, const std::string& name) {
  const Archive::Array& array = archive.finite_array(name);
  if (array.shape.rank() != 2 || array.shape[1] != 3) {
    throw InputError(archive.file() + ": " + name + " must have rows of three numbers");
  }
  std::vector<Vector3> result(array.shape[0]);
  for (std::size_t i = 0; i < result.size(); ++i) {
    for (std::size_t k = 0; k < 3; ++k) result[i][k] = array.values[3 * i + k];
  }
  return result;
}

void set_memory(Archive& archive, const std::string& prefix, const Evaluator::Memory& memory) {
  set_rows(archive, prefix + "listed_at", memory.positions);
  archive.set(prefix + "list_uses", memory.uses);
  if (memory.terms.empty()) return;
  archive.set(prefix + "list_terms", memory.terms.size());
  for (std::size_t k = 0; k < memory.terms.size(); ++k) set_memory(archive, term_prefix(prefix, k), memory.terms[k]);
}

/// For a structure of n atoms.
Evaluator::Memory memory_of(const Archive& archive, const std::string& prefix, std::size_t n) {
  Evaluator::Memory memory{.positions = rows(archive, prefix + "listed_at"),
                           .uses = archive.size(prefix + "list_uses")};
  if (!memory.positions.empty() && memory.positions.size() != n) {
    throw InputError(archive.file() + ": " + prefix + "listed_at has " + std::to_string(memory.positions.size()) +
                     " rows for " + std::to_string(n) + " atoms");
  }
  const std::size_t terms = archive.contains(prefix + "list_terms") ? archive.size(prefix + "list_terms") : 0;
  for (std::size_t k = 0; k < terms; ++k) memory.terms.push_back(memory_of(archive, term_prefix(prefix, k), n));
  return memory;
}

}  // namespace

Archive to_archive(const DynamicsState& state) {
  Archive archive("dynamics", newest_version);
  archive.set("step", state.step);
  archive.set("time_fs", state.time);
  archive.set("heat", state.heat);
  archive.set("degrees_of_freedom", state.degrees_of_freedom);
  const std::size_t n = state.atoms.size();
  archive.set("numbers", Shape{n}, std::vector<double>(state.atoms.numbers.begin(), state.atoms.numbers.end()));
  archive.set("masses", Shape{state.masses.size()}, state.masses);
  archive.set("cell", Shape{3, 3}, {state.atoms.cell.vectors.front().data(), 9});
  archive.set("pbc", Shape{3}, std::vector<double>(state.atoms.pbc.begin(), state.atoms.pbc.end()));
  set_rows(archive, "positions", state.atoms.positions);
  set_rows(archive, "velocities", state.velocities);
  set_memory(archive, "", state.memory);
  archive.set("random", state.random.state());
  return archive;
}

DynamicsState to_dynamics_state(const Archive& archive) {
  DynamicsState state;
  state.step = archive.size("step");
  state.time = archive.number("time_fs");
  state.heat = archive.number("heat");
  state.degrees_of_freedom = archive.number("degrees_of_freedom");
  for (const double number : archive.finite_array("numbers").values) {
    state.atoms.numbers.push_back(number > 0.0 && number < 119.0 ? static_cast<int>(number) : 0);
  }
  state.masses = archive.finite_array("masses").values;
  const std::vector<Vector3> cell = rows(archive, "cell");
  const std::vector<double>& pbc = archive.finite_array("pbc").values;
  if (cell.size() != 3 || pbc.size() != 3) throw InputError(archive.file() + ": cell and pbc must have three rows");
  for (std::size_t k = 0; k < 3; ++k) state.atoms.cell[k] = cell[k], state.atoms.pbc[k] = pbc[k] != 0.0;
  state.atoms.positions = rows(archive, "positions");
  state.velocities = rows(archive, "velocities");
  state.random.set_state(archive.string("random"));
  const std::size_t n = state.atoms.positions.size();
  if (state.atoms.numbers.size() != n || state.masses.size() != n || state.velocities.size() != n) {
    throw InputError(archive.file() + ": numbers, masses, positions and velocities are not of equally many atoms");
  }
  state.memory = memory_of(archive, "", n);
  return state;
}

void save_checkpoint(const std::filesystem::path& path, const DynamicsState& state, const Archive* extra) {
  Archive archive = to_archive(state);
  if (extra != nullptr) archive.merge("user.", *extra);
  archive.save(path);
}

Archive load_dynamics_archive(const std::filesystem::path& path) {
  return Archive::load(path, "dynamics", newest_version);
}

DynamicsState load_dynamics_state(const std::filesystem::path& path) {
  return to_dynamics_state(load_dynamics_archive(path));
}

}  // namespace adatom
