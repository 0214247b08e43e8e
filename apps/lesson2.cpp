// Lesson 2, automatic differentiation and structures: a table of contents. lesson2/ has one file for each section.
#include "apps/lesson.hpp"
#include "apps/lesson2/sections.hpp"

int main(int argc, char** argv) {
  using namespace adatom::apps;
  return run_lesson(
      argc, argv,
      {2,
       "Automatic differentiation and structures",
       "Two tools for everything that follows. First: exact derivatives of whatever a program computes, from the chain "
       "rule alone, and "
       "what they are good for: fields, forces, fitting. Second: molecules, crystals, surfaces and particles, built, "
       "measured and drawn.",
       {{"polynomials", "Derivatives of polynomials", "autodiff against pencil and paper, and higher orders",
         lesson2::polynomials},
        {"variables", "Functions of several variables", "gradient, Jacobian, Hessian", lesson2::several_variables},
        {"graph", "The graph behind it", "what is recorded, drawn", lesson2::graph},
        {"field", "The field of point charges", "minus the gradient of the potential, as arrows", lesson2::field},
        {"line", "Gradient descent: a line", "and what happens when the step is too long", lesson2::line},
        {"oscillator", "Gradient descent: a damped oscillator", "steps, and minima that are not the one",
         lesson2::oscillator},
        {"dual", "Forward and reverse mode", "dual numbers in forty lines, and the cost of both modes",
         lesson2::dual_numbers},
        {"water", "Water, and two waters", "distances, angles, a hydrogen bond", lesson2::water},
        {"silver", "fcc silver", "by hand and by the builder", lesson2::silver},
        {"lattice", "The lattice constant of silver", "energy against volume with EMT, beside experiment",
         lesson2::lattice_constant},
        {"particle", "Nanoparticles", "icosahedron, decahedron, cuboctahedron: which is lowest?",
         lesson2::nanoparticle},
        {"oxygen", "Oxygen on Ag(100)", "three sites, energy against height", lesson2::oxygen},
        {"gallery", "Pictures of structures", "molecules, crystals, surfaces, tubes, particles", lesson2::gallery}}});
}
