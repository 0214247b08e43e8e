// What this file is: the numbers that our benchmarks and the peers' programs start from, so that both solve the same
// problem to the same digits. Standard library alone: programs of peers include it too.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace problems {

/// splitmix64 (Vigna), uniform in [-amplitude, amplitude).
struct SplitMix {
  std::uint64_t state;

  double uniform(double amplitude) {
    std::uint64_t z = (state += 0x9E3779B97F4A7C15ull);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    z ^= z >> 31;
    return (2.0 * (static_cast<double>(z >> 11) * 0x1.0p-53) - 1.0) * amplitude;
  }
};

inline std::vector<double> uniform_values(std::size_t count, double amplitude, std::uint64_t seed) {
  SplitMix random{seed};
  std::vector<double> values(count);
  for (double& value : values) value = random.uniform(amplitude);
  return values;
}

/// x y z of n atoms: the first ones of a simple cubic lattice, 1.12 apart, each coordinate shaken by up to `shake`.
inline std::vector<double> cluster(std::size_t n, double shake = 0.05, std::uint64_t seed = 7) {
  SplitMix random{seed};
  std::size_t edge = 1;
  while (edge * edge * edge < n) ++edge;
  std::vector<double> x;
  for (std::size_t i = 0; i < n; ++i) {
    for (const std::size_t place : {i / (edge * edge), i / edge % edge, i % edge}) {
      x.push_back(1.12 * static_cast<double>(place) + random.uniform(shake));
    }
  }
  return x;
}

/// The Lennard-Jones melt of LAMMPS's benchmarks in reduced units: a face-centred cubic crystal of 4 edge³ atoms,
/// density 0.8442, cutoff 2.5 (plain), skin 0.3 with a list every 20 steps, time step 0.005, velocities of
/// temperature 1.44.
struct Melt {
  static constexpr double density = 0.8442, cutoff = 2.5, skin = 0.3, time_step = 0.005, temperature = 1.44;
  static constexpr std::size_t list_every = 20;
  double length = 0.0;  ///< of the cube
  std::vector<double> positions, velocities;
};
inline Melt melt(std::size_t edge) {
  Melt m;
  const double a = std::cbrt(4.0 / Melt::density);
  m.length = a * static_cast<double>(edge);
  const double basis[4][3] = {{0, 0, 0}, {0, .5, .5}, {.5, 0, .5}, {.5, .5, 0}};
  for (std::size_t cell = 0; cell < edge * edge * edge; ++cell) {
    for (const auto& b : basis) {
      m.positions.push_back(a * (static_cast<double>(cell / (edge * edge)) + b[0]));
      m.positions.push_back(a * (static_cast<double>(cell / edge % edge) + b[1]));
      m.positions.push_back(a * (static_cast<double>(cell % edge) + b[2]));
    }
  }
  m.velocities = uniform_values(m.positions.size(), 1.0, 21);
  const std::size_t n = m.positions.size() / 3;
  double sum[3] = {0, 0, 0}, squares = 0.0;
  for (std::size_t k = 0; k < 3 * n; ++k) sum[k % 3] += m.velocities[k];
  for (std::size_t k = 0; k < 3 * n; ++k) m.velocities[k] -= sum[k % 3] / static_cast<double>(n);
  for (const double v : m.velocities) squares += v * v;
  const double scale = std::sqrt(Melt::temperature * 3.0 * static_cast<double>(n - 1) / squares);
  for (double& v : m.velocities) v *= scale;
  return m;
}

/// Training of multilayer perceptrons (tanh, mean squared error, Adam): widths and rows of the batch.
struct Training {
  std::vector<std::size_t> sizes;
  std::size_t rows;
};
inline const std::vector<Training> trainings{{{1, 16, 16, 1}, 32},
                                             {{27, 25, 25, 1}, 512},
                                             {{64, 64, 64, 1}, 64},
                                             {{64, 64, 64, 1}, 1024},
                                             {{256, 256, 256, 1}, 1024}};

/// Weights (out, in) of layer `l` and its biases, uniform in ±1/√in.
inline std::vector<double> layer_weights(const std::vector<std::size_t>& sizes, std::size_t l) {
  return uniform_values(sizes[l] * sizes[l + 1], 1.0 / std::sqrt(static_cast<double>(sizes[l])), 11 + 2 * l);
}
inline std::vector<double> layer_biases(const std::vector<std::size_t>& sizes, std::size_t l) {
  return uniform_values(sizes[l + 1], 1.0 / std::sqrt(static_cast<double>(sizes[l])), 12 + 2 * l);
}

inline std::vector<double> training_inputs(const Training& t) { return uniform_values(t.rows * t.sizes[0], 1.0, 101); }
/// sin(3 Σ inputs of the row)
inline std::vector<double> training_targets(const Training& t) {
  const std::vector<double> x = training_inputs(t);
  std::vector<double> y(t.rows);
  for (std::size_t i = 0; i < t.rows; ++i) {
    double sum = 0.0;
    for (std::size_t j = 0; j < t.sizes[0]; ++j) sum += x[i * t.sizes[0] + j];
    y[i] = std::sin(3.0 * sum);
  }
  return y;
}

/// Force matching: 10 clusters of 38 atoms. Each atom is described by Σ_j exp(−20 (r_ij − μ_k)²) (cos(π r_ij/4) + 1)/2
/// over neighbours closer than 4, for 32 values of μ from 0.8 to 4; a network 32-32-32-1 (tanh) gives its energy. The
/// loss is the mean of ((E − E_label)/N)² plus the mean of (F − F_label)² over components.
struct ForceMatching {
  static constexpr std::size_t structures = 10, atoms = 38, functions = 32;
  static constexpr double cutoff = 4.0, eta = 20.0, first_shift = 0.8;
  static double shift(std::size_t k) {
    return first_shift + (cutoff - first_shift) * static_cast<double>(k) / static_cast<double>(functions - 1);
  }
  static std::vector<std::size_t> sizes() { return {functions, 32, 32, 1}; }
  static std::vector<double> positions(std::size_t s) { return cluster(atoms, 0.1, 7 + s); }
  static std::vector<double> energies() { return uniform_values(structures, 1.0, 55); }
  static std::vector<double> forces() { return uniform_values(structures * atoms * 3, 1.0, 56); }
};

}  // namespace problems
