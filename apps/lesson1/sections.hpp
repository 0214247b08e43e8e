// What this file is: the sections of lesson 1, in their order; each has a file of its name.
#pragma once

#include "apps/lesson.hpp"

namespace adatom::apps::lesson1 {

void sums(Section& section);
void speed(Section& section);
void classes(Section& section);
void roots(Section& section);
void integration(Section& section);
void interpolation(Section& section);
void random_numbers(Section& section);
void floating_point(Section& section);

}  // namespace adatom::apps::lesson1
