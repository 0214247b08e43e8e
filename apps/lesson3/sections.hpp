// What this file is: the sections of lesson 3, in their order; each has a file of its name.
#pragma once

#include "apps/lesson.hpp"

namespace adatom::apps::lesson3 {

void lennard_jones(Section& section);
void three_atoms(Section& section);
void relaxation(Section& section);
void vibration(Section& section);
void dynamics(Section& section);
void barrier(Section& section);
void basin_hopping(Section& section);
void trainable(Section& section);
void test_set(Section& section);

}  // namespace adatom::apps::lesson3
