// What the results of optim/ say in words does not depend on the locale of the program that asks.
#include "optim/elastic.hpp"
#include "optim/neb.hpp"
#include "optim/relax.hpp"
#include "potentials/emt.hpp"
#include "potentials/lennard_jones.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/foreign_punctuation.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Two atoms at rest and a third above or below the line between them; between them is hardly room.
Atoms triangle(double height) {
  Atoms atoms;
  atoms.numbers = {18, 18, 18};
  atoms.positions = {{-0.6, 0.0, 0.0}, {0.6, 0.0, 0.0}, {0.0, height, 0.0}};
  return atoms;
}

/// Copper, stretched along z: neither at rest nor cubic.
Atoms stretched_crystal() {
  Atoms atoms;
  atoms.numbers = {29};
  atoms.positions = {{0.0, 0.0, 0.0}};
  atoms.cell = Cell{{{{2.6, 0.0, 0.0}, {0.0, 2.6, 0.0}, {0.0, 0.0, 3.0}}}};
  atoms.pbc = {true, true, true};
  return atoms;
}

/// One a line.
std::string messages() {
  std::vector<std::string> texts;
  const LennardJones argon;
  texts.push_back(relax(triangle(0.9), argon, {.fmax = 0.0125, .max_steps = 1}).reason);
  texts.push_back(relax(triangle(0.9), argon, {.fmax = 1234567.5}).reason);
  RelaxOptions steep{.method = RelaxMethod::gradient_descent};
  steep.learning_rate = 0.25;
  texts.push_back(relax(triangle(0.9), argon, steep).reason);
  RelaxOptions crystal{.max_steps = 1};
  crystal.cell.shape = CellShape::full;
  texts.push_back(relax(stretched_crystal(), Emt(), crystal).reason);

  NebOptions band{.images = 1, .start = NebStart::linear, .fmax = 0.0125, .max_steps = 2};
  band.fixed = {0};
  const NebResult path = nudged_elastic_band(triangle(0.9), triangle(-0.7), argon, band);
  texts.push_back(path.reason);
  texts.insert(texts.end(), path.warnings.begin(), path.warnings.end());
  const ElasticConstants constants = elastic_constants(stretched_crystal(), Emt());
  texts.insert(texts.end(), constants.warnings.begin(), constants.warnings.end());
  std::string lines;
  for (const std::string& text : texts) lines += text + "\n";
  return lines;
}

}  // namespace

TEST_CASE("messages are the same in every locale", "[optim][locale]") {
  const std::string plain = messages();
  for (const char* const part :
       {"not converged after 1 steps: the largest force is ", ", wanted 0.0125; allow", "learning rate 0.25 Å²/eV",
        ", and the largest stress ", "after 2 steps: the largest force of the band is ",
        "the first structure is not relaxed: its largest force is ", "under a stress of ", " % of C11"}) {
    CHECK_THAT(plain, ContainsSubstring(part));
  }
  const ForeignPunctuation punctuation;
  CHECK(messages() == plain);
}
