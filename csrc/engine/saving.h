// One write of a box's record, and who waits for it.
#pragma once

#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "engine/failure.h"

namespace boxlite::engine {

/// Under the loop's lock.
class Saving {
 public:
  using Then = std::function<void(const Failure&)>;

  /// Runs `then` under the lock: now, if the write is over, else when it is.
  void Await(Then then) {
    if (outcome_) return then(*outcome_);
    waiting_.push_back(std::move(then));
  }
  void Finish(const Failure& outcome) {
    outcome_ = outcome;
    for (auto& then : std::exchange(waiting_, {})) then(outcome);
  }
  bool finished() const { return outcome_.has_value(); }

 private:
  std::optional<Failure> outcome_;
  std::vector<Then> waiting_;
};

}  // namespace boxlite::engine
