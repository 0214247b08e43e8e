// The numbers that lesson 3 prints, beside where the right ones come from.
#include <algorithm>
#include <cmath>
#include <fstream>

#include "tests/apps/lesson_output.hpp"

using Catch::Matchers::ContainsSubstring;

namespace {

std::string section(const std::filesystem::path& folder, const std::string& name) {
  return quick_section(folder, 3, name);
}

}  // namespace

TEST_CASE("lesson 3: Lennard-Jones by hand, by autodiff and fused is the same", "[apps][lessons]") {
  const TemporaryFolder folder;
  const std::string text = section(folder.path(), "lj");
  const double energy = number_after(text, "  by hand ");
  for (const std::string way : {"  autodiff ", "  fused "}) {
    CHECK(std::abs(number_after(text, way) - energy) < 1e-11);
    CHECK(number_after(text, way, 1) < 1e-13);  // eV/Å
  }
}

TEST_CASE("lesson 3: minimum and saddle of three atoms", "[apps][lessons]") {
  const TemporaryFolder folder;
  const std::string text = section(folder.path(), "surface");
  CHECK(number_after(text, "triangle ", 2) == -3.0);    // three bonds of 1 eV
  CHECK(number_after(text, "triangle ", 1) == 0.9721);  // 2^(1/6) sin 60°
  CHECK(number_after(text, "triangle ", 4) == 85.72);   // 3/2 · 72/2^(1/3), the springs of two bonds at 60°
  CHECK(number_after(text, "triangle ", 3) == 28.57);   // 1/2 · 72/2^(1/3)
  CHECK(std::abs(number_after(text, "line ", 2) + 2.031) < 1e-3);  // −2 + u(2 · 2^(1/6)) = −2.0308, a little relaxed
  CHECK(number_after(text, "line ", 3) < 0.0);
}

TEST_CASE("lesson 3: every method arrives", "[apps][lessons]") {
  const TemporaryFolder folder;
  const std::string text = section(folder.path(), "relaxation");
  CHECK(text.find("not converged") == std::string::npos);
  for (const std::string method : {"gradient descent", "conjugate gradients", "FIRE", " BFGS", "L-BFGS"})
    CHECK(number_after(text, method + " ", 4) == -3.0);  // the third atom, at the triangle
  CHECK(number_after(text, "Lennard-Jones dimer  gradient descent ", 2) == -1.0);
  const std::string line = one_line(text);
  CHECK(number_after(line, "no atom is further than ") < 1e-12);  // Å: a plane is never left
  CHECK(number_after(line, "relaxed once more it arrives at ") < number_after(line, " eV instead of ") - 1.0);
}

TEST_CASE("lesson 3: vibrations of dimers are those of the formula", "[apps][lessons]") {
  const TemporaryFolder folder;
  const std::string text = section(folder.path(), "vibrations");
  for (const std::string dimer : {"Ar₂, Lennard-Jones ", "N₂, Morse "}) {
    CHECK(number_after(text, dimer, 2) == number_after(text, dimer, 1));
    CHECK(std::abs(number_after(text, dimer, 3) - number_after(text, dimer, 1)) < 1e-4);
  }
  CHECK(std::abs(number_after(text, "N₂, Morse ", 2) - 2358.6) < 1.5);  // measured, 1/cm: Huber and Herzberg (1979)
  // The icosahedral group: 33 vibrations in sets of 1, 3, 4 and 5; the breathing mode alone.
  double modes = 0.0;
  for (const std::string level :
       {"16.076", "21.674", "23.311", "24.094", "29.765", "29.962", "34.474", "37.107", "59.929"})
    modes += number_after(text, "\n      " + level + " ");
  CHECK(modes == 33);
  CHECK_THAT(one_line(text), ContainsSubstring("is the mode at 37.11 1/cm"));
}

TEST_CASE("lesson 3: energy is conserved to second order", "[apps][lessons]") {
  const TemporaryFolder folder;
  const std::string text = section(folder.path(), "dynamics");
  const double ratio = number_after(text, "\n         20 ", 1) / number_after(text, "\n         10 ", 1);
  CHECK(ratio > 3.8);
  CHECK(ratio < 4.2);
  const std::string line = one_line(text);
  CHECK(number_after(line, "The fastest vibration of this cluster takes ") ==
        557);  // fs: 33356.4/59.93, of "vibrations"
  // Euler's method multiplies the energy of a vibration by 1 + (ω dt)² at each step: for 30 1/cm, 2 fs and 4 ps by 1.3,
  // which is some 7 meV of the 24 meV at the start.
  CHECK(std::abs(number_after(line, "with the old values, gains ") - 7.0) < 3.0);
  CHECK(number_after(text, "\n         20 ", 4) < 1e-12);  // momentum, amu Å/fs
}

