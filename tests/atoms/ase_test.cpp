// Does ASE read our files, and with the same values? Are our tables its tables? Skipped where Debian's Python has no
// ASE.
#include <cstdlib>
#include <iostream>
#include <sstream>

#include "atoms/builders/crystal.hpp"
#include "atoms/builders/molecules.hpp"
#include "atoms/extxyz.hpp"
#include "atoms/labels.hpp"
#include "core/file.hpp"
#include "core/random.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace adatom;

namespace {

const char* const python = "/usr/bin/python3";

bool has_ase() {
  const std::string command = std::string(python) + " -c 'import ase.io' >/dev/null 2>&1";
  return std::system(command.c_str()) == 0;
}

std::vector<Frame> frames_to_check() {
  Random random(31);
  std::vector<Frame> frames;
  for (int f = 0; f < 3; ++f) {
    Frame frame;
    for (int i = 0; i < 5; ++i) {
      frame.atoms.numbers.push_back(i % 2 == 0 ? 29 : 8);
      frame.atoms.positions.push_back({random.normal(), random.normal() * 1e-7, random.normal() * 1e7});
    }
    if (f > 0) {
      frame.atoms.cell.vectors = {{{4.0, 0.25, 0.0}, {-1.0, 5.0 / 3.0, 0.0}, {0.1, 0.2, 0.3}}};
      frame.atoms.pbc = {true, f == 1, false};
    }
    Labels all{.energy = random.normal() * 100.0, .forces = std::vector<Vector3>(5)};
    for (Vector3& force : *all.forces) force = {random.normal(), random.normal(), random.normal()};
    if (f > 0) all.stress = {{1.5, 2.0 / 3.0, 3.0, 4.0, 5.0, 6.0}};
    set_labels(frame, all);
    set_info(frame, "count", std::int64_t{f});
    set_info(frame, "title", std::string("two words \"quoted\" = yes"));
    set_info(frame, "flag", f == 1);
    set_info(frame, "list", std::vector<std::int64_t>{1, 2, 3});
    set_column(frame, {"label", 1, std::vector<std::int64_t>{5, 4, 3, 2, 1}});
    set_column(frame, {"pair", 2, std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8, 9, 1.0 / 3.0}});
    frames.push_back(frame);
  }
  return frames;
}

/// Prints what ASE found in our terms; writes the frames again with ASE.
const char* const script = R"(
import sys
import warnings
import ase.io
warnings.simplefilter("ignore")
frames = ase.io.read(sys.argv[1], ':')
with open(sys.argv[2], 'w') as out:
    for atoms in frames:
        s = atoms.calc.results.get('stress') if atoms.calc else None
        print(len(atoms), *atoms.numbers, *(int(p) for p in atoms.pbc), file=out)
        print(*(float(x).hex() for x in atoms.positions.ravel()), file=out)
        print(*(float(x).hex() for x in atoms.cell.array.ravel()), file=out)
        print(float(atoms.get_potential_energy()).hex(), file=out)
        print(*(float(x).hex() for x in atoms.get_forces().ravel()), file=out)
        print('none' if s is None else ' '.join(float(x).hex() for x in s), file=out)
        print(atoms.info['count'], atoms.info['title'], atoms.info['flag'], list(atoms.info['list']), file=out)
        print(*atoms.arrays['label'], *(float(x).hex() for x in atoms.arrays['pair'].ravel()), file=out)
ase.io.write(sys.argv[3], frames, format='extxyz')
)";

void append_hex(std::string& out, double x) {
  // Python's float.hex: 0x1.8000000000000p+1
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%.13a", x);
  if (x == 0.0) std::snprintf(buffer, sizeof buffer, "0x0.0p+0");
  out += buffer;
}

std::string hex_line(const std::vector<double>& values) {
  std::string line;
  for (const double x : values) {
    if (!line.empty()) line += ' ';
    append_hex(line, x);
  }
  return line + "\n";
}

std::vector<double> flat(const std::vector<Vector3>& rows) {
  std::vector<double> values;
  for (const Vector3& r : rows) values.insert(values.end(), r.begin(), r.end());
  return values;
}

