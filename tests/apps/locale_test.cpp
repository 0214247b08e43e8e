// A locale that writes 2.5 as 2,5 and 1000 as 1.000 changes no number that is read or written, neither by the library
// nor by the command. The locale is made for the test, from the sources in Debian's package locales.
#include <clocale>
#include <locale>
#include <map>
#include <stdexcept>

#include "atoms/extxyz.hpp"
#include "atoms/symmetry_functions.hpp"
#include "autodiff/arithmetic.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/graphviz.hpp"
#include "core/error.hpp"
#include "dynamics/checkpoint.hpp"
#include "dynamics/velocities.hpp"
#include "optim/walkers.hpp"
#include "potentials/lennard_jones.hpp"
#include "tests/apps/run.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;

// Of the leak sanitizer, where there is one.
extern "C" __attribute__((weak)) void __lsan_disable();
extern "C" __attribute__((weak)) void __lsan_enable();

namespace {

/// Makes de_DE.UTF-8 in the folder; false, with a line that says so, where that is not possible.
bool make_locale(const std::filesystem::path& folder) {
  shell(folder, "localedef -i de_DE -f UTF-8 \"$PWD/de_DE.UTF-8\"");  // which grumbles even where it succeeds
  if (std::filesystem::exists(folder / "de_DE.UTF-8" / "LC_NUMERIC")) return true;
  WARN("no localedef, or no sources of locales (Debian: locales): not checked that they do not change numbers");
  return false;
}

/// This process has the locale while it lives.
class ForeignLocale {
 public:
  explicit ForeignLocale(const std::filesystem::path& folder) : before_(std::locale()) {
    ::setenv("LOCPATH", folder.c_str(), 1);
    if (__lsan_disable != nullptr) __lsan_disable();  // the C library forgets 32 bytes for every LOCPATH
    const bool set = std::setlocale(LC_ALL, "de_DE.UTF-8") != nullptr;
    if (set) std::locale::global(std::locale("de_DE.UTF-8"));
    if (__lsan_enable != nullptr) __lsan_enable();
    REQUIRE(set);
    std::ostringstream stream;
    stream << 1234.5;
    REQUIRE(stream.str() == "1.234,5");
    REQUIRE(std::stod("2,5") == 2.5);
  }
  ~ForeignLocale() {
    std::locale::global(before_);
    std::setlocale(LC_ALL, "C");
    ::unsetenv("LOCPATH");
  }
  ForeignLocale(const ForeignLocale&) = delete;
  ForeignLocale& operator=(const ForeignLocale&) = delete;

