#include "core/random.hpp"

#include <cmath>
#include <sstream>

#include "core/error.hpp"

namespace adatom {

double Random::normal() {
  // Polar method: a uniform point in the unit disc gives two normals; the second is dropped to keep the state small.
  for (;;) {
    const double u = 2.0 * uniform() - 1.0;
    const double v = 2.0 * uniform() - 1.0;
    const double s = u * u + v * v;
    if (s > 0.0 && s < 1.0) return u * std::sqrt(-2.0 * std::log(s) / s);
  }
}

std::size_t Random::below(std::size_t count) {
  // Numbers past the largest multiple of `count` are drawn again, so that every remainder is equally likely.
  if (count == 0) throw InputError("random: an integer below 0 was asked for, expected a limit of at least 1");
  const std::uint64_t n = count;
  const std::uint64_t remainder = (UINT64_MAX % n + 1) % n;
  for (;;) {
    const std::uint64_t x = engine_();
    if (x <= UINT64_MAX - remainder) return static_cast<std::size_t>(x % n);
  }
}

std::array<double, 3> Random::direction() {
  for (;;) {
    const double x = 2.0 * uniform() - 1.0, y = 2.0 * uniform() - 1.0, z = 2.0 * uniform() - 1.0;
    const double r2 = x * x + y * y + z * z;
    if (r2 > 1e-4 && r2 <= 1.0) {
      const double scale = 1.0 / std::sqrt(r2);
      return {x * scale, y * scale, z * scale};
    }
  }
}

Random Random::split(std::uint64_t index) {
  // splitmix64's finaliser separates neighbouring indices.
  std::uint64_t z = engine_() + (index + 1) * 0x9E3779B97F4A7C15ull;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return Random(z ^ (z >> 31));
}

std::string Random::state() const {
  std::ostringstream out;
  out.imbue(std::locale::classic());
  out << engine_;
  return out.str();
}

void Random::set_state(const std::string& text) {
  std::istringstream in(text);
  in.imbue(std::locale::classic());
  std::mt19937_64 engine;
  if (!(in >> engine) || !(in >> std::ws).eof()) {
    throw InputError("the saved state of the random numbers is damaged");
  }
  engine_ = engine;
}

}  // namespace adatom
