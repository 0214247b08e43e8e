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
       {{"sums", "Sums by loops and by tensors", "the same sum written five ways, timed",
         "How long does it take to add up a hundred thousand numbers, and does it matter how one writes it?",
         lesson1::sums},
        {"speed", "Why vectorised code is fast", "memory traffic and arithmetic: caches and the roofline",
         "What does a computation wait for: the processor or the memory?", lesson1::speed},
        {"classes", "A first class: an atom, a structure", "a class of our own, and what the library's looks like",
         "How does one describe an atom, and a structure of many atoms, to a computer?", lesson1::classes},
        {"roots", "Where two Gibbs energies cross", "grey and white tin by bisection, secant and Newton",
         "Below which temperature does white tin turn grey?", lesson1::roots},
        {"integration", "Integration", "trapezoid and Simpson: energies from tabulated forces",
         "Which energy belongs to a table of forces, and how wrong is it?", lesson1::integration},
        {"interpolation", "Interpolation", "Lagrange, Runge's phenomenon, cubic splines",
         "What lies between the values of a table?", lesson1::interpolation},
        {"random", "Random numbers and their error bars", "pi by Monte Carlo, standard errors, blocking",
         "How far can one trust a result that came from random numbers?", lesson1::random_numbers},
        {"floating", "Floating-point traps", "cancellation, order of summation, steps of differences",
         "Where does a computer compute wrongly, and how does one write so that it does no harm?",
         lesson1::floating_point}}});
}
