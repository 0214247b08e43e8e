// Any bytes as the body of a model file: a model or an InputError. The checksum that would stop all of them at the door
// is put below; without it, and with it, nothing may crash. What is accepted is a fixed point of writing and reading.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "core/error.hpp"
#include "nn/archive.hpp"
#include "potentials/local_ansatz.hpp"

using namespace adatom;

namespace {

void load(const std::string& text) {
  try {
    const Archive archive = Archive::parse(text, "model", 1, "fuzz");
    const std::string once = archive.text();
    if (Archive::parse(once, "model", 1, "fuzz").text() != once) std::abort();
    load_local_ansatz(archive);
  } catch (const Error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text(reinterpret_cast<const char*>(data), size);
  load(text);
  if (const std::size_t last = text.rfind("checksum = "); last != std::string::npos) text.resize(last);
  char line[32];
  std::snprintf(line, sizeof line, "checksum = %016llx\n", static_cast<unsigned long long>(checksum(text)));
  load(text + line);
  return 0;
}
