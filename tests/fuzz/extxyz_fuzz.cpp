// Any bytes as an extended XYZ file: frames or an InputError, and what was read is a fixed point of writing and
// reading.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "atoms/extxyz.hpp"
#include "core/error.hpp"

using namespace adatom;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    ExtxyzReader reader = ExtxyzReader::from_text({reinterpret_cast<const char*>(data), size});
    while (const std::optional<Frame> frame = reader.next()) {
      std::string once;
      try {
        once = to_extxyz(*frame);
      } catch (const InputError&) {
        continue;  // readable, but beyond what the writer vouches for
      }
      const std::vector<Frame> again = parse_extxyz(once);
      if (again.size() != 1 || to_extxyz(again[0]) != once) std::abort();
    }
  } catch (const InputError&) {
  }
  return 0;
}
