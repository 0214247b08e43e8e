// What this file is: a library that is loaded into the command (LD_PRELOAD) and gives it a locale with decimal commas
// before main() begins, as a plugin or another language's runtime might.
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <locale>

namespace {

__attribute__((constructor)) void set_foreign_locale() {
  const char* const name = "de_DE.UTF-8";
  char text[16] = "";
  if (std::setlocale(LC_ALL, name) != nullptr) {
    std::locale::global(std::locale(name));
    std::snprintf(text, sizeof text, "%.1f", 2.5);
  }
  if (std::strcmp(text, "2,5") == 0) return;
  std::fputs("the foreign locale could not be set\n", stderr);
  std::_Exit(99);
}

}  // namespace
