// Why vectorised code is fast: what a processor can add in a second, what memory can deliver, and which of the two a
// loop waits for (the roofline model: S. Williams, A. Waterman and D. Patterson, Commun. ACM 52(4), 65 (2009)).
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "apps/lesson1/sections.hpp"
#include "autodiff/arithmetic.hpp"
#include "autodiff/matmul.hpp"
#include "autodiff/reductions.hpp"
#include "core/parallel.hpp"
#include "core/processor.hpp"

namespace adatom::apps::lesson1 {
namespace {

using Numbers = std::vector<double>;

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

double loop_sum(const Numbers& x) {
  double sum = 0.0;
  for (const double each : x) sum += each;
  return sum;
}

/// y = 1 + x + x² + … + x^degree by Horner's rule: 2·degree operations on 16 bytes (8 read, 8 written). Sixteen numbers
/// at a time, so that no chain of operations waits for its own end.
void polynomial(const Numbers& x, Numbers& y, int degree) {
  for (std::size_t i = 0; i + 16 <= x.size(); i += 16) {
    std::array<double, 16> value;
    value.fill(1.0);
    for (int k = 0; k < degree; ++k) {
      for (std::size_t j = 0; j < 16; ++j) value[j] = value[j] * x[i + j] + 1.0;
    }
    for (std::size_t j = 0; j < 16; ++j) y[i + j] = value[j];
  }
}

/// The same as a student writes it with tensors: every operation is a pass through memory.
Tensor polynomial(const Tensor& x, int degree) {
  Tensor value = 1.0 + x;
  for (int k = 1; k < degree; ++k) value = value * x + 1.0;
  return value;
}

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

/// Time for each number of a sum against the size of the array.
struct CacheStudy {
  std::vector<double> bytes, loop, tensor, product;  // ns a number
};

CacheStudy study_caches(bool quick) {
  CacheStudy s;
  const NoGrad no_grad;
  for (std::size_t count = 256; count <= (quick ? 1U << 14 : 1U << 24); count *= 2) {
    const Numbers x(count, 1.0);
    const Tensor a = Tensor::constant({count}, x), b = Tensor::constant({count}, x);
    const double per_number = 1e9 / static_cast<double>(count);
    s.bytes.push_back(8.0 * static_cast<double>(count));
    s.loop.push_back(per_number * best_seconds([&] { keep(loop_sum(x)); }, 0.05));
    s.tensor.push_back(per_number * best_seconds([&] { keep(sum(a).item()); }, 0.05));
    s.product.push_back(per_number * best_seconds([&] { keep((a * b).data()[0]); }, 0.05));
  }
  return s;
}

/// One computation as a point of the roofline.
struct Work {
  std::string name;
  double flops_per_byte = 0.0, flops_per_second = 0.0;
};

Work matrix_product(std::size_t n) {
  const Tensor a = Tensor::full({n, n}, 0.5), b = Tensor::full({n, n}, 2.0);
  const NoGrad no_grad;
  const double size = static_cast<double>(n), flops = 2.0 * size * size * size;
  return {"matrix product " + std::to_string(n) + "²", flops / (3.0 * 8.0 * size * size),
          flops / best_seconds([&] { keep(matmul(a, b).data()[0]); }, 0.2)};
}

Work polynomial_loop(std::size_t count, int degree) {
  const Numbers x(count, 0.5);
  Numbers y(count);
  const double flops = 2.0 * degree * static_cast<double>(count);
  const double seconds = best_seconds([&] { polynomial(x, y, degree), keep(y[0]); }, 0.1);
  return {"polynomial of degree " + std::to_string(degree), flops / (16.0 * static_cast<double>(count)),
          flops / seconds};
}

Work polynomial_tensors(std::size_t count, int degree) {
  const Tensor x = Tensor::full({count}, 0.5);
  const NoGrad no_grad;
  // A product reads two arrays and writes one, an addition reads and writes one: 40 bytes for two operations.
  const double flops = 2.0 * degree * static_cast<double>(count);
  return {"the same with tensors", 2.0 / 40.0,
          flops / best_seconds([&] { keep(polynomial(x, degree).data()[0]); }, 0.2)};
}

Curve points(const std::string& title, const std::vector<Work>& works) {
  Curve curve{title, {}, {}, Style::points};
  for (const Work& work : works) {
    curve.x.push_back(work.flops_per_byte);
    curve.y.push_back(1e-9 * work.flops_per_second);
  }
  return curve;
}

std::string cache_marks() {
  std::string settings =
      "set key top left\nset format x '%.0b %BB'\nset logscale x 2\nset xtics 16\nset xrange [1024:2**29]\nset yrange "
      "[0:*]\n";
  const std::vector<double> sizes = cache_sizes();
  for (std::size_t k = 0; k < sizes.size(); ++k) {
    const std::string x = general(sizes[k], 12);
    settings += "set arrow from first " + x + ", graph 0 to first " + x +
                ", graph 0.72 nohead dashtype 3 linecolor rgb '#777777'\n";
    settings +=
        "set label 'L" + std::to_string(k + 1) + "' at first " + x + ", graph 0.75 center textcolor rgb '#555555'\n";
  }
  return settings;
}

Panel cache_section(const Section& section, const CacheStudy& caches) {
  section.say(
      "A sum of numbers does one addition for 8 bytes. Close to the processor (in its caches) the additions take the "
      "time; far away, the bytes. One thread; the library's kernels use this processor's " +
      std::string(name(processor())) + " instructions.");
  Table table({"size of array\nkiB", "loop sum\nns/number", "tensor sum\nns/number", "tensor product\nns/number",
               "tensor sum reads\nGB/s"});
  for (std::size_t i = 0; i < caches.bytes.size(); i += 2) {
    table.add({count_text(static_cast<std::size_t>(caches.bytes[i] / 1024.0)), fixed(caches.loop[i], 3),
               fixed(caches.tensor[i], 3), fixed(caches.product[i], 3), fixed(8.0 / caches.tensor[i], 1)});
  }
  section.show(table);
  section.say(
      "The loop hardly notices the caches: it waits for its own last addition, and only main memory may make it wait "
      "longer. The tensor's sum keeps many additions in flight, and vector registers do several at once; so it feels "
      "every cache. The product of two tensors moves three times as many bytes.");
  return {.title = "Time for each number across the caches",
          .x_label = "size of the array",
          .y_label = "time for each number (ns)",
          .curves = {{"sum, loop", caches.bytes, caches.loop, Style::lines_points},
                     {"sum, tensor", caches.bytes, caches.tensor, Style::lines_points},
                     {"product a·b, tensors", caches.bytes, caches.product, Style::lines_points}},
          .log_x = true,
          .settings = cache_marks()};
}

/// What was measured for the roofline.
struct RooflineStudy {
  std::vector<Work> in_cache, in_memory;  ///< polynomials of rising degree in one loop
  Work composed, product;
};

RooflineStudy study_roofline(bool quick) {
  const std::size_t small = 1 << 10, large = quick ? 1 << 16 : 1 << 23;
  RooflineStudy s{.in_cache = {},
                  .in_memory = {},
                  .composed = polynomial_tensors(large, 16),
                  .product = matrix_product(quick ? 128 : 768)};
  for (const int degree : {1, 2, 4, 8, 16, 32, 64}) {
    s.in_cache.push_back(polynomial_loop(small, degree));
    s.in_memory.push_back(polynomial_loop(large, degree));
  }
  return s;
}

Panel roofline_section(const Section& section, const RooflineStudy& s, double cache_bandwidth) {
  Table table({"computation\n", "flops per byte\n", "Gflop/s\n", "waits for\n"}, {0, 3});
  const auto add = [&table](const Work& w, const std::string& where, const std::string& what) {
    table.add({w.name + where, general(w.flops_per_byte, 3), fixed(1e-9 * w.flops_per_second, 2), what});
  };
  add(s.in_memory.front(), ", large array", "memory");
  add(s.in_memory[4], ", large array", "arithmetic");
  add(s.composed, ", large array", "memory");
  add(s.in_cache[4], ", small array", "arithmetic");
  add(s.product, "", "arithmetic, in wide vectors");
  section.show(table);
  section.say(
      "A computation is limited by memory while flops per byte × bandwidth is below what the processor can compute. "
      "The polynomial of degree 16 in one loop reads each number once; composed of tensor operations it goes through "
      "memory 32 times. That is why hot paths are \"fused\" into one kernel, and why networks are made of matrix "
      "products: n³ operations on n² numbers.");

  const double bandwidth = 1e-9 * s.in_memory.front().flops_per_second / s.in_memory.front().flops_per_byte,
               peak = 1e-9 * s.product.flops_per_second;
  const std::vector<double> intensity = logspace(0.03, 200.0, 60);
  const auto roof = [&](const std::string& title, double slope, Style style) {
    return Curve{title, intensity, tabulate(intensity, [&](double i) { return std::min(slope * i, peak); }),
                 style, {},        "#999999"};
  };
  return {.title = "Roofline of this machine, one thread",
          .x_label = "operations for each byte moved",
          .y_label = "speed (10^9 operations/s)",
          .curves = {roof("roof of the caches", cache_bandwidth, Style::dashes),
                     roof("roof of main memory", bandwidth, Style::lines),
                     points("polynomials, one loop, in cache", s.in_cache),
                     points("polynomials, one loop, in memory", s.in_memory),
                     points("polynomial of tensors, in memory", {s.composed}), points("matrix product", {s.product})},
          .log_x = true,
          .log_y = true,
          .settings = "set key bottom right\nset format '%g'\nset yrange [0.02:*]\nset xrange [0.02:300]"};
}

}  // namespace

void speed(Section& section) {
  const OneThread one_thread;
  const CacheStudy caches = study_caches(section.quick);
  const Panel levels = cache_section(section, caches);
  const double cache_bandwidth = 8.0 / *std::min_element(caches.tensor.begin(), caches.tensor.end());  // GB/s
  const Panel roofline = roofline_section(section, study_roofline(section.quick), cache_bandwidth);
  section.plot("speed", {levels, roofline},
               "Left: dashes mark the caches; the tensor's curves climb behind them. Right: points on a slope wait for "
               "memory. The loop stays below the flat roof, because it was compiled for every processor; the matrix "
               "product was for this one.");
}

}  // namespace adatom::apps::lesson1
