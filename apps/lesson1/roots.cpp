#include "apps/lesson1/sections.hpp"

namespace adatom::apps::lesson1 {

void roots(Section& section) { section.say("Soon."); }

}  // namespace adatom::apps::lesson1
