# Writes ${SOURCE} as an array of bytes to ${GENERATED}; see AdatomEmbed.cmake.
file(READ ${SOURCE} bytes HEX)
string(REPEAT "[0-9a-f]" 64 line)
string(REGEX REPLACE "(${line})" "\\1\n" bytes "${bytes}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
file(WRITE ${GENERATED} "#include <string_view>

namespace adatom::apps::embedded {
namespace {
const unsigned char bytes[] = {
${bytes}};
}
extern const std::string_view ${NAME};
const std::string_view ${NAME}{reinterpret_cast<const char*>(bytes), sizeof bytes};
}
")
