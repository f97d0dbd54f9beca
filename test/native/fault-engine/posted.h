// Posted calls: what every one of them does with its script, its error slot and its callback.
#pragma once

#include <functional>
#include <memory>
#include <thread>

#include "failure.h"
#include "queue.h"
#include "script.h"

namespace boxlite::fault {

/// Runs one posted call under the lock. `act` does the work and says how it went; `answer(failure, null)`
/// runs on the drain thread without the lock and calls back, with a NULL payload if the call failed or is to
/// be null.
template <class Act, class Answer>
BoxliteErrorCode Post(Lock& lock, const std::shared_ptr<Queue>& queue, const Fault& fault, CBoxliteError* out,
                      Act act, Answer answer) {
  if (fault.returned) return Report(*fault.returned, fault.struct_code, out);
  auto work = [queue, answered = fault.answered, null = fault.null, times = fault.twice ? 2 : 1, act,
               answer]() mutable {
    const Failure failure = answered ? *answered : act();
    for (int i = 0; i < times; ++i) {
      queue->Complete([answer, failure, null]() mutable { answer(failure, null); });
    }
  };
  if (!fault.hold) {
    work();
    return BOXLITE_OK;
  }
  std::thread([queue, until = *fault.hold, work]() mutable {
    Lock held = Enter();
    WaitUntil(held, until, [&] { return queue->closed(); });
    work();
  }).detach();
  (void)lock;
  return BOXLITE_OK;
}

/// An answer without a payload.
template <class Callback>
auto AnswerTo(Callback cb, void* user_data) {
  return [cb, user_data](const Failure& failure, bool) {
    CallbackError error(failure);
    cb(error.get(), user_data);
  };
}

}  // namespace boxlite::fault
