// One open engine runtime: its handle, its drain thread, its call executor, and what is pending on it.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ffi/box_info.h"
#include "ffi/box_options.h"
#include "ffi/call_executor.h"
#include "ffi/drain_loop.h"
#include "ffi/metrics.h"
#include "ffi/posted_calls.h"

namespace boxlite::ffi {

class Box;

struct ImageRegistry {
  std::string host;
  bool http = false;
  bool skip_verify = false;
  bool search = false;
  std::optional<std::string> username;
  std::optional<std::string> password;
  std::optional<std::string> bearer_token;
};

struct RuntimeOptions {
  /// Empty: the embedded engine.
  std::string library_path;
  /// Nothing: a library's own default; for the embedded engine a private home without a folder.
  std::optional<std::string> home_dir;
  std::optional<bool> use_host_for_images;
  bool allow_untested_version = false;
  std::vector<ImageRegistry> image_registries;
};

/// Thread-safe. Posted operations never block; each answers its completion exactly once, with Stopped when
/// the runtime is closed first.
class Runtime : public std::enable_shared_from_this<Runtime> {
 public:
  /// Opens the engine and starts draining. May block: call executor only.
  static Result<std::shared_ptr<Runtime>> Open(const RuntimeOptions& options,
                                               std::shared_ptr<CallExecutor> executor);
  ~Runtime();
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  const std::shared_ptr<const Library>& library() const { return library_; }
  const std::shared_ptr<CallExecutor>& executor() const { return executor_; }
  /// Names this runtime's posted calls.
  std::uint64_t id() const { return id_; }
  bool closed() const;

  /// What to do when no callback will come any more; runs on the drain thread. Set before executions start.
  void OnDrainEnd(std::function<void()> callback);

  struct Created {
    std::shared_ptr<Box> box;
    bool created = false;
  };
  void CreateBox(const BoxOptions& options, Completion<std::shared_ptr<Box>> done);
  void GetOrCreateBox(const BoxOptions& options, Completion<Created> done);
  void Get(const std::string& id_or_name, Completion<std::shared_ptr<Box>> done);
  void GetInfo(const std::string& id_or_name, Completion<BoxInfo> done);
  void ListInfo(Completion<std::vector<BoxInfo>> done);
  void Remove(const std::string& id_or_name, bool force, Completion<Unit> done);
  void Metrics(Completion<RuntimeMetrics> done);

  /// Stops boxes that are not detached (`timeout` for each; nothing: the engine's own; zero: does not stop
  /// them gently), stops draining, fails what is pending and frees the engine's runtime. Blocks: call
  /// executor or teardown, never the drain thread. Idempotent; a second caller waits for the first.
  Status Close(std::optional<std::chrono::milliseconds> timeout);

  /// Posts one call: `post(user_data, out_error)` is the engine's function with all else bound. Fails the
  /// completion itself when posting fails or the runtime is closed.
  template <class Value, class Post>
  void PostCall(const char* operation, Completion<Value> done, Post post) {
    auto call = std::make_unique<PendingCallOf<Value>>(id_, library_, operation, std::move(done));
    void* user_data = posted_calls::Add(std::move(call));
    auto failure = TryPost(operation, user_data, post);
    if (!failure) return;
    // Taken by whoever closed the runtime meanwhile, if it is not there any more.
    if (auto own = posted_calls::Take(user_data)) own->Fail(std::move(*failure));
  }

  Error ClosedError(const char* operation) const;

 private:
  Runtime(std::shared_ptr<const Library> library, std::shared_ptr<CallExecutor> executor,
          CBoxliteRuntime* handle);

  template <class Post>
  std::optional<Error> TryPost(const char* operation, void* user_data, Post& post) {
    std::lock_guard lock(post_mutex_);
    if (handle_ == nullptr) return ClosedError(operation);
    ErrorSlot error(library_->api());
    BoxliteErrorCode code = post(user_data, error.out());
    if (code == BOXLITE_OK) return std::nullopt;
    return error.Take(code, operation);
  }

  std::shared_ptr<Box> Adopt(BoxHandle handle);
  void ShutDownBoxes(std::optional<std::chrono::milliseconds> timeout, Status& outcome);
  void ReleaseBoxes();

  const std::shared_ptr<const Library> library_;
  const std::shared_ptr<CallExecutor> executor_;
  const std::uint64_t id_;

  // Held while a posting call runs (those never block), so that none is inside when the handle is freed.
  mutable std::mutex post_mutex_;
  CBoxliteRuntime* handle_;  // owned until Close
  CBoxliteRuntime* const drained_handle_;

  std::mutex mutex_;  // guards boxes_ and on_drain_end_
  std::set<std::weak_ptr<Box>, std::owner_less<>> boxes_;
  std::function<void()> on_drain_end_;

  std::once_flag closed_once_;
  std::optional<Status> close_outcome_;
  std::unique_ptr<DrainLoop> drain_;
};

}  // namespace boxlite::ffi
