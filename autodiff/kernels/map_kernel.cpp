// Elementwise maps over contiguous memory, compiled once per instruction set. Each loop has one body for whole vectors
// and for the last, partial one, so that an element's bits do not depend on its place.
#include "autodiff/kernels/elementary.hpp"
#include "autodiff/kernels/tables.hpp"
#include "autodiff/kernels/vector.hpp"

namespace adatom::kernels::ADATOM_LEVEL {
namespace {

/// Calls body(j, count) for every vector of n elements from element j on; count < lanes for the last one, else lanes.
template <class Body>
inline void for_vectors(Size n, Body body) {
  for (Size j = 0; j < n; j += lanes) body(j, n - j < lanes ? n - j : lanes);
}
inline Vector fetch(const double* from, Size count) { return count == lanes ? load(from) : load(from, count); }
inline void put(double* to, Vector x, Size count) { count == lanes ? store(to, x) : store(to, x, count); }

template <class F>
void unary(Size n, const double* x, double* out) {
  for_vectors(n, [=](Size j, Size count) { put(out + j, F{}(fetch(x + j, count)), count); });
}

/// One row; an operand without `Along` is one number for the whole row.
template <class F, bool XAlong, bool YAlong>
inline void binary_row(Size n, const double* x, const double* y, double* out) {
  const Vector x0 = splat(*x), y0 = splat(*y);
  for_vectors(n, [=](Size j, Size count) {
    put(out + j, F{}(XAlong ? fetch(x + j, count) : x0, YAlong ? fetch(y + j, count) : y0), count);
  });
}
template <class F, bool XAlong, bool YAlong>
void binary_rows(Size rows, Size columns, Operand x, Operand y, double* out) {
  for (Size i = 0; i < rows; ++i) {
    binary_row<F, XAlong, YAlong>(columns, x.data + i * x.row_step, y.data + i * y.row_step, out + i * columns);
  }
}
template <class F>
void binary(Size rows, Size columns, Operand x, Operand y, double* out) {
  if (columns == 0) return;
  if (x.column_step) {
    y.column_step ? binary_rows<F, true, true>(rows, columns, x, y, out)
                  : binary_rows<F, true, false>(rows, columns, x, y, out);
  } else {
    y.column_step ? binary_rows<F, false, true>(rows, columns, x, y, out)
                  : binary_rows<F, false, false>(rows, columns, x, y, out);
  }
}

void axpy(Size n, double a, const double* x, double* y) {
  const Vector factor = splat(a);
  for_vectors(n, [=](Size j, Size count) { put(y + j, fetch(y + j, count) + factor * fetch(x + j, count), count); });
}

// The functions, in the order of the enumerations in map.hpp.
struct Negative {
  Vector operator()(Vector x) const { return -x; }
};
struct Absolute {
  Vector operator()(Vector x) const { return magnitude(x); }
};
struct Sign {
  Vector operator()(Vector x) const {
    return choose(x > 0.0, splat(1.0), choose(x < 0.0, splat(-1.0), choose(x == 0.0, Vector{}, x)));
  }
};
struct Square {
  Vector operator()(Vector x) const { return x * x; }
};
struct Reciprocal {
  Vector operator()(Vector x) const { return 1.0 / x; }
};
struct Sqrt {
  Vector operator()(Vector x) const { return square_root(x); }
};
struct Exp {
  Vector operator()(Vector x) const { return exp(x); }
};
struct Log {
  Vector operator()(Vector x) const { return log(x); }
};
struct Sin {
  Vector operator()(Vector x) const { return sin(x); }
};
struct Cos {
  Vector operator()(Vector x) const { return cos(x); }
};
struct Tanh {
  Vector operator()(Vector x) const { return tanh(x); }
};
struct Erf {
  Vector operator()(Vector x) const { return erf(x); }
};
struct Relu {
  Vector operator()(Vector x) const { return larger(x, Vector{}); }
};
struct Sigmoid {
  Vector operator()(Vector x) const { return sigmoid(x); }
};
struct Softplus {
  Vector operator()(Vector x) const { return softplus(x); }
};
struct Silu {
  Vector operator()(Vector x) const { return silu(x); }
};
struct Gelu {
  Vector operator()(Vector x) const { return gelu(x); }
};

struct Add {
  Vector operator()(Vector x, Vector y) const { return x + y; }
};
struct Subtract {
  Vector operator()(Vector x, Vector y) const { return x - y; }
};
struct Multiply {
  Vector operator()(Vector x, Vector y) const { return x * y; }
};
struct Divide {
  Vector operator()(Vector x, Vector y) const { return x / y; }
};
struct DivideOrZero {
  Vector operator()(Vector x, Vector y) const { return choose(y == 0.0, Vector{}, x / y); }
};
struct Maximum {
  Vector operator()(Vector x, Vector y) const { return larger(x, y); }
};
struct Minimum {
  Vector operator()(Vector x, Vector y) const { return smaller(x, y); }
};
struct Power {
  Vector operator()(Vector x, Vector y) const {
    for (Size i = 0; i < lanes; ++i) x[i] = __builtin_pow(x[i], y[i]);
    return x;
  }
};
struct SquareBackward {
  Vector operator()(Vector x, Vector dy) const { return 2.0 * x * dy; }
};
struct TanhBackward {
  Vector operator()(Vector y, Vector dy) const { return (1.0 - y * y) * dy; }
};
struct SigmoidBackward {
  Vector operator()(Vector y, Vector dy) const { return y * (1.0 - y) * dy; }
};
struct ReluBackward {
  Vector operator()(Vector x, Vector dy) const { return choose(x > 0.0, dy, Vector{}); }
};
struct SoftplusBackward {
  Vector operator()(Vector x, Vector dy) const { return sigmoid(x) * dy; }
};
struct SiluBackward {
  Vector operator()(Vector x, Vector dy) const { return silu_derivative(x) * dy; }
};
struct GeluBackward {
  Vector operator()(Vector x, Vector dy) const { return gelu_derivative(x) * dy; }
};

}  // namespace

extern const MapTable map_table;
const MapTable map_table{
    {unary<Negative>, unary<Absolute>, unary<Sign>, unary<Square>, unary<Reciprocal>, unary<Sqrt>, unary<Exp>,
     unary<Log>, unary<Sin>, unary<Cos>, unary<Tanh>, unary<Erf>, unary<Relu>, unary<Sigmoid>, unary<Softplus>,
     unary<Silu>, unary<Gelu>},
    {binary<Add>, binary<Subtract>, binary<Multiply>, binary<Divide>, binary<DivideOrZero>, binary<Maximum>,
     binary<Minimum>, binary<Power>, binary<SquareBackward>, binary<TanhBackward>, binary<SigmoidBackward>,
     binary<ReluBackward>, binary<SoftplusBackward>, binary<SiluBackward>, binary<GeluBackward>},
    axpy};

}  // namespace adatom::kernels::ADATOM_LEVEL
