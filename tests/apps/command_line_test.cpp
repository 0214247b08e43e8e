// The command line: what is refused, in which words, with which exit code, and that nothing is written then.
#include <algorithm>

#include "tests/apps/run.hpp"
#include "tests/support/catch.hpp"

using Catch::Matchers::ContainsSubstring;

namespace {

struct Refusal {
  const char* arguments;
  int code;
  const char* message;
};

/// Files that every case may use.
void prepare(const std::filesystem::path& folder) {
  write(folder / "data.xyz", small_data(12));
  write(folder / "ref.xyz", small_data(12, "REF_energy"));
  write(folder / "bad.xyz", "2\n\nC 0 0 0\nC 1 x 0\n");
  write(folder / "empty.xyz", "");
  write(folder / "iron.xyz", "2\n\nCu 0 0 0\nFe 2.3 0 0\n");
  write(folder / "none.xyz", "1\n\nC 0 0 0\n");
  write(folder / "close.xyz", "1\nenergy=-1\nC 0 0 0\n2\nenergy=-2\nC 0 0 1\nC 0 0 1.0004\n");
  const std::string frame = "2\nenergy=-1 Properties=species:S:1:pos:R:3:forces:R:3\nC 0 0 0 0 0 0\nC 0 0 1.3 0 0 0\n";
  std::string same;
  for (int i = 0; i < 12; ++i) same += frame;
  write(folder / "same.xyz", same);
  write(folder / "old.adatom", "precious");
}

const Refusal refusals[] = {
    {"", 2, "which command?"},
    {"trian data.xyz", 2, "unknown command 'trian'; did you mean 'train'?"},
    {"train --epochz 3", 2, "unknown option '--epochz'; did you mean '--epochs'?"},
    {"foo", 2, "unknown command 'foo' ('adatom --help' lists them)"},
    {"TRAIN data.xyz", 2, "unknown command 'TRAIN'; did you mean 'train'?"},
    {"--quiet check data.xyz", 2, "option '--quiet' belongs behind 'adatom check'"},
    {"train data.xyz", 2, "--output is required; usage: adatom train data... --output FILE [options]"},
    {"train --output m", 2, "data is required; usage: adatom train data... --output FILE [options]"},
    {"train data.xyz -o", 2, "--output needs a value"},
    {"train data.xyz -o m --epochs 1 --epochs 2", 2, "--epochs is given more than once"},
    {"train -o m -- --odd.xyz", 2, "cannot open '--odd.xyz'"},
    {"build bulk", 2, "formula is required; usage: adatom build bulk formula --output FILE [options]"},
    {"train data.xyz -o m --epochs ten", 2, "--epochs: expected a whole number above 0, found 'ten'"},
    {"train data.xyz -o m --epochs 1e3", 2, "--epochs: expected a whole number above 0, found '1e3'"},
    {"train data.xyz -o m --epochs 0", 2, "--epochs: expected a whole number above 0, found '0'"},
    {"train data.xyz -o m --epochs -5", 2, "--epochs"},
    {"train data.xyz -o m --epochs 99999999999999999999", 2, "--epochs: expected a whole number that fits 64 bits"},
    {"train data.xyz -o m --learning-rate nan", 2, "--learning-rate: expected a number above 0, found 'nan'"},
    {"train data.xyz -o m --learning-rate 1,5", 2, "--learning-rate: expected a number above 0, found '1,5'"},
    {"train data.xyz -o m --test-fraction 1", 2,
     "--test-fraction: expected a number from 0 up to, but not including, 1"},
    {"train data.xyz -o m --hidden 32,,8", 2, "--hidden: expected a whole number"},
    {"train data.xyz -o m --hidden 32,0", 2, "--hidden: expected a whole number above 0, found '0'"},
    {"train data.xyz -o m --activation tahn", 2, "did you mean 'tanh'?"},
    {"train data.xyz -o m --sizes 8-4", 2, "--sizes: expected the smaller size first, found '8-4'"},
    {"train data.xyz -o m --validation data.xyz --validation-fraction 0.2", 2,
     "--validation and --validation-fraction exclude each other: give one of them"},
    {"train data.xyz -o data.xyz", 2, "is also an input"},
    {"train data.xyz -o ./../$(basename \"$PWD\")/data.xyz --force", 2, "is also an input"},
    {"train data.xyz -o old.adatom", 2, "--output 'old.adatom' exists; --force replaces it"},
    {"train data.xyz -o m --checkpoint ./m", 2, "--checkpoint './m' is also --output"},
    {"train data.xyz -o m --metrics m", 2, "--metrics 'm' is also --output"},
    {"train data.xyz -o m --metrics m.checkpoint", 2, "--metrics 'm.checkpoint' is also --checkpoint"},
    {"train data.xyz -o m --metrics data.xyz", 2, "is also an input"},
    {"train data.xyz -o m --figures data.xyz", 2, "cannot create the folder 'data.xyz'"},
    {"train data.xyz -o /dev/null", 2, "--output '/dev/null' must be an ordinary file"},
    {"train data.xyz -o /proc/m", 2, "cannot write '/proc/m'"},
    {"train data.xyz -o m --members 1000000000000", 2, "--members: at most 100, found 1000000000000"},
    {"train data.xyz -o m --hidden 32,1000000000", 2, "--hidden: at most 10000, found 1000000000"},
    {"train data.xyz -o m --radial 1000000000", 2, "--radial: at most 1000"},
    {"train data.xyz -o missing/m", 2, "there is no folder 'missing'"},
    {"train data.xyz -o m --resume", 2, "--resume: there is no checkpoint 'm.checkpoint'"},
    {"train missing.xyz -o m", 2, "cannot open 'missing.xyz': No such file or directory"},
    {"train . -o m", 2, "'.' is a directory"},
    {"train empty.xyz -o m", 2, "empty.xyz"},
    {"train bad.xyz -o m", 2, "bad.xyz:4"},
    {"train none.xyz -o m", 2, "frame 1 of none.xyz has no energy; training needs energy=... in the comment line"},
    {"train close.xyz --force-weight 0 -o m", 2, "frame 2 of close.xyz: atoms 0 and 1 are 0.000 Å apart"},
    {"train ref.xyz -o m", 2, "there is 'REF_energy': use --energy-key REF_energy"},
    {"train data.xyz -o m --forces-key f", 2,
     "frame 1 of data.xyz has no forces; training needs a column f:R:3; there is 'forces': use --forces-key forces"},
    {"train data.xyz -o m --sizes 7", 2, "no structure of 7 atoms in the data"},
    {"train data.xyz -o m --threads 0", 2, "--threads: expected a whole number above 0, found '0'"},
    {"evaluate data.xyz data.xyz", 2, "data.xyz"},
    {"evaluate old.adatom data.xyz --metrics old.adatom", 2, "is also an input"},
    {"predict old.adatom data.xyz -o m --save-extrapolating ./m", 2, "--save-extrapolating './m' is also --output"},
    {"relax data.xyz --potential lj -o m --trajectory m", 2, "--trajectory 'm' is also --output"},
    {"md data.xyz --potential lj -o m --log m", 2, "--log 'm' is also --output"},
    {"vibrations data.xyz --potential lj -o m --modes m", 2, "--modes 'm' is also --output"},
    {"search --potential lj --formula Ar3 -o m --log m", 2, "--log 'm' is also --output"},
    {"info missing.adatom", 2, "cannot open 'missing.adatom'"},
    {"check bad.xyz", 2, "bad.xyz:4"},
    {"search --potential lj --formula Ar3 --start data.xyz", 2, "exclude each other"},
    {"search --potential lj", 2, "say what to search: --formula C10, or --start FILE"},
    {"search --potential lj --formula Q3", 2, "Q"},
    {"search --potential emt --formula Ar3", 2, "--formula Ar3: EMT knows Al Cu Ag Au Ni Pd Pt H C N O; not 'Ar'"},
    {"search --potential lj --sigma 1e300 --formula Ar3", 2, "--bond-length: at most 1000 Å, found 1.122e+300"},
    {"train same.xyz -o m", 2,
     "no structure is left to train on: of 12 structures in 1 run (a split keeps a run together)"},
    {"search --potential lj --formula Ar3 --save-every 0", 2, "--save-every: expected a number above 0, found '0'"},
    {"relax data.xyz --potential lj --fix-below 1,5 -o r.xyz", 2, "--fix-below: expected a height in Å, found '1,5'"},
    {"relax data.xyz --potential lj --fmax 0 -o r.xyz", 2, "--fmax: expected a number above 0, found '0'"},
    {"relax data.xyz --potential eam -o r.xyz", 2,
     "--potential: 'eam' is neither built in (lj, morse, emt) nor a file"},
    {"relax data.xyz --potential morse --rho0 -1 -o r.xyz", 2, "--rho0: expected a number above 0, found '-1'"},
    {"relax iron.xyz --potential emt -o r.xyz", 2,
     "frame 1 of iron.xyz: EMT knows Al Cu Ag Au Ni Pd Pt H C N O; not 'Fe' (atom 1)"},
    {"relax data.xyz --potential lj --steps 1e3 -o r.xyz", 2, "--steps: expected a whole number above 0, found '1e3'"},
};

}  // namespace