TEST_CASE("lesson 3: the barrier is that of ASE, its saddle of first order", "[apps][lessons]") {
  const TemporaryFolder folder;
  const std::string text = section(folder.path(), "barrier");
  CHECK(std::abs(number_after(text, "  7  yes ") - 0.374) < 1e-3);  // ase.mep.NEB, Au on Al(100), eV
  CHECK_THAT(one_line(text), ContainsSubstring("1 imaginary mode "));
  // Vineyard's prefactor: of the order of the frequencies, 1e12 to 1e13 1/s.
  CHECK(number_after(one_line(text), "ν exp(−E/kT) with ν = ") > 1e12);
  CHECK(number_after(one_line(text), "ν exp(−E/kT) with ν = ") < 1e13);
  CHECK(number_after(one_line(text), "At 300 K that is ") /
            (number_after(one_line(text), "ν exp(−E/kT) with ν = ") * std::exp(-0.3745 / 0.0258520)) ==
        Approx(1.0).epsilon(0.05));
  CHECK(number_after(text, "  4  no ") < number_after(text, "  4  yes ") - 0.01);  // no image on the top
}

TEST_CASE("lesson 3: LJ13 is the icosahedron", "[apps][lessons]") {
  const TemporaryFolder folder;
  const std::string text = section(folder.path(), "funnel");
  CHECK_THAT(text,
             ContainsSubstring("-44.326801    -44.326801      0.000  2 of 2 walkers"));  // Q4 of an icosahedron: 0
  CHECK(number_after(one_line(text), "in a piece of the fcc crystal it is ") == 0.191);  // √7/(8√3), Steinhardt et al.
  // The walk that is drawn is that of the walker who was there first.
  std::ifstream data(folder.path() / "out/lesson3/funnel.dat");
  std::string line;
  while (std::getline(data, line) && line != "# LJ_{13}: the first walker at the bottom: lowest so far") continue;
  REQUIRE(std::getline(data, line));
  double hop = -1.0, energy = 0.0;
  while (energy > -44.3258 && data >> hop >> energy) continue;  // −44.3268 eV but for 1 meV
  CHECK(hop == number_after(text, "2 of 2 walkers, first after "));
  // The icosahedron is drawn as large as its scale bar says: 1.08 Å from the centre to an atom (LJ13 in reduced units),
  // a ball of 0.58 Å, a tenth for what is near.
  std::ifstream bottoms(folder.path() / "out/lesson3/funnel_bottoms.dat");
  REQUIRE(std::getline(bottoms, line));
  double reach = 0.0;
  while (std::getline(bottoms, line) && !line.empty()) {
    double x = 0.0, y = 0.0, radius = 0.0;
    REQUIRE(std::istringstream(line) >> x >> y >> radius);
    reach = std::max(reach, std::hypot(x, y) + radius);
  }
  CHECK(reach > 1.4);
  CHECK(reach < 1.9);
}

TEST_CASE("lesson 3: Gaussians learn what Lennard-Jones cannot, and too many learn the noise", "[apps][lessons]") {
  const TemporaryFolder folder;
  const std::string learned = section(folder.path(), "trainable");
  CHECK(number_after(learned, "LJ + 16 Gaussians ", 4) < 0.2 * number_after(learned, "LJ, trained on clusters ", 4));
  CHECK(number_after(learned, "LJ, trained on clusters ", 4) < number_after(learned, "LJ, trained on dimers ", 4));
  // The exact law at the ends of its curve, 2.3 and 7 Å, as its formula gives in Python.
  const std::string curves = content(folder.path() / "out/lesson3/trainable_dimers.dat");
  const std::size_t begin = curves.find(": exact\n");
  REQUIRE(begin != std::string::npos);
  const std::string exact = curves.substr(begin, curves.find("\n\n", begin) + 1 - begin);
  CHECK(std::abs(number_after(exact, "\n2.3 ") - 0.3604034566) < 1e-9);
  CHECK(std::abs(number_after(exact, "\n7 ") - 0.0027506805) < 1e-9);
  const std::string few = section(folder.path(), "test");
  CHECK(number_after(few, "\n                      30 ", 0) <
        0.01);  // as many Gaussians as clusters: the noise too is met
  CHECK(number_after(few, "\n                      30 ", 2) > 20.0);  // and the test says so; the noise is 10 meV
}
