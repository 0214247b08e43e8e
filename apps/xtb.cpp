#include "apps/xtb.hpp"

#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <fstream>
#include <string>

#include "apps/process.hpp"
#include "atoms/extxyz.hpp"
#include "core/error.hpp"

namespace adatom::apps {
namespace {

namespace fs = std::filesystem;

constexpr double hartree = 27.211386024367243;  // eV, as in the data

/// An empty folder that goes away again.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string name = (fs::temp_directory_path() / "adatom-xtb-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr)
      throw Error("cannot create a scratch folder in '" + fs::temp_directory_path().string() + "'");
    path_ = name;
  }
  ~ScratchFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

int run_xtb(const fs::path& folder, const std::vector<std::string>& more) {
  std::vector<std::string> words{"env", "OMP_NUM_THREADS=1", "xtb", "in.xyz", "--gfn", "2", "--etemp", "1000"};
  words.insert(words.end(), more.begin(), more.end());
  return run_program(folder, words);
}

/// "cycle = 1  SCF energy = -16.199…" of xtb's file `gradient`, Hartree.
std::optional<double> energy_in(const fs::path& gradient) {
  std::ifstream file(gradient);
  for (std::string line; std::getline(file, line);) {
    const std::size_t place = line.find("SCF energy =");
    if (place == std::string::npos) continue;
    const std::size_t number = line.find_first_not_of(' ', place + 12);
    double energy = 0.0;
    if (number != std::string::npos &&
        std::from_chars(line.data() + number, line.data() + line.size(), energy).ec == std::errc())
      return energy;
  }
  return std::nullopt;
}

}  // namespace

bool xtb_is_installed() { return run_program(".", {"xtb", "--version"}) == 0; }

std::optional<XtbResult> xtb_energy(const Atoms& atoms) {
  const ScratchFolder scratch;
  const Frame frame{.atoms = atoms, .info = {}, .columns = {}};
  write_extxyz(scratch.path() / "in.xyz", {&frame, 1});
  if (run_xtb(scratch.path(), {"--grad"}) != 0) return std::nullopt;
  const std::optional<double> energy = energy_in(scratch.path() / "gradient");
  if (!energy) return std::nullopt;
  return XtbResult{atoms, *energy * hartree};
}

std::optional<XtbResult> xtb_relaxed(const Atoms& atoms) {
  const ScratchFolder scratch;
  const Frame frame{.atoms = atoms, .info = {}, .columns = {}};
  write_extxyz(scratch.path() / "in.xyz", {&frame, 1});
  if (run_xtb(scratch.path(), {"--opt", "--cycles", "150"}) != 0) return std::nullopt;
  std::ifstream relaxed(scratch.path() / "xtbopt.xyz");
  // Its comment line is free text that happens to contain words such as "energy:"; only the atoms are wanted.
  std::string text, line;
  for (std::size_t n = 0; std::getline(relaxed, line); ++n) text += (n == 1 ? "" : line) + "\n";
  if (text.empty()) return std::nullopt;
  return xtb_energy(parse_extxyz(text, "xtbopt.xyz").front().atoms);
}

}  // namespace adatom::apps
