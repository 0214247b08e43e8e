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

/// All rows of a product, on several threads where it is large.
void multiply(const Product& product) {
  const MatmulTable& table = tables().matmul;
  const double multiplications =
      static_cast<double>(product.m) * static_cast<double>(product.n) * static_cast<double>(product.k);
  if (multiplications < worth_sharing || thread_count() == 1) return table.multiply(product, 0, product.m);
  constexpr std::size_t rows = 24;  // a multiple of every tile height, so that no thread gets ragged tiles
  const std::size_t shares = std::min(thread_count(), (product.m + rows - 1) / rows);
  const std::size_t share = ((product.m + shares - 1) / shares + rows - 1) / rows * rows;
  parallel_for(shares, [&](std::size_t i) {
    const std::size_t first = std::min(product.m, i * share), last = std::min(product.m, first + share);
    if (first < last) table.multiply(product, first, last);
  });
}

/// A long sum over k into a small C, as in xᵀ · dz over a batch: stretches of k give partial products, which are added
/// up in order. Stretches are shared out among threads; there may be only one, the cuts are the same.
void multiply_stretches(const Product& product, std::size_t stretch) {
  const std::size_t size = product.m * product.n, count = (product.k + stretch - 1) / stretch;
  const auto multiply_stretch = [&](std::size_t i, double* partial) {
    Product part = product;
    part.k = std::min(stretch, product.k - i * stretch);
    part.a.data += i * stretch * product.a.column_step;
    part.b.data += i * stretch * product.b.row_step;
    part.c = partial;
    part.addend = nullptr;
    tables().matmul.multiply(part, 0, part.m);
  };
  for (std::size_t i = 0; i < product.m; ++i) {
    double* const row = product.c + i * product.c_step;
    if (product.addend == nullptr) {
      std::fill(row, row + product.n, 0.0);
    } else if (product.addend != product.c) {
      std::copy_n(product.addend + i * product.addend_step, product.n, row);
    }
  }
  thread_local Workspace memory;
  const bool shared = thread_count() > 1;
  double* const partials = memory.doubles((shared ? count : 1) * size);  // the calling thread's, also inside the tasks
  if (shared) parallel_for(count, [&](std::size_t i) { multiply_stretch(i, partials + i * size); });
  for (std::size_t i = 0; i < count; ++i) {
    if (!shared) multiply_stretch(i, partials);
    tables().reduce.add(size, partials + (shared ? i * size : 0), product.c);
  }
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

  constexpr std::size_t stretch = 4096, small = 128 * 128;
  k >= 2 * stretch&& m* n <= small ? multiply_stretches(product, stretch) : multiply(product);
}

}  // namespace adatom::kernels