std::string expected_report(const std::vector<Frame>& frames) {
  std::string text;
  for (const Frame& frame : frames) {
    const Labels all = labels(frame);
    text += std::to_string(frame.atoms.size());
    for (const int number : frame.atoms.numbers) text += " " + std::to_string(number);
    for (const bool periodic : frame.atoms.pbc) text += periodic ? " 1" : " 0";
    text += "\n" + hex_line(flat(frame.atoms.positions));
    text += hex_line(flat({frame.atoms.cell[0], frame.atoms.cell[1], frame.atoms.cell[2]}));
    text += hex_line({*all.energy}) + hex_line(flat(*all.forces));
    text += all.stress ? hex_line({all.stress->begin(), all.stress->end()}) : std::string("none\n");
    text += std::to_string(std::get<std::int64_t>(*find_info(frame, "count"))) + " two words \"quoted\" = yes ";
    text += std::get<bool>(*find_info(frame, "flag")) ? "True [1, 2, 3]\n" : "False [1, 2, 3]\n";
    text += "5 4 3 2 1 " + hex_line(std::get<std::vector<double>>(find_column(frame, "pair")->values));
  }
  return text;
}

}  // namespace

TEST_CASE("ASE reads our extended XYZ files and we read its", "[atoms][extxyz][ase]") {
  if (!has_ase()) {
    std::cout << "skipped: " << python << " has no ASE\n";
    return;
  }
  const TemporaryFolder folder;
  const std::vector<Frame> frames = frames_to_check();
  write_extxyz(folder.path() / "ours.xyz", frames);
  write_file(folder.path() / "check.py", script);
  const std::string f = folder.path().string();
  const std::string command =
      std::string(python) + " " + f + "/check.py " + f + "/ours.xyz " + f + "/report " + f + "/ase.xyz";
  REQUIRE(std::system(command.c_str()) == 0);
  CHECK(read_file(folder.path() / "report") == expected_report(frames));

  // ASE writes positions with eight decimals, energies in full.
  const std::vector<Frame> back = read_extxyz(folder.path() / "ase.xyz");
  REQUIRE(back.size() == frames.size());
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const Labels ours = labels(frames[i]), theirs = labels(back[i]);
    CHECK(back[i].atoms.numbers == frames[i].atoms.numbers);
    CHECK(back[i].atoms.pbc == frames[i].atoms.pbc);
    CHECK(back[i].atoms.cell == frames[i].atoms.cell);
    CHECK(*theirs.energy == *ours.energy);
    CHECK(theirs.stress == ours.stress);
    for (std::size_t n = 0; n < frames[i].atoms.size(); ++n) {
      CHECK(norm(back[i].atoms.positions[n] - frames[i].atoms.positions[n]) < 2e-8);
      CHECK(norm(theirs.forces->at(n) - ours.forces->at(n)) < 2e-8);
    }
    CHECK(*find_info(back[i], "title") == *find_info(frames[i], "title"));
    CHECK(*find_info(back[i], "list") == *find_info(frames[i], "list"));
    CHECK(*find_column(back[i], "label") == *find_column(frames[i], "label"));
  }
}

TEST_CASE("molecules and lattice constants are those of ASE", "[atoms][builders][ase]") {
  if (!has_ase()) {
    std::cout << "skipped: " << python << " has no ASE\n";
    return;
  }
  const TemporaryFolder folder;
  write_file(folder.path() / "tables.py", R"(
import sys
from ase.build import molecule
from ase.collections import g2
from ase.data import chemical_symbols, reference_states
with open(sys.argv[1], 'w') as out:
    for name in g2.names:
        atoms = molecule(name)
        if len(atoms) > 1:
            print(len(atoms), name, sep='\n', file=out)
            for a in atoms:
                print(a.symbol, *(repr(float(x)) for x in a.position), file=out)
with open(sys.argv[2], 'w') as out:
    for symbol, state in zip(chemical_symbols, reference_states):
        if state and state['symmetry'] in ('sc', 'fcc', 'bcc', 'hcp', 'diamond') and state.get('basis', 1) is not None:
            print(symbol, state['symmetry'], state['a'], state.get('c/a', 0), file=out)
)");
  const std::string f = folder.path().string();
  REQUIRE(std::system((std::string(python) + " " + f + "/tables.py " + f + "/g2 " + f + "/states").c_str()) == 0);
  const std::vector<Frame> molecules = read_extxyz(folder.path() / "g2");
  CHECK(molecules.size() == 148);
  for (const Frame& theirs : molecules) {
    const std::string title = theirs.info.at(0).first;
    CAPTURE(title);
    CHECK(molecule(title) == theirs.atoms);
  }
  std::istringstream states(read_file(folder.path() / "states"));
  std::string symbol, structure;
  std::size_t elements = 0;
  for (double a = 0.0, ratio = 0.0; states >> symbol >> structure >> a >> ratio; ++elements) {
    CAPTURE(symbol);
    const std::optional<KnownCrystal> known = known_crystal(symbol);
    REQUIRE(known);
    CHECK(name(known->crystal) == structure);
    CHECK(known->a == a);
    CHECK(known->c_over_a == Approx(ratio));
  }
  CHECK(elements == 63);
}