TEST_CASE("the command line refuses in one line and writes nothing", "[apps][errors]") {
  const TemporaryFolder folder;
  prepare(folder.path());
  for (const Refusal& refusal : refusals) {
    CAPTURE(refusal.arguments);
    const Outcome outcome = run(folder.path(), refusal.arguments);
    CHECK(outcome.code == refusal.code);
    CHECK_THAT(outcome.errors, ContainsSubstring(refusal.message));
    CHECK(std::count(outcome.errors.begin(), outcome.errors.end(), '\n') == 1);
    CHECK_FALSE(std::filesystem::exists(folder.path() / "m"));
  }
  CHECK(content(folder.path() / "old.adatom") == "precious");
}

TEST_CASE("a processor that does not exist is refused before anything is done", "[apps][errors]") {
  const TemporaryFolder folder;
  prepare(folder.path());
  const auto with = [&folder](const std::string& value, const std::string& arguments) {
    return shell(folder.path(), "ADATOM_PROCESSOR='" + value + "' \"$adatom\" " + arguments);
  };
  const Outcome refused = with("avx3", "build bulk Cu -o m");
  CHECK(refused.code == 2);
  CHECK_THAT(refused.errors, ContainsSubstring("adatom build bulk: ADATOM_PROCESSOR: expected one of baseline"));
  CHECK_THAT(refused.errors, ContainsSubstring(", found 'avx3'\n"));
  CHECK(refused.output.empty());
  CHECK_FALSE(std::filesystem::exists(folder.path() / "m"));
  CHECK(with("avx3", "--help").code == 0);
  CHECK(with("baseline", "check data.xyz").code == 0);
  CHECK(with("", "check data.xyz").code == 0);
}

