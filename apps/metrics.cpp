#include "apps/metrics.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/file.hpp"

namespace adatom::apps {
namespace {

void require_finite(const nlohmann::json& value, const std::string& place) {
  if (value.is_number_float() && !std::isfinite(value.get<double>())) {
    throw NumericalError("the metric " + place + " is not a finite number");
  }
  if (!value.is_structured()) return;
  for (const auto& [key, inner] : value.items()) require_finite(inner, place + "/" + key);
}

}  // namespace

void write_metrics(const std::filesystem::path& path, const nlohmann::json& metrics) {
  if (path.empty()) return;
  require_finite(metrics, "");
  // Texts (file names) that are not UTF-8 must not cost the user the results.
  write_file(path, metrics.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

}  // namespace adatom::apps
