// Who uses a session from JavaScript.
#pragma once

#include <memory>

#include "exec/session.h"

namespace boxlite::node {

/// Shared by the objects of one session; the last of them to be collected closes a session that nobody
/// closed, on its call executor.
class Lease {
 public:
  explicit Lease(std::shared_ptr<exec::Session> session) : session_(std::move(session)) {}
  ~Lease() {
    session_->runtime().executor()->Submit([session = session_] { session->Close(std::nullopt); });
  }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  exec::Session& session() const { return *session_; }

 private:
  const std::shared_ptr<exec::Session> session_;
};

}  // namespace boxlite::node
