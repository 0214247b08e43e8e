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
         lesson3::lennard_jones},
        {"surface", "The surface of three atoms", "a landscape that can be drawn: valleys and saddles",
         lesson3::three_atoms},
        {"relaxation", "Downhill", "five methods on a dimer, a planar cluster, a slab, and their paths",
         lesson3::relaxation},
        {"vibrations", "Vibrations", "of dimers, beside the formula, and of a cluster", lesson3::vibration},
        {"dynamics", "Molecular dynamics", "how well energy is conserved, against the time step", lesson3::dynamics},
        {"barrier", "A barrier", "gold hops on Al(100): nudged elastic band", lesson3::barrier},
        {"funnel", "The lowest of all minima", "basin hopping of 13 and 38 atoms, and their funnels",
         lesson3::basin_hopping},
        {"trainable", "Trainable potentials", "Lennard-Jones learns, fails, and gets Gaussians", lesson3::trainable},
        {"test", "Why the test set matters", "too many Gaussians on too few data", lesson3::test_set}}});
}
