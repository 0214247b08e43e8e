#include "autodiff/kernels/matmul.hpp"

#include <algorithm>
#include <new>

#include "autodiff/kernels/tables.hpp"
#include "core/parallel.hpp"

namespace adatom::kernels {
namespace {

/// Below this many multiplications, waking threads costs more than it saves.
constexpr double worth_sharing = 2e6;

/// One growing block of memory per thread.
class Workspace {
 public:
  Workspace() = default;
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;
  ~Workspace() { release(); }

  double* doubles(std::size_t count) {
    if (count > capacity_) {
      release();
      data_ = static_cast<double*>(::operator new (count * sizeof(double), std::align_val_t{64}));
      capacity_ = count;
    }
    return data_;
  }

 private:
  void release() {
    ::operator delete (data_, std::align_val_t{64});
    data_ = nullptr;
    capacity_ = 0;
  }

  double* data_ = nullptr;
  std::size_t capacity_ = 0;
};

double* workspace(std::size_t doubles) {
  thread_local Workspace memory;
  return memory.doubles(doubles);
}

}  // namespace

void matmul(Transpose a_form, Transpose b_form, std::size_t m, std::size_t n, std::size_t k, const double* a,
            const double* b, double* c, const double* bias, bool accumulate) {
  if (m == 0 || n == 0) return;
  if (accumulate && bias) {
    map(Binary::add, m, n, whole(c, n), one_row(bias), c);
    bias = nullptr;
  }
  Product product{};
  product.m = m;
  product.n = n;
  product.k = k;
  product.a = a_form == Transpose::no ? Strided{a, k, 1} : Strided{a, 1, m};
  product.b = b_form == Transpose::no ? Strided{b, n, 1} : Strided{b, 1, k};
  product.c = c;
  product.c_step = n;
  product.addend = accumulate ? c : bias;
  product.addend_step = accumulate ? n : 0;
  product.workspace = workspace;

  const MatmulTable& table = tables().matmul;
  const double multiplications = static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k);
  if (multiplications < worth_sharing || thread_count() == 1) {
    table.multiply(product, 0, m);
    return;
  }
  constexpr std::size_t rows = 24;  // a multiple of every tile height, so that no thread gets ragged tiles
  const std::size_t shares = std::min(thread_count(), (m + rows - 1) / rows);
  const std::size_t share = ((m + shares - 1) / shares + rows - 1) / rows * rows;
  parallel_for(shares, [&](std::size_t i) {
    const std::size_t first = std::min(m, i * share), last = std::min(m, first + share);
    if (first < last) table.multiply(product, first, last);
  });
}

}  // namespace adatom::kernels
