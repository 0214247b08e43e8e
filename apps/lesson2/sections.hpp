// What this file is: the sections of lesson 2, in their order.
#pragma once

#include "apps/lesson.hpp"

namespace adatom::apps::lesson2 {

// Automatic differentiation
void polynomials(Section& section);
void several_variables(Section& section);
void graph(Section& section);
void field(Section& section);
void line(Section& section);
void oscillator(Section& section);
void dual_numbers(Section& section);

// Structures
void water(Section& section);
void silver(Section& section);
void lattice_constant(Section& section);
void nanoparticle(Section& section);
void oxygen(Section& section);
void gallery(Section& section);

}  // namespace adatom::apps::lesson2
