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
       "rule alone, and what they are good for: fields, forces, fitting. Second: molecules, crystals, surfaces and "
       "particles, built, measured and drawn.",
       {{"polynomials", "Derivatives of polynomials", "autodiff against pencil and paper, and higher orders",
         "Can a program differentiate what it computes: exactly, and as often as one likes?", lesson2::polynomials},
        {"variables", "Functions of several variables", "gradient, Jacobian, Hessian",
         "What takes the place of the derivative where there are several variables, and what is it good for?",
         lesson2::several_variables},
        {"graph", "The graph behind it", "what is recorded, drawn",
         "What must the computer remember so that it can differentiate?", lesson2::graph},
        {"field", "The field of point charges", "minus the gradient of the potential, as arrows",
         "Which way do charges push another charge, and how strongly?", lesson2::field},
        {"line", "Gradient descent: a line", "and what happens when the step is too long",
         "How long a step should one take downhill?", lesson2::line},
        {"oscillator", "Gradient descent: a damped oscillator", "steps, and minima that are not the one",
         "Does going downhill always lead to the answer?", lesson2::oscillator},
        {"dual", "Forward and reverse mode", "dual numbers in forty lines, and the cost of both modes",
         "Derivatives on the way forwards, or backwards afterwards: which is cheaper?", lesson2::dual_numbers},
        {"water", "Water, and two waters", "distances, angles, a hydrogen bond",
         "How does one describe a molecule, and how do two of them hold on to each other?", lesson2::water},
        {"silver", "fcc silver", "by hand and by the builder", "How does a computer hold a crystal, which has no end?",
         lesson2::silver},
        {"lattice", "The lattice constant of silver", "energy against volume with EMT, beside experiment",
         "How far apart do the atoms of silver sit, and how hard is it to push them together?",
         lesson2::lattice_constant},
        {"particle", "Nanoparticles", "icosahedron, decahedron, cuboctahedron: which is lowest?",
         "Which shape does a small piece of silver take?", lesson2::nanoparticle},
        {"oxygen", "Oxygen on Ag(100)", "three sites, energy against height",
         "Where on a silver surface does an oxygen atom sit?", lesson2::oxygen},
        {"gallery", "Pictures of structures", "molecules, crystals, surfaces, tubes, particles",
         "Is the structure in the computer the one we meant?", lesson2::gallery}}});
}
