#include "apps/labelled_data.hpp"

#include <algorithm>
#include <bit>
#include <system_error>
#include <unordered_set>

#include "apps/console.hpp"
#include "apps/signals.hpp"
#include "apps/table.hpp"
#include "core/error.hpp"
#include "potentials/pairs.hpp"

namespace adatom::apps {
namespace {

/// FNV-1a over 64-bit words.
class Hash {
 public:
  void add(std::uint64_t word) {
    for (int byte = 0; byte < 8; ++byte) value_ = (value_ ^ ((word >> (8 * byte)) & 0xFFU)) * 0x100000001b3U;
  }
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0xcbf29ce484222325U;
};

/// Runs made of hashes lie below zero (structures) or at 2⁶² and above (texts), out of the way of ordinary numbers.
std::int64_t run_of_positions(const Atoms& atoms) {
  Hash hash;
  for (const int number : atoms.numbers) hash.add(static_cast<std::uint64_t>(number));
  for (const Vector3& position : atoms.positions) {
    for (const double x : position) hash.add(std::bit_cast<std::uint64_t>(x + 0.0));
  }
  return -1 - static_cast<std::int64_t>(hash.value() >> 1U);
}

/// A file named twice (a pattern and a name, say) would count twice.
void warn_of_repeated_files(std::span<const std::filesystem::path> files) {
  std::error_code ignored;
  for (std::size_t i = 0; i < files.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (std::filesystem::equivalent(files[i], files[j], ignored))
        warn("'" + files[i].string() + "' is given more than once");
    }
  }
}

std::int64_t run_of_text(const std::string& text) {
  Hash hash;
  for (const char c : text) hash.add(static_cast<unsigned char>(c));
  return static_cast<std::int64_t>((hash.value() >> 2U) | (std::uint64_t{1} << 62U));
}

/// "; the data has REF_energy: use --energy-key REF_energy".
std::string hint(const std::map<std::string, std::size_t>& names, const std::string& wanted,
                 const std::string& option) {
  for (const auto& [name, count] : names) {
    if (name != wanted && name != "free_energy") return "; there is '" + name + "': use " + option + " " + name;
  }
  return "";
}

[[noreturn]] void refuse_energy(const Frame& frame, const std::string& place, const DataOptions& options,
                                const std::string& purpose) {
  LabelCounts counts;
  count_labels(frame, counts);
  throw InputError(place + " has no energy; " + purpose + " needs " + options.keys.energy + "=... in the comment line" +
                   hint(counts.energies, options.keys.energy, "--energy-key"));
}

[[noreturn]] void refuse_forces(const Frame& frame, const std::string& place, const DataOptions& options,
                                const std::string& purpose) {
  LabelCounts counts;
  count_labels(frame, counts);
  throw InputError(place + " has no forces; " + purpose + " needs a column " + options.keys.forces + ":R:3" +
                   hint(counts.forces, options.keys.forces, "--forces-key"));
}

void refuse_coincident(const Atoms& atoms, const std::string& place) {
  try {
    require_apart(neighbor_list(atoms, least_distance), least_distance);
  } catch (const InputError& error) {
    throw InputError(place + ": " + error.what());
  }
}

}  // namespace

void add_data_options(CLI::App& app, DataOptions& options, bool force_limit) {
  const std::string group = "Data";
  add_value(app, "--sizes", options.sizes, "use structures of so many atoms only, 8 or 4-8").group(group);
  if (force_limit) {
    add_value(app, "--largest-force", options.largest_force,
              "leave out structures with a force component beyond this, eV/Å; 0: none", Range::not_negative)
        .group(group);
  }
  add_value(app, "--energy-key", options.keys.energy, "name of the energy in the comment line, eV", "NAME")
      .group(group);
  add_value(app, "--forces-key", options.keys.forces, "name of the column of forces, eV/Å", "NAME").group(group);
  add_value(app, "--run-key", options.run_key,
            "name of what marks related frames (one relaxation, one trajectory); a split never divides a run", "NAME")
      .group(group);
}

