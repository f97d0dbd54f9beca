// One handle of a box.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "ffi/runtime.h"

namespace boxlite::ffi {

/// Thread-safe. The handle is given back on the call executor, because giving back the last one of a running
/// box may block.
class Box : public std::enable_shared_from_this<Box> {
 public:
  Box(std::shared_ptr<Runtime> runtime, BoxHandle handle);

  const std::string& id() const { return id_; }
  const std::shared_ptr<Runtime>& runtime() const { return runtime_; }

  /// Posted; see Runtime.
  void Start(Completion<Unit> done);
  void Stop(Completion<Unit> done);
  void Info(Completion<BoxInfo> done);
  /// A library boots a box that does not run for this: ask for its status before.
  void Metrics(Completion<BoxMetrics> done);

  struct CopyFlags {
    bool keep_existing = false;
    bool follow_symlinks = false;
  };
  /// Posted. Unsupported for flags that the engine has no function for.
  void CopyIn(const std::string& host_path, const std::string& box_path, CopyFlags flags,
              Completion<Unit> done);
  void CopyOut(const std::string& box_path, const std::string& host_path, CopyFlags flags,
               Completion<Unit> done);

  /// Whether Stop was asked on this handle: its executions then ended because of it.
  bool stop_asked() const { return stop_asked_; }

  /// The handle for one call, kept alive by it; null after Release.
  std::shared_ptr<CBoxHandle> Use() const;

  /// Gives the handle back once no call uses it any more. Never blocks. Idempotent.
  void Release();

 private:
  template <class Value, class Post>
  void PostOn(const char* operation, Completion<Value> done, Post post);

  struct CopyCall;
  void Copy(const CopyCall& call, CopyFlags flags, Completion<Unit> done);

  const std::shared_ptr<Runtime> runtime_;
  std::string id_;
  mutable std::mutex mutex_;  // guards handle_
  std::shared_ptr<CBoxHandle> handle_;
  std::atomic<bool> stop_asked_{false};
};

}  // namespace boxlite::ffi
