#include "ffi/runtime.h"

#include <condition_variable>

#include "ffi/box.h"
#include "ffi/callbacks.h"

namespace boxlite::ffi {

namespace {

using std::chrono::milliseconds;

// How much longer than its own time-out an engine may take to answer a shutdown before it is left behind.
constexpr milliseconds kShutdownSlack{5000};
constexpr milliseconds kDefaultBoxTimeout{10000};
// How long a drain may go on with events that keep coming, until freeing its runtime ends it.
constexpr milliseconds kDrainPatience{2000};

std::vector<BoxliteImageRegistry> CRegistries(const std::vector<ImageRegistry>& registries) {
  auto text = [](const std::optional<std::string>& value) { return value ? value->c_str() : nullptr; };
  std::vector<BoxliteImageRegistry> out;
  out.reserve(registries.size());
  for (const auto& r : registries) {
    out.push_back({r.host.c_str(), r.http ? BOXLITE_REGISTRY_HTTP : BOXLITE_REGISTRY_HTTPS,
                   r.skip_verify ? 1 : 0, r.search ? 1 : 0, text(r.username), text(r.password),
                   text(r.bearer_token)});
  }
  return out;
}

Result<std::shared_ptr<const Library>> OpenLibrary(const RuntimeOptions& options) {
  if (options.library_path.empty()) return Library::OpenEmbedded();
  return Library::Open(options.library_path, options.allow_untested_version);
}

/// Where one thread waits for the answer to a posted call. Shared with the completion, which may come after
/// the wait was given up.
class Answer {
 public:
  void Give(Status status) {
    std::lock_guard lock(mutex_);
    status_ = std::move(status);
    given_.notify_all();
  }
  std::optional<Status> Wait(milliseconds patience) {
    std::unique_lock lock(mutex_);
    given_.wait_for(lock, patience, [this] { return status_.has_value(); });
    return status_;
  }

