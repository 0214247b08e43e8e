#include "atoms/message_text.hpp"

namespace adatom {

std::string printable(std::string_view text, std::size_t longest) {
  std::string result;
  for (const char c : text.substr(0, longest)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f) {
      result += c;
    } else {
      constexpr char digits[] = "0123456789abcdef";
      result += {'\\', 'x', digits[byte / 16], digits[byte % 16]};
    }
  }
  if (text.size() > longest) result += "...";
  return result;
}

std::string in_quotes(std::string_view text) {
  std::string result(1, '\'');  // "'" + … draws a false warning from GCC 12
  result += printable(text);
  result += '\'';
  return result;
}

}  // namespace adatom
