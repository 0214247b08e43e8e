// Lesson 1, computational science: a table of contents. lesson1/ has one file for each section.
#include "apps/lesson.hpp"
#include "apps/lesson1/sections.hpp"

int main(int argc, char** argv) {
  using namespace adatom::apps;
  return run_lesson(argc, argv,
                    {1, "Computational science",
                     "How a computer computes: fast when memory and arithmetic are used well, right when rounding, steps and "
                     "random errors are understood. Everything here returns in every later lesson.",
                     {{"roots", "Where two Gibbs energies cross", "grey and white tin: bisection, secant, Newton", lesson1::roots}}});
}
