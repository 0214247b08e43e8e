// What this file is: the text form of archives, shared by archive.cpp and archive_text.cpp.
#pragma once

#include <string_view>

namespace adatom {

/// Characters that names of entries consist of.
inline bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_.-:/").find(c) != std::string_view::npos;
}

}  // namespace adatom
