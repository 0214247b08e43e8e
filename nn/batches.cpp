#include "nn/batches.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "core/error.hpp"

namespace adatom {

Batches::Batches(std::size_t samples, std::size_t batch_size, Random random, bool shuffle)
    : batch_size_(batch_size), position_(samples), random_(std::move(random)), shuffle_(shuffle) {
  if (samples == 0) throw InputError("batches: there are no samples");
  if (samples > std::numeric_limits<std::uint32_t>::max()) {
    throw InputError("batches: " + std::to_string(samples) + " samples, at most 4294967295 are possible");
  }
  if (batch_size == 0 || batch_size > samples) {
    throw InputError("batches: batch size " + std::to_string(batch_size) + ", expected 1 to the number of samples, " +
                     std::to_string(samples));
  }
  order_.resize(samples);
  std::iota(order_.begin(), order_.end(), std::uint32_t{0});
}

std::span<const std::uint32_t> Batches::next() {
  if (position_ == order_.size()) {
    position_ = 0;
    if (shuffle_) random_.shuffle(std::span(order_));
  }
  const std::size_t length = std::min(batch_size_, order_.size() - position_);
  const std::span<const std::uint32_t> batch(order_.data() + position_, length);
  position_ += length;
  if (position_ == order_.size()) ++epoch_;
  return batch;
}

BatchesState Batches::state() const { return {batch_size_, epoch_, position_, order_, random_.state()}; }

void Batches::check_state(const BatchesState& state) const {
  if (state.order.size() != order_.size()) {
    throw InputError("checkpoint is of " + std::to_string(state.order.size()) + " samples, the run has " +
                     std::to_string(order_.size()));
  }
  if (state.batch_size != batch_size_) {
    throw InputError("checkpoint has batch size " + std::to_string(state.batch_size) + ", the run asks for " +
                     std::to_string(batch_size_));
  }
  if (state.position > order_.size() || (state.position % batch_size_ != 0 && state.position != order_.size())) {
    throw InputError("checkpoint has the impossible batch position " + std::to_string(state.position) + " of " +
                     std::to_string(order_.size()));
  }
  std::vector<bool> seen(order_.size());
  for (const std::uint32_t sample : state.order) {
    if (sample >= seen.size() || seen[sample]) {
      throw InputError("checkpoint has a batch order that is not a permutation: sample " + std::to_string(sample) +
                       (sample >= seen.size() ? " of " + std::to_string(seen.size()) : " occurs twice"));
    }
    seen[sample] = true;
  }
  if (!shuffle_ && !std::is_sorted(state.order.begin(), state.order.end())) {
    throw InputError("checkpoint has shuffled samples, the run takes them in their order");
  }
  Random(0).set_state(state.random);
}

void Batches::set_state(const BatchesState& state) {
  check_state(state);
  order_ = state.order;
  position_ = state.position;
  epoch_ = state.epoch;
  random_.set_state(state.random);
}

Tensor take_rows(const Tensor& data, std::span<const std::uint32_t> rows) {
  if (data.rank() == 0) throw ShapeError("take_rows: a scalar has no rows");
  Shape shape = data.shape();
  const std::size_t available = shape[0], width = available == 0 ? 0 : data.size() / available;
  shape[0] = rows.size();
  Buffer values(shape.count());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i] >= available) {
      throw ShapeError("take_rows: row " + std::to_string(rows[i]) + " of data with shape " + to_string(data.shape()));
    }
    std::copy_n(data.data() + rows[i] * width, width, values.data() + i * width);
  }
  return Tensor::constant(shape, std::move(values));
}

}  // namespace adatom