TEST_CASE("threads that the system does not give are an error, not a wait for ever", "[apps][errors]") {
  const TemporaryFolder folder;
  prepare(folder.path());
  const std::string limit = "ulimit -v 1000000; ";  // of memory: each thread asks for some megabytes
  if (shell(folder.path(), limit + "\"$adatom\" --version").code != 0) return;  // a sanitizer needs more itself
  const Outcome outcome = shell(folder.path(), limit + "timeout 60 \"$adatom\" check data.xyz --threads 1024");
  CHECK(outcome.code == 1);
  CHECK_THAT(outcome.errors, ContainsSubstring("cannot start 1024 threads"));
}

TEST_CASE("help explains every command and exits with 0", "[apps][help]") {
  const TemporaryFolder folder;
  for (const std::string command : {"", "train", "evaluate", "predict", "build", "relax", "eos", "neb", "search", "md",
                                    "vibrations", "check", "info", "view", "demo"}) {
    CAPTURE(command);
    const Outcome outcome = run(folder.path(), command + " --help");
    CHECK(outcome.code == 0);
    CHECK(outcome.errors.empty());
    CHECK(run(folder.path(), "help " + command).output == outcome.output);
    CHECK_THAT(outcome.output, !ContainsSubstring("\n\n\n"));
    CHECK_THAT(outcome.output, ContainsSubstring("Usage: adatom"));
    CHECK_THAT(outcome.output, ContainsSubstring(command.empty() ? "adatom train" : "Example"));
  }
  CHECK_THAT(
      run(folder.path(), "neb --help").output,
      ContainsSubstring("Usage: adatom neb first [last] --potential lj|morse|emt|FILE --output FILE [options]\n"));
  CHECK_THAT(run(folder.path(), "--version").output, ContainsSubstring("adatom "));
}

