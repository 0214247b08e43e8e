// Lesson 1, computational science: a table of contents. lesson1/ has one file for each section.
#include "apps/lesson1/sections.hpp"

int main(int argc, char** argv) {
  using namespace adatom::apps;
  return run_lesson(
      argc, argv,
      {1,
       "Computational science",
       "How a computer computes: fast when memory and arithmetic are used well, right when rounding, steps and random "
       "errors are understood. Everything here returns in the later lessons.",
       {{"sums", "Sums by loops and by tensors", "the same sum written five ways, timed", lesson1::sums},
        {"speed", "Why vectorised code is fast", "memory traffic and arithmetic: caches and the roofline",
         lesson1::speed},
        {"classes", "A first class: an atom, a structure", "a class of our own, and what the library's looks like",
         lesson1::classes},
        {"roots", "Where two Gibbs energies cross", "grey and white tin by bisection, secant and Newton",
         lesson1::roots},
        {"integration", "Integration", "trapezoid and Simpson: energies from tabulated forces", lesson1::integration},
        {"interpolation", "Interpolation", "Lagrange, Runge's phenomenon, cubic splines", lesson1::interpolation},
        {"random", "Random numbers and their error bars", "pi by Monte Carlo, standard errors, blocking",
         lesson1::random_numbers},
        {"floating", "Floating-point traps", "cancellation, order of summation, steps of differences",
         lesson1::floating_point}}});
}