std::int64_t run_of(const Frame& frame, const std::string& run_key, const std::string& place) {
  const InfoValue* const value = find_info(frame, run_key);
  if (value == nullptr) return run_of_positions(frame.atoms);
  if (const auto* number = std::get_if<std::int64_t>(value)) return *number;
  if (const auto* text = std::get_if<std::string>(value)) return run_of_text(*text);
  if (const auto* real = std::get_if<double>(value)) return run_of_text(general(*real, 17));
  throw InputError(place + ": '" + run_key + "', which --run-key names, must be a number or a text");
}

LabelledData read_labelled(std::span<const std::filesystem::path> files, const DataOptions& options, bool need_forces,
                           const std::string& purpose) {
  warn_of_repeated_files(files);
  LabelledData data;
  for (const std::filesystem::path& path : files) {
    FileAccount account{.path = path};
    ExtxyzReader reader(path);
    while (std::optional<Frame> frame = reader.next()) {
      if (interrupted()) throw Interrupted();
      ++account.frames;
      if (!options.sizes.contains(frame->atoms.size())) continue;
      const std::string place = "frame " + std::to_string(account.frames) + " of " + path.string();
      Labels found = labels(*frame, options.keys);
      if (!found.energy) refuse_energy(*frame, place, options, purpose);
      if (need_forces && !found.forces) refuse_forces(*frame, place, options, purpose);
      refuse_coincident(frame->atoms, place);
      ++account.used;
      ++account.energies;
      account.forces += found.forces ? 1 : 0;
      account.with_run += find_info(*frame, options.run_key) != nullptr ? 1 : 0;
      const std::int64_t run = run_of(*frame, options.run_key, place);
      data.structures.push_back(
          {std::move(frame->atoms), *found.energy, found.forces.value_or(std::vector<Vector3>{}), run});
      data.places.push_back(place);
    }
    data.files.push_back(account);
  }
  if (data.structures.empty()) {
    throw InputError("no structure " +
                     (options.sizes.everything() ? std::string() : "of " + to_text(options.sizes) + " atoms ") +
                     "in the data");
  }
  return data;
}

std::string describe(const LabelledData& data, const DataOptions& options) {
  Table table({"file", "frames", "used", "with\n" + options.keys.energy, "with\n" + options.keys.forces,
               "with\n" + options.run_key},
              {0});
  FileAccount all{.path = "all"};
  for (const FileAccount& file : data.files) {
    const auto add = [&table](const FileAccount& f) {
      table.add({f.path.string(), count_text(f.frames), count_text(f.used), count_text(f.energies),
                 count_text(f.forces), count_text(f.with_run)});
    };
    add(file);
    all.frames += file.frames, all.used += file.used, all.energies += file.energies, all.forces += file.forces,
        all.with_run += file.with_run;
    if (&file == &data.files.back() && data.files.size() > 1) {
      table.rule();
      add(all);
    }
  }
  return table.text();
}

std::size_t count_shared(std::span<const LabelledStructure> some, std::span<const LabelledStructure> others) {
  std::unordered_set<std::int64_t> hashes;
  for (const LabelledStructure& one : others) hashes.insert(run_of_positions(one.atoms));
  return static_cast<std::size_t>(std::count_if(some.begin(), some.end(), [&hashes](const LabelledStructure& one) {
    return hashes.contains(run_of_positions(one.atoms));
  }));
}

std::vector<LabelledStructure> choose(const LabelledData& data, std::span<const std::size_t> which,
                                      double largest_force) {
  std::vector<LabelledStructure> chosen;
  for (const std::size_t i : which) {
    const LabelledStructure& one = data.structures[i];
    if (largest_force <= 0.0 || largest_force_component(one) <= largest_force) chosen.push_back(one);
  }
  return chosen;
}

std::set<std::int64_t> runs_of(std::span<const LabelledStructure> structures) {
  std::set<std::int64_t> runs;
  for (const LabelledStructure& one : structures) runs.insert(one.run);
  return runs;
}

}  // namespace adatom::apps