TEST_CASE("a configuration file gives options and is refused with its line", "[apps][config]") {
  const TemporaryFolder folder;
  prepare(folder.path());
  const auto with = [&](const std::string& toml, const std::string& more = "") {
    write(folder.path() / "c.toml", toml);
    return run(folder.path(), "train --config c.toml " + more);
  };
  const std::string good =
      "data = [\"data.xyz\"]\n"
      "output = \"m\"\n"
      "force = true\n"
      "quiet = true\n"
      "hidden = [4, 3]\n"
      "[train]\n"
      "epochs = 1\n"
      "[search]\n"
      "hops = 3\n";
  CHECK(with(good).code == 0);
  CHECK_THAT(run(folder.path(), "info m").output, ContainsSubstring("-4-3-1"));
  CHECK(with(good, "--hidden 5").code == 0);  // the command line wins
  CHECK_THAT(run(folder.path(), "info m").output, ContainsSubstring("-5-1"));

  const auto refused = [&](const std::string& toml, const std::string& message) {
    CAPTURE(toml);
    const Outcome outcome = with(toml);
    CHECK(outcome.code == 2);
    CHECK_THAT(outcome.errors, ContainsSubstring(message));
  };
  refused("# first\nepoch = 3\n", "c.toml:2: unknown key 'epoch' for 'adatom train'; did you mean 'epochs'?");
  refused("seed = 1\n\nepochs = \"ten\"\n", "c.toml:3: --epochs: expected a whole number above 0, found 'ten'");
  refused("epochs = 2.5\n", "c.toml:1: --epochs");
  refused("epochs = \n", "c.toml:1");
  refused("[trian]\nepochs = 1\n", "c.toml:1: unknown table 'trian'; did you mean 'train'?");
  refused("[search]\nhops = 3\nhopz = 3\n", "c.toml:3: unknown key 'hopz' for 'adatom search'; did you mean 'hops'?");
  refused("[build]\nseeds = 3\n", "c.toml:2: unknown key 'seeds' for 'adatom build'");
  refused("epochs = 1\nepochs = 2\n", "c.toml:2");
  refused("epochs = 1\n[train]\nepochs = 2\n", "'epochs' is set twice");
  refused("data = [\"data.xyz\"]\noutput = \"m\"\nvalidation = [\"data.xyz\"]\nvalidation-fraction = 0.2\n",
          "exclude each other");
  refused("epochs = [1, [2]]\n", "c.toml:1: expected a text, number, true or false, or a list of these");
  refused("epochs = 1979-05-27\n",
          "adatom train: c.toml:1: expected a text, number, true or false, or a list of these\n");
  refused("force = \"perhaps\"\n", "c.toml:1: ");
  write(folder.path() / "c.toml", "[search]\nhops = 3\nmoves = \"shake:3,jump\"\n");
  CHECK_THAT(run(folder.path(), "search -p lj --formula Ar3 --config c.toml").errors,
             ContainsSubstring("c.toml:3: --moves: there is no move 'jump'; there are "));
  // The command line also wins by an option that excludes one of the file.
  const Outcome exclusive =
      with("data = [\"data.xyz\"]\noutput = \"m\"\nforce = true\nepochs = 1\nhidden = 3\nvalidation-fraction = 0.5\n",
           "--validation data.xyz");
  CHECK(exclusive.code == 0);
  CHECK_THAT(exclusive.output, ContainsSubstring("Validation data"));
  CHECK_THAT(run(folder.path(), "train --config none.toml").errors, ContainsSubstring("cannot open 'none.toml'"));
}
