// What this file is: sums of exponentials that do not overflow. An element of −inf counts as probability 0. Where all
// are −inf, or one is nan, all probabilities are nan (0/0); an element of +inf is nan (inf/inf), and the others beside
// it 0. All throw ShapeError for an axis out of range, of length 0 or named twice.
#pragma once

#include "autodiff/reductions.hpp"
#include "autodiff/tensor.hpp"

namespace adatom {

/// log Σ e^x over the named axes (all when none is named).
Tensor logsumexp(const Tensor& x, Axes axes = {}, bool keep_axes = false);
/// e^x / Σ e^x along one axis.
Tensor softmax(const Tensor& x, std::ptrdiff_t axis = -1);
/// x − log Σ e^x along one axis.
Tensor log_softmax(const Tensor& x, std::ptrdiff_t axis = -1);

}  // namespace adatom
