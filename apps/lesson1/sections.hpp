// What this file is: the sections of lesson 1, in their order.
#pragma once

#include "apps/lesson.hpp"

namespace adatom::apps::lesson1 {

void roots(Section& section);

}  // namespace adatom::apps::lesson1
