// What this file is: how long the numeric kernels take: matrix products of the shapes that training needs, a matrix
// times a vector, exp and tanh. OpenBLAS and the C library's vector functions (libmvec) are measured beside where they
// were found.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "autodiff/kernels/map.hpp"
#include "autodiff/kernels/matmul.hpp"
#include "autodiff/memory.hpp"
#include "problems.hpp"

#ifdef ADATOM_BENCH_OPENBLAS
#include <cblas.h>
#endif
#ifdef ADATOM_BENCH_LIBMVEC
#include <immintrin.h>
#endif

using namespace adatom;

namespace {

/// The same numbers in memory that starts where a line of the cache does, as tensors have it.
Buffer aligned(const std::vector<double>& numbers) {
  const Buffer copy(numbers.size());
  std::copy(numbers.begin(), numbers.end(), copy.data());
  return copy;
}

/// C = A · B with A (m, k) and B (k, n): Args m, k, n.
template <class Multiply>
void product(benchmark::State& state, Multiply multiply) {
  const auto m = static_cast<std::size_t>(state.range(0)), k = static_cast<std::size_t>(state.range(1)),
             n = static_cast<std::size_t>(state.range(2));
  const Buffer a = aligned(problems::uniform_values(m * k, 1.0, 3)),
               b = aligned(problems::uniform_values(k * n, 1.0, 4));
  const Buffer c(m * n);
  for (auto _ : state) {
    multiply(m, n, k, a.data(), b.data(), c.data());
    benchmark::DoNotOptimize(c.data());
    benchmark::ClobberMemory();
  }
  state.counters["GFLOP/s"] =
      benchmark::Counter(2e-9 * static_cast<double>(m * n * k), benchmark::Counter::kIsIterationInvariantRate);
}

void shapes(benchmark::internal::Benchmark* benchmark) {
  for (const std::int64_t n : {64, 128, 256, 512, 1024}) benchmark->Args({n, n, n});
  // A batch of rows times a layer's weights.
  for (const std::int64_t rows : {64, 512, 1024, 4096, 16384}) {
    for (const std::int64_t in : {16, 32, 64}) {
      for (const std::int64_t out : {16, 32, 64}) benchmark->Args({rows, in, out});
    }
  }
}

void matmul(benchmark::State& state) {
  product(state, [](std::size_t m, std::size_t n, std::size_t k, const double* a, const double* b, double* c) {
    kernels::matmul(kernels::Transpose::no, kernels::Transpose::no, m, n, k, a, b, c);
  });
}
BENCHMARK(matmul)->Apply(shapes);

#ifdef ADATOM_BENCH_OPENBLAS
void openblas_matmul(benchmark::State& state) {
  openblas_set_num_threads(1);
  product(state, [](std::size_t m, std::size_t n, std::size_t k, const double* a, const double* b, double* c) {
    const auto rows = static_cast<int>(m), columns = static_cast<int>(n), inner = static_cast<int>(k);
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, rows, columns, inner, 1.0, a, inner, b, columns, 0.0, c,
                columns);
  });
}
BENCHMARK(openblas_matmul)->Apply(shapes);
#endif

/// y = A · x or Aᵀ · x with A (n, n): Args n, transposed.
template <class Multiply>
void matrix_times_vector(benchmark::State& state, Multiply multiply) {
  const auto n = static_cast<std::size_t>(state.range(0));
  const Buffer a = aligned(problems::uniform_values(n * n, 1.0, 3)), x = aligned(problems::uniform_values(n, 1.0, 4));
  const Buffer y(n);
  for (auto _ : state) {
    multiply(n, state.range(1) == 1, a.data(), x.data(), y.data());
    benchmark::DoNotOptimize(y.data());
    benchmark::ClobberMemory();
  }
  state.counters["GFLOP/s"] =
      benchmark::Counter(2e-9 * static_cast<double>(n * n), benchmark::Counter::kIsIterationInvariantRate);
}

