// Lesson 3, potential energy surfaces: a table of contents. lesson3/ has one file for each section.
#include "apps/lesson.hpp"
#include "apps/lesson3/sections.hpp"

int main(int argc, char** argv) {
  using namespace adatom::apps;
  return run_lesson(
      argc, argv,
      {3,
       "Potential energy surfaces",
       "The energy of a structure is a landscape over the places of its atoms. Here it is computed, looked at, "
       "descended, crossed and searched; at the end it is learned.",
       {{"lj", "Lennard-Jones three times", "by hand, by autodiff, fused: equal, and what each costs",
         "What are the energy and the forces of a few argon atoms, and what do they cost to compute?",
         lesson3::lennard_jones},
        {"surface", "The surface of three atoms", "a landscape that can be drawn: valleys and saddles",
         "What does a potential energy surface look like?", lesson3::three_atoms},
        {"relaxation", "Downhill", "five methods on a dimer, a planar cluster, a slab, and their paths",
         "How does one reach the bottom with as few force calculations as possible?", lesson3::relaxation},
        {"vibrations", "Vibrations", "of dimers, beside the formula, and of a cluster",
         "How fast do atoms swing about their places?", lesson3::vibration},
        {"dynamics", "Molecular dynamics", "how well energy is conserved, against the time step",
         "How long may a time step be?", lesson3::dynamics},
        {"barrier", "A barrier", "gold hops on Al(100): nudged elastic band",
         "How high is the pass that a gold atom must cross, and how often does it cross?", lesson3::barrier},
        {"funnel", "The lowest of all minima", "basin hopping of 13 and 38 atoms, and their funnels",
         "Which of all minima is the lowest, and why is it sometimes so hard to find?", lesson3::basin_hopping},
        {"trainable", "Trainable potentials", "Lennard-Jones learns, fails, and gets Gaussians",
         "Can a potential be learned from energies, and what if its form is wrong?", lesson3::trainable},
        {"test", "Why the test set matters", "too many Gaussians on too few data",
         "How does one notice that a model has learned its data by heart?", lesson3::test_set}}});
}