 private:
  std::mutex mutex_;  // guards status_
  std::condition_variable given_;
  std::optional<Status> status_;
};

}  // namespace

Result<std::shared_ptr<Runtime>> Runtime::Open(const RuntimeOptions& options,
                                               std::shared_ptr<CallExecutor> executor) {
  auto opened = OpenLibrary(options);
  if (!opened.ok()) return opened.error();
  auto library = opened.value();
  const Api& api = library->api();
  auto registries = CRegistries(options.image_registries);
  // An empty home is the embedded engine's private one; a library must not see it.
  const char* no_home = library->embedded() ? "" : nullptr;
  CBoxliteRuntime* raw = nullptr;
  ErrorSlot error(api);
  auto code = api.runtime_new(options.home_dir ? options.home_dir->c_str() : no_home,
                              registries.empty() ? nullptr : registries.data(),
                              static_cast<int>(registries.size()), &raw, error.out());
  if (code != BOXLITE_OK) return error.Take(code, "runtime.open");
  if (raw == nullptr) {
    return MakeError(ErrorCode::kInternal, "the engine reported success without a runtime", "runtime.open");
  }
  if (options.use_host_for_images && api.runtime_set_local_image_policy != nullptr) {
    api.runtime_set_local_image_policy(raw, *options.use_host_for_images ? 1 : 0, nullptr);
  }
  return std::shared_ptr<Runtime>(new Runtime(std::move(library), std::move(executor), raw));
}

Runtime::Runtime(std::shared_ptr<const Library> library, std::shared_ptr<CallExecutor> executor,
                 CBoxliteRuntime* handle)
    : library_(std::move(library)),
      executor_(std::move(executor)),
      id_(posted_calls::NewOwner()),
      handle_(handle),
      drained_handle_(handle) {
  drain_ = std::make_unique<DrainLoop>(
      library_, drained_handle_,
      DrainLoop::Listener{.on_idle = [this] { RunOnDrain(&Runtime::on_drain_idle_); },
                          .on_end = [this] { OnDrainOver(); }});
}

void Runtime::RunOnDrain(std::function<void()> Runtime::*callback) {
  std::function<void()> run;
  {
    std::lock_guard lock(mutex_);
    run = this->*callback;
  }
  if (run) run();
}

Runtime::~Runtime() { Close(milliseconds(0)); }

bool Runtime::closed() const {
  std::lock_guard lock(post_mutex_);
  return handle_ == nullptr;
}

void Runtime::OnDrainEnd(std::function<void()> callback) {
  {
    std::lock_guard lock(mutex_);
    on_drain_end_ = callback;
  }
  std::unique_lock lock(post_mutex_);
  if (!drain_over_) return;
  lock.unlock();
  callback();
}

void Runtime::OnDrainOver() {
  {
    std::lock_guard lock(post_mutex_);
    drain_over_ = true;
  }
  RunOnDrain(&Runtime::on_drain_end_);
  // Close may not come for hours, or never.
  posted_calls::FailAll(id_, ClosedError(""));
}

void Runtime::OnDrainIdle(std::function<void()> callback) {
  std::lock_guard lock(mutex_);
  on_drain_idle_ = std::move(callback);
}

void Runtime::ReadInto(CBoxReadMemoryCb memory) {
  auto set = library_->api().runtime_set_read_memory;
  if (set != nullptr) set(drained_handle_, memory, nullptr, nullptr);
}

Error Runtime::ClosedError(const char* operation) const {
  return MakeError(ErrorCode::kStopped, "the runtime was closed, or its engine has ended", operation);
}

std::shared_ptr<Box> Runtime::Adopt(BoxHandle handle) {
  auto box = std::make_shared<Box>(shared_from_this(), std::move(handle));
  std::lock_guard lock(mutex_);
  std::erase_if(boxes_, [](const auto& weak) { return weak.expired(); });
  boxes_.insert(box);
  return box;
}

void Runtime::CreateBox(const BoxOptions& options, Completion<std::shared_ptr<Box>> done) {
  auto built = BuildOptions(library_, options);
  if (!built.ok()) return done(built.error());
  auto& handle = built.value();
  auto adopt = [self = shared_from_this(), done](Result<std::shared_ptr<ReturnedBox>> box) {
    if (!box.ok()) return done(box.error());
    done(self->Adopt(std::move(box.value()->handle)));
  };
  PostCall<std::shared_ptr<ReturnedBox>>(
      "box.create", std::move(adopt), [&](void* user_data, CBoxliteError* error) {
        auto code = library_->api().create_box(handle_, handle.get(), OnBox, user_data, error);
        if (code == BOXLITE_OK) (void)handle.release();  // consumed
        return code;
      });
}

void Runtime::GetOrCreateBox(const BoxOptions& options, Completion<Created> done) {
  auto get_or_create = library_->api().get_or_create_box;
  if (get_or_create == nullptr) {
    return done(MakeError(ErrorCode::kUnsupported, "this engine has no get-or-create", "box.getOrCreate"));
  }
  auto built = BuildOptions(library_, options);
  if (!built.ok()) return done(built.error());
  auto& handle = built.value();
  auto adopt = [self = shared_from_this(), done](Result<std::shared_ptr<ReturnedBox>> box) {
    if (!box.ok()) return done(box.error());
    done(Created{self->Adopt(std::move(box.value()->handle)), box.value()->created});
  };
  PostCall<std::shared_ptr<ReturnedBox>>(
      "box.getOrCreate", std::move(adopt), [&](void* user_data, CBoxliteError* error) {
        auto code = get_or_create(handle_, handle.get(), OnBoxCreated, user_data, error);
        if (code == BOXLITE_OK) (void)handle.release();  // consumed
        return code;
      });
}

void Runtime::Get(const std::string& id_or_name, Completion<std::shared_ptr<Box>> done) {
  auto get = library_->api().get;
  auto adopt = [self = shared_from_this(), done](Result<std::shared_ptr<ReturnedBox>> box) {
    if (!box.ok()) return done(box.error());
    done(self->Adopt(std::move(box.value()->handle)));
  };
  PostCall<std::shared_ptr<ReturnedBox>>(
      "box.get", std::move(adopt), [&](void* user_data, CBoxliteError* error) {
        return get == nullptr ? BOXLITE_UNSUPPORTED
                              : get(handle_, id_or_name.c_str(), OnBox, user_data, error);
      });
}

void Runtime::GetInfo(const std::string& id_or_name, Completion<BoxInfo> done) {
  auto get = library_->api().get_info;
  PostCall<BoxInfo>("box.info", std::move(done), [&](void* user_data, CBoxliteError* error) {
    return get == nullptr ? BOXLITE_UNSUPPORTED : get(handle_, id_or_name.c_str(), OnInfo, user_data, error);
  });
}

void Runtime::ListInfo(Completion<std::vector<BoxInfo>> done) {
  auto list = library_->api().list_info;
  PostCall<std::vector<BoxInfo>>("runtime.list", std::move(done), [&](void* user_data, CBoxliteError* error) {
    return list == nullptr ? BOXLITE_UNSUPPORTED : list(handle_, OnInfoList, user_data, error);
  });
}

void Runtime::Remove(const std::string& id_or_name, bool force, Completion<Unit> done) {
  auto remove = library_->api().remove;
  PostCall<Unit>("box.remove", std::move(done), [&](void* user_data, CBoxliteError* error) {
    return remove == nullptr ? BOXLITE_UNSUPPORTED
                             : remove(handle_, id_or_name.c_str(), force ? 1 : 0, OnDone, user_data, error);
  });
}

void Runtime::Metrics(Completion<RuntimeMetrics> done) {
  auto metrics = library_->api().runtime_metrics;
  PostCall<RuntimeMetrics>("runtime.metrics", std::move(done), [&](void* user_data, CBoxliteError* error) {
    return metrics == nullptr ? BOXLITE_UNSUPPORTED : metrics(handle_, OnRuntimeMetrics, user_data, error);
  });
}

void Runtime::ShutDownBoxes(std::optional<milliseconds> timeout, Status& outcome) {
  auto shutdown = library_->api().runtime_shutdown;
  if (shutdown == nullptr || (timeout && timeout->count() == 0)) return;
  {
    // Nobody would hear the answer.
    std::lock_guard lock(post_mutex_);
    if (drain_over_) return;
  }
  // The ABI counts whole seconds, and 0 means its default.
  const auto seconds = timeout ? std::chrono::ceil<std::chrono::seconds>(*timeout) : std::chrono::seconds(0);
  auto answer = std::make_shared<Answer>();
  PostCall<Unit>(
      "runtime.close", [answer](Status status) { answer->Give(std::move(status)); },
      [&](void* user_data, CBoxliteError* error) {
        return shutdown(handle_, static_cast<int>(seconds.count()), OnDone, user_data, error);
      });
  auto status = answer->Wait(timeout.value_or(kDefaultBoxTimeout) + kShutdownSlack);
  if (status && !status->ok()) outcome = std::move(*status);
}

void Runtime::ReleaseBoxes() {
  std::set<std::weak_ptr<Box>, std::owner_less<>> boxes;
  {
    std::lock_guard lock(mutex_);
    boxes.swap(boxes_);
  }
  for (const auto& weak : boxes) {
    if (auto box = weak.lock()) box->Release();
  }
}

Status Runtime::Close(std::optional<milliseconds> timeout) {
  std::call_once(closed_once_, [&] {
    Status outcome{Unit{}};
    // The order of the ABI: stop, free boxes, join the drain, free the runtime.
    ShutDownBoxes(timeout, outcome);
    ReleaseBoxes();
    CBoxliteRuntime* handle = nullptr;
    {
      std::lock_guard lock(post_mutex_);
      handle = std::exchange(handle_, nullptr);
    }
    const bool joined = drain_->Stop(kDrainPatience);
    if (joined) posted_calls::FailAll(id_, ClosedError(""));
    library_->api().runtime_free(handle);
    drain_.reset();
    posted_calls::FailAll(id_, ClosedError(""));
    close_outcome_ = std::move(outcome);
  });
  return *close_outcome_;
}

}  // namespace boxlite::ffi
