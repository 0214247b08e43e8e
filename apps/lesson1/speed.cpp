// Why vectorised code is fast: what a processor can compute in a second, what its memory can deliver, and which of the
// two a computation waits for (the roofline model: S. Williams, A. Waterman and D. Patterson, Commun. ACM 52(4), 65
// (2009)).
#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "apps/lesson1/polynomial.hpp"
#include "apps/lesson1/sections.hpp"
#include "autodiff/arithmetic.hpp"
#include "autodiff/matmul.hpp"
#include "autodiff/reductions.hpp"
#include "core/parallel.hpp"

namespace adatom::apps::lesson1 {
namespace {

using Numbers = std::vector<double>;

constexpr double giga = 1e9, mega = 1e6;

/// Everything here on one thread, whatever --threads says.
class OneThread {
 public:
  OneThread() { set_thread_count(1); }
  ~OneThread() { set_thread_count(before_); }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  std::size_t before_ = thread_count();
};

// ── The same computation, written in three ways ──

/// y = 1 + x + x² + … + x^degree by Horner's rule, one number after the other: every step waits for the one before.
void one_by_one(std::size_t n, const double* x, double* y, int degree) {
  for (std::size_t i = 0; i < n; ++i) {
    double value = 1.0;
    for (int k = 0; k < degree; ++k) value = value * x[i] + 1.0;
    y[i] = value;
  }
}

/// As one writes it with tensors: every operation is a pass through memory. (The vectorised loop is polynomial_for.)
Tensor by_tensors(const Tensor& x, int degree) {
  Tensor value = 1.0 + x;
  for (int k = 1; k < degree; ++k) value = value * x + 1.0;
  return value;
}

// ── Measurements ──

/// One computation: what it does, what it moves, how long it takes.
struct Work {
  std::string name;
  double flops = 0.0, bytes = 0.0, seconds = 0.0;
  bool in_cache = false;  ///< its numbers lie in the caches close to the processor
  double result = 0.0;    ///< the last number it found
  double flops_per_byte() const { return flops / bytes; }
  double flops_per_second() const { return flops / seconds; }
  double bytes_per_second() const { return bytes / seconds; }
};

constexpr double place = 0.9;  // where all polynomials are computed

Work polynomial(const std::string& name, PolynomialKernel kernel, std::size_t count, int degree, bool in_cache) {
  const Numbers x(count, place);
  Numbers y(count);
  return {.name = name,
          .flops = 2.0 * degree * static_cast<double>(count),
          .bytes = 16.0 * static_cast<double>(count),
          .seconds = best_seconds([&] { kernel(count, x.data(), y.data(), degree), keep(y[0]); },
                                  in_cache || count < (1U << 20) ? 0.05 : 0.3),
          .in_cache = in_cache,
          .result = y.back()};
}

Work tensor_polynomial(std::size_t count, int degree) {
  const Tensor x = Tensor::full({count}, place);
  const NoGrad no_grad;
  // A product reads two arrays and writes one, an addition reads and writes one: 40 bytes for each pair, 16 for the
  // first addition.
  return {.name = "the same in tensors, large array",
          .flops = (2.0 * degree - 1.0) * static_cast<double>(count),
          .bytes = (40.0 * (degree - 1) + 16.0) * static_cast<double>(count),
          .seconds = best_seconds([&] { keep(by_tensors(x, degree).data()[0]); }, 0.2)};
}

Work tensor_sum(const std::string& name, std::size_t count, bool in_cache) {
  const Tensor x = Tensor::full({count}, 0.5);
  const NoGrad no_grad;
  return {.name = name,
          .flops = static_cast<double>(count),
          .bytes = 8.0 * static_cast<double>(count),
          .seconds = best_seconds([&] { keep(sum(x).item()); }, 0.1),
          .in_cache = in_cache};
}

Work matrix_product(std::size_t n) {
  const Tensor a = Tensor::full({n, n}, 0.5), b = Tensor::full({n, n}, 2.0);
  const NoGrad no_grad;
  const double size = static_cast<double>(n);
  return {.name = "product of matrices " + std::to_string(n) + "²",
          .flops = 2.0 * size * size * size,
          .bytes = 3.0 * 8.0 * size * size,
          .seconds = best_seconds([&] { keep(matmul(a, b).data()[0]); }, 0.2)};
}

/// What this machine can do at most, as measured: one thread.
struct Peaks {
  double flops = 0.0, cache = 0.0, memory = 0.0;  // 1/s, bytes/s, bytes/s
  /// The roof over a computation: it can be no faster than the arithmetic, nor than its bytes arrive.
  double roof(double flops_per_byte, double bandwidth) const { return std::min(flops, flops_per_byte * bandwidth); }
  double roof(const Work& w) const { return roof(w.flops_per_byte(), w.in_cache ? cache : memory); }
};

/// Sizes of the caches in bytes, as far as the system tells.
std::vector<double> cache_sizes() {
  std::vector<double> sizes;
#ifdef _SC_LEVEL1_DCACHE_SIZE
  for (const int name : {_SC_LEVEL1_DCACHE_SIZE, _SC_LEVEL2_CACHE_SIZE, _SC_LEVEL3_CACHE_SIZE}) {
    if (const long bytes = sysconf(name); bytes > 0) sizes.push_back(static_cast<double>(bytes));
  }
#endif
  return sizes;
}

// ── First: wide instructions ──

constexpr std::size_t small = 1 << 10;  // numbers; they fit the first cache

std::string instruction_name(Processor level) {
  const std::string numbers = std::to_string(numbers_per_instruction(level)) + " numbers an instruction";
  return level == Processor::baseline ? numbers : numbers + ", product and sum in one";
}

void wide_instructions(const Section& section) {
  section.say(
      "A processor computes in ticks. An instruction takes some four of them from start to end, but a new one, even "
      "two, can start at every tick, if they need not wait for each other; and one instruction can work on several "
      "numbers, that is a vector. A loop that does one number after the other uses neither. Here is one polynomial, 1 "
      "+ x + x² + … + x⁶⁴, of the same " +
      count_text(small) +
      " numbers, in two loops: the first finishes each number before it begins the next, the second has eight vectors "
      "under way.");
  Table table({"loop", "at x = 0.9", "Gflop/s", "faster by"}, {0});
  std::vector<Work> works{polynomial("one number after the other", one_by_one, small, 64, true)};
  for (const Processor level : {Processor::baseline, Processor::avx2, Processor::avx512}) {
    if (level <= processor())
      works.push_back(polynomial("eight vectors, " + instruction_name(level), polynomial_for(level), small, 64, true));
  }
  for (const Work& w : works)
    table.add(
        {w.name, fixed(w.result, 9), fixed(w.flops_per_second() / giga, 2), fixed(works[0].seconds / w.seconds, 1)});
  section.show(table);
}

// ── Second: the caches ──

/// Time for each number of a sum against the size of the array.
struct CacheStudy {
  std::vector<double> bytes, loop, tensor, product;  // ns a number
};

double loop_sum(const Numbers& x) {
  double sum = 0.0;
  for (const double each : x) sum += each;
  return sum;
}

CacheStudy study_caches(bool quick) {
  CacheStudy s;
  const NoGrad no_grad;
  for (std::size_t count = 256; count <= (quick ? 1U << 14 : 1U << 24); count *= 2) {
    const Numbers x(count, 1.0);
    const Tensor a = Tensor::constant({count}, x), b = Tensor::constant({count}, x);
    const double per_number = 1e9 / static_cast<double>(count), duration = quick ? 0.01 : 0.05;
    s.bytes.push_back(8.0 * static_cast<double>(count));
    s.loop.push_back(per_number * best_seconds([&] { keep(loop_sum(x)); }, duration));
    s.tensor.push_back(per_number * best_seconds([&] { keep(sum(a).item()); }, duration));
    s.product.push_back(per_number * best_seconds([&] { keep((a * b).data()[0]); }, duration));
  }
  return s;
}

std::string cache_marks() {
  std::string settings =
      "set format x '%.0b %BB'\n"
      "set logscale x 2\n"
      "set xtics 16\n"
      "set xrange [1024:2**29]\n"
      "set yrange [0:*]\n";
  const std::vector<double> sizes = cache_sizes();
  for (std::size_t k = 0; k < sizes.size(); ++k) {
    const std::string x = general(sizes[k], 12);
    settings += "set arrow from first " + x + ", graph 0 to first " + x +
                ", graph 0.91 nohead dashtype 3 linecolor rgb '#777777'\n";
    settings +=
        "set label 'L" + std::to_string(k + 1) + "' at first " + x + ", graph 0.95 center textcolor rgb '#555555'\n";
  }
  return settings;
}

Panel across_the_caches(const Section& section, const CacheStudy& caches) {
  section.say(
      "Numbers must also arrive. Memory is far away, so the processor keeps what it has used lately in caches, small "
      "ones close by, larger ones farther off. A sum does one addition for every 8 bytes; what it costs depends on "
      "where they come from:");
  Table table({"size of array\nkiB", "sum, loop\nns/number", "sum, tensor\nns/number", "product, tensors\nns/number",
               "sum, tensor: reads\nGB/s"});
  for (std::size_t i = 0; i < caches.bytes.size(); i += 2) {
    table.add({count_text(static_cast<std::size_t>(caches.bytes[i] / 1024.0)), fixed(caches.loop[i], 3),
               fixed(caches.tensor[i], 3), fixed(caches.product[i], 3), fixed(8.0 / caches.tensor[i], 1)});
  }
  section.show(table);
  section.say(
      "The loop hardly notices the caches, because it waits for its own last addition all the time. The tensor's sum "
      "keeps many additions under way, and so feels every cache. The product of two tensors moves three times as many "
      "bytes: it reads two arrays and writes one.");
  return {.title = "Time for each number across the caches",
          .x_label = "size of the array",
          .y_label = "time for each number (ns)",
          .curves = {{"sum, loop", caches.bytes, caches.loop, Style::lines_points},
                     {"sum, tensor", caches.bytes, caches.tensor, Style::lines_points},
                     {"product a·b, tensors", caches.bytes, caches.product, Style::lines_points}},
          .log_x = true,
          .settings = cache_marks()};
}

// ── Third: arithmetic against memory ──

/// Computations of rising flops per byte, and the machine's peaks.
struct RooflineStudy {
  std::vector<Work> in_cache, in_memory;  // polynomials of rising degree
  Work slow_loop, sum, near_sum, composed, product;
  Peaks peaks;
};

/// The best of everything measured.
Peaks peaks_of(const RooflineStudy& s) {
  std::vector<Work> all{s.slow_loop, s.sum, s.near_sum, s.composed, s.product};
  all.insert(all.end(), s.in_cache.begin(), s.in_cache.end());
  all.insert(all.end(), s.in_memory.begin(), s.in_memory.end());
  Peaks peaks;
  for (const Work& w : all) {
    peaks.flops = std::max(peaks.flops, w.flops_per_second());
    double& bandwidth = w.in_cache ? peaks.cache : peaks.memory;
    bandwidth = std::max(bandwidth, w.bytes_per_second());
  }
  return peaks;
}

RooflineStudy study_roofline(bool quick) {
  const std::size_t large = quick ? 1 << 16 : 1 << 23;  // 64 MB
  const PolynomialKernel kernel = polynomial_for(processor());
  RooflineStudy s;
  for (const int degree : {1, 2, 4, 8, 16, 32, 64, 128}) {
    const std::string name = "polynomial of degree " + std::to_string(degree) + ", ";
    s.in_cache.push_back(polynomial(name + "small array", kernel, small, degree, true));
    s.in_memory.push_back(polynomial(name + "large array", kernel, large, degree, false));
  }
  s.slow_loop = polynomial("the same one by one, large array", one_by_one, large, 16, false);
  s.composed = tensor_polynomial(large, 16);
  s.sum = tensor_sum("sum, large array", large, false);
  s.near_sum = tensor_sum("sum, small array", small, true);
  s.product = matrix_product(quick ? 128 : 768);
  s.peaks = peaks_of(s);
  return s;
}

Table roofline_table(const RooflineStudy& s) {
  Table table(
      {"computation\n", "Mflop\n", "MB\nmoved", "flop/\nbyte", "GB/s\n", "Gflop/s\n", "roof\nGflop/s", "of the\nroof"},
      {0});
  for (const Work& w :
       {s.sum, s.in_memory[0], s.composed, s.slow_loop, s.in_memory[4], s.in_memory[7], s.in_cache[4], s.product}) {
    table.add({w.name, general(w.flops / mega, 4), general(w.bytes / mega, 4), general(w.flops_per_byte(), 2),
               fixed(w.bytes_per_second() / giga, 1), fixed(w.flops_per_second() / giga, 2),
               fixed(s.peaks.roof(w) / giga, 1), fixed(100.0 * w.flops_per_second() / s.peaks.roof(w), 0) + " %"});
  }
  return table;
}

Curve points(const std::string& title, const std::vector<Work>& works) {
  Curve curve{title, {}, {}, Style::points};
  for (const Work& w : works) {
    curve.x.push_back(w.flops_per_byte());
    curve.y.push_back(w.flops_per_second() / giga);
  }
  return curve;
}

Panel roofline_panel(const RooflineStudy& s) {
  const std::vector<double> intensity = logspace(0.02, 200.0, 200);
  const auto roof = [&](const std::string& title, double bandwidth, Style style) {
    const std::vector<double> speed = tabulate(intensity, [&](double i) { return s.peaks.roof(i, bandwidth) / giga; });
    return Curve{title, intensity, speed, style, {}, "#999999"};
  };
  return {.title = "Roofline of this machine, one thread",
          .x_label = "operations for each byte moved (flop/byte)",
          .y_label = "speed (Gflop/s)",
          .curves = {roof("roof of the cache", s.peaks.cache, Style::dashes),
                     roof("roof of the memory", s.peaks.memory, Style::lines), points("polynomials, cache", s.in_cache),
                     points("polynomials, memory", s.in_memory), points("degree 16 in tensors", {s.composed}),
                     points("degree 16 one by one", {s.slow_loop}), points("matrix product", {s.product})},
          .log_x = true,
          .log_y = true,
          .settings =
              "set format '%g'\nset xrange [0.02:200]\nset yrange [*:" + general(2.0 * s.peaks.flops / giga, 3) + "]"};
}

Panel roofline(const Section& section, const RooflineStudy& s) {
  section.say("Now both together. This machine computes at most " + fixed(s.peaks.flops / giga, 1) +
              " Gflop/s (10⁹ operations a second), gets " + fixed(s.peaks.cache / giga, 0) +
              " GB/s from its nearest cache and " + fixed(s.peaks.memory / giga, 1) +
              " GB/s from a large array, as measured here with one thread. A computation that does so many operations "
              "for each byte it moves can be no faster than the smaller of the peak and (operations per byte) × (bytes "
              "per second): that is its roof.");
  section.show(roofline_table(s));
  section.say(
      "The polynomial of degree 16 reads each number once and writes one; composed of tensor operations it goes "
      "through memory once for each of its 32 operations, so that it has a low roof though the arithmetic is the same. "
      "That is why hot paths are \"fused\" into one loop, and why networks are made of matrix products: n³ operations "
      "on n² numbers.");
  return roofline_panel(s);
}

}  // namespace

void speed(Section& section) {
  const OneThread one_thread;
  wide_instructions(section);
  const Panel levels = across_the_caches(section, study_caches(section.quick));
  const RooflineStudy study = study_roofline(section.quick);
  const Panel roofs = roofline(section, study);
  section.plot("speed", {levels, roofs},
               "Left: dashes mark the caches; the tensors' curves climb behind them. Right: points on the slope wait "
               "for memory, points at the flat roof for arithmetic; points far below wait for themselves. Those that "
               "also write lie somewhat below the slope, since a processor reads what it is about to change.",
               {.width = 760, .height = 580});
  section.conclude(
      "Both may be the bottleneck, and one can tell beforehand: below " +
      general(study.peaks.flops / study.peaks.memory, 2) +
      " operations for each byte of a large array this machine waits for memory. Degree 16 in one vectorised loop is " +
      fixed(study.composed.seconds / study.in_memory[4].seconds, 1) + " times faster than in tensors, and " +
      fixed(study.slow_loop.seconds / study.in_memory[4].seconds, 1) +
      " times faster than one number after the other.");
}

}  // namespace adatom::apps::lesson1
