#include "apps/last_frame.hpp"

#include <utility>
#include <vector>

#include "apps/console.hpp"
#include "apps/table.hpp"
#include "core/error.hpp"

namespace adatom::apps {

Frame last_frame(const std::filesystem::path& path, const std::string& remark) {
  std::vector<Frame> frames = read_extxyz(path);
  if (frames.empty()) throw InputError("'" + path.string() + "' holds no structure");
  if (frames.size() > 1) note("'" + path.string() + "' holds " + plural(frames.size(), "frame") + "; " + remark);
  return std::move(frames.back());
}

}  // namespace adatom::apps