 private:
  std::locale before_;
};

/// What the library reads and writes, as text.
std::map<std::string, std::string> library_texts(const std::filesystem::path& folder) {
  std::map<std::string, std::string> texts;
  const std::vector<Frame> frames =
      parse_extxyz("2\nenergy=-1234567.875 array=\"0.5 1e-30\" n=1234567\nAr 0.5 1.25 1e-30\nAr 1.75 -2.5 1234.5\n");
  texts["extended XYZ"] = to_extxyz(frames.at(0));
  Archive archive("model", 1);
  archive.set("number", 1234.5);
  archive.set("count", 1234567);
  archive.set("array", Shape{2}, std::vector<double>{0.1, 1e-7});
  texts["archive"] = archive.text();
  texts["archive again"] = Archive::parse(archive.text(), "model", 1, "text").text();
  texts["graph"] = to_graphviz(exp(Tensor::variable({}, {1234.5})) * 0.5);

  const auto refusal = [](const auto& computation) {
    try {
      computation();
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    throw std::logic_error("what should have been refused was not");
  };
  Atoms close = frames.at(0).atoms;
  close.positions[1] = close.positions[0] + Vector3{0.0, 0.0, 1e-4};
  texts["atoms too close"] = refusal([&close] { LennardJones().compute(close); });
  const SymmetryFunction wrong{.center = 18, .neighbor1 = 18, .eta = -0.5, .cutoff = 6.0};
  texts["symmetry function"] = refusal([&wrong] { SymmetryFunctions({wrong}); });

  const LennardJones potential;
  const Atoms& start = frames.at(0).atoms;
  const Walkers walkers = basin_hopping_walkers(
      start, potential, {.hops = 5, .random_start = true, .bond_length = 1.12}, {.walkers = 2, .archive = true});
  write_walkers(folder / "walkers", walkers);
  texts["walkers"] = content(folder / "walkers");
  write_walkers(folder / "walkers", read_walkers(folder / "walkers"));
  texts["walkers again"] = content(folder / "walkers");
  Random random(1);
  const Archive state = to_archive(initial_state(walkers.best().best, 50.0, random));
  texts["dynamics"] = state.text();
  texts["dynamics again"] = to_archive(to_dynamics_state(Archive::parse(state.text(), "dynamics", 1, "text"))).text();
  return texts;
}

const char* const commands[] = {
    "build bulk Cu --setting cubic --repeat 2,2,2 -o cu.xyz",
    "check data.xyz",
    "train --config c.toml --quiet",
    "info m.adatom --functions",
    "predict m.adatom data.xyz --per-atom -o p.xyz",
    "evaluate m.adatom data.xyz --metrics e.json",
    "relax cu.xyz -p emt --fix-below 1.5 --cell full --pressure 1.5 --trajectory t.xyz -o r.xyz",
    "eos cu.xyz -p emt --elastic -o v.xyz",
    "vibrations r.xyz -p emt --hessian differences -o w.txt",
    "md cu.xyz -p emt --temperature 350.5 --steps 20 --log l.txt --trajectory d.xyz --rdf g.txt -o end.xyz --quiet",
    "md cu.xyz -p emt --temperature 350.5 --steps 30 --log l.txt --trajectory d.xyz -o end.xyz --resume --quiet",
    "search -p lj --epsilon 0.5 --formula Ar7 --hops 10 --walkers 2 --log s.log --trajectory s.xyz --checkpoint "
    "s.state -o s.min.xyz --metrics s.json",
    "search -p lj --epsilon 0.5 --formula Ar7 --hops 20 --walkers 2 --log s.log --trajectory s.xyz --checkpoint "
    "s.state -o s.min.xyz --metrics s.json --resume",
};

/// All that the commands say and leave in the folder, and their exit codes.
std::map<std::string, std::string> command_results(const std::filesystem::path& folder,
                                                   const std::string& environment) {
  write(folder / "data.xyz", small_data(30));
  write(folder / "c.toml",
        "data = [\"data.xyz\"]\n"
        "output = \"m.adatom\"\n"
        "epochs = 2\n"
        "hidden = [4, 3]\n"
        "radial = 4\n"
        "angular = 2\n"
        "learning-rate = 2.5e-3\n"
        "cutoff = 4.5\n");
  std::map<std::string, std::string> results;
  for (const char* const command : commands) {
    const Outcome outcome = shell(folder, environment + " \"$adatom\" " + command);
    INFO(command << "\n" << outcome.errors);
    REQUIRE(outcome.code == 0);
    results[command] = outcome.output + outcome.errors;
  }
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    results[entry.path().filename()] = content(entry.path());
  return results;
}

void compare(const std::map<std::string, std::string>& plain, const std::map<std::string, std::string>& foreign) {
  REQUIRE(plain.size() == foreign.size());
  for (const auto& [name, text] : plain) {
    CAPTURE(name);
    CHECK(foreign.at(name) == text);
  }
}

}  // namespace

TEST_CASE("a locale with decimal commas changes nothing that the library reads or writes", "[apps][locale]") {
  const TemporaryFolder folder;
  if (!make_locale(folder.path())) return;
  const auto plain = library_texts(folder.path());
  const auto foreign = [&folder] {
    const ForeignLocale locale(folder.path());
    return library_texts(folder.path());
  }();
  compare(plain, foreign);
}

TEST_CASE("a locale with decimal commas changes nothing that the command reads or writes", "[apps][locale]") {
  const TemporaryFolder locale, plain, foreign;
  if (!make_locale(locale.path())) return;
  // A sanitizer of g++ wants to be loaded first, unless told otherwise; what setting the locale leaks is not ours.
  const std::string environment = "LOCPATH='" + locale.path().string() +
                                  "' LD_PRELOAD='" ADATOM_FOREIGN_LOCALE
                                  "' ASAN_OPTIONS=\"verify_asan_link_order=0:detect_leaks=0:$ASAN_OPTIONS\"";
  compare(command_results(plain.path(), ""), command_results(foreign.path(), environment));
}