void vector_shapes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"n", "transposed"});
  for (const std::int64_t n : {16, 64, 256, 1024, 4096}) benchmark->Args({n, 0})->Args({n, 1});
}

void matrix_vector(benchmark::State& state) {
  matrix_times_vector(state, [](std::size_t n, bool transposed, const double* a, const double* x, double* y) {
    kernels::matmul(transposed ? kernels::Transpose::yes : kernels::Transpose::no, kernels::Transpose::no, n, 1, n, a,
                    x, y);
  });
}
BENCHMARK(matrix_vector)->Apply(vector_shapes);

#ifdef ADATOM_BENCH_OPENBLAS
void openblas_matrix_vector(benchmark::State& state) {
  openblas_set_num_threads(1);
  matrix_times_vector(state, [](std::size_t n, bool transposed, const double* a, const double* x, double* y) {
    const auto size = static_cast<int>(n);
    cblas_dgemv(CblasRowMajor, transposed ? CblasTrans : CblasNoTrans, size, size, 1.0, a, size, x, 1, 0.0, y, 1);
  });
}
BENCHMARK(openblas_matrix_vector)->Apply(vector_shapes);
#endif

/// f of n numbers in ±4.
template <class Function>
void map_of(benchmark::State& state, Function function) {
  const auto n = static_cast<std::size_t>(state.range(0));
  const std::vector<double> x = problems::uniform_values(n, 4.0, 5);
  std::vector<double> y(n);
  for (auto _ : state) {
    function(n, x.data(), y.data());
    benchmark::DoNotOptimize(y.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void exp(benchmark::State& state) {
  map_of(state, [](std::size_t n, const double* x, double* y) { kernels::map(kernels::Unary::exp, n, x, y); });
}
void tanh(benchmark::State& state) {
  map_of(state, [](std::size_t n, const double* x, double* y) { kernels::map(kernels::Unary::tanh, n, x, y); });
}
BENCHMARK(exp)->Arg(1024)->Arg(65536);
BENCHMARK(tanh)->Arg(1024)->Arg(65536);

#ifdef ADATOM_BENCH_LIBMVEC
// What compilers call for loops over exp and tanh with -ffast-math: 8 or 4 doubles at a time (x86-64 vector ABI).
extern "C" {
__m512d _ZGVeN8v_exp(__m512d);
__m512d _ZGVeN8v_tanh(__m512d);
__m256d _ZGVdN4v_exp(__m256d);
__m256d _ZGVdN4v_tanh(__m256d);
}

template <__m512d (*wide)(__m512d)>
__attribute__((target("avx512f"))) void map_avx512(std::size_t n, const double* x, double* y) {
  for (std::size_t i = 0; i < n; i += 8) _mm512_storeu_pd(y + i, wide(_mm512_loadu_pd(x + i)));
}
template <__m256d (*wide)(__m256d)>
__attribute__((target("avx2,fma"))) void map_avx2(std::size_t n, const double* x, double* y) {
  for (std::size_t i = 0; i < n; i += 4) _mm256_storeu_pd(y + i, wide(_mm256_loadu_pd(x + i)));
}

void libmvec(benchmark::State& state, void (*avx512)(std::size_t, const double*, double*),
             void (*avx2)(std::size_t, const double*, double*)) {
  if (__builtin_cpu_supports("avx512f")) {
    map_of(state, avx512);
  } else if (__builtin_cpu_supports("avx2")) {
    map_of(state, avx2);
  } else {
    state.SkipWithError("neither AVX-512 nor AVX2");
  }
}
void libmvec_exp(benchmark::State& state) { libmvec(state, map_avx512<_ZGVeN8v_exp>, map_avx2<_ZGVdN4v_exp>); }
void libmvec_tanh(benchmark::State& state) { libmvec(state, map_avx512<_ZGVeN8v_tanh>, map_avx2<_ZGVdN4v_tanh>); }
BENCHMARK(libmvec_exp)->Arg(1024)->Arg(65536);
BENCHMARK(libmvec_tanh)->Arg(1024)->Arg(65536);
#endif

}  // namespace
