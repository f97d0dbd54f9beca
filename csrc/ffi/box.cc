#include "ffi/box.h"

#include "ffi/callbacks.h"

namespace boxlite::ffi {

namespace {

/// Shares a handle among calls; the last one gives it back on the executor.
std::shared_ptr<CBoxHandle> Share(const std::shared_ptr<CallExecutor>& executor, BoxHandle handle) {
  auto library = handle.get_deleter().library;
  return {handle.release(), [executor, library](CBoxHandle* raw) {
            auto free = [library, raw] { library->api().box_free(raw); };
            if (!executor->Submit(free)) free();
          }};
}

std::string ReadId(const Library& library, CBoxHandle* raw) {
  const Api& api = library.api();
  if (api.box_id == nullptr || api.free_string == nullptr) return {};
  char* text = api.box_id(raw);
  std::string id = CopyString(text);
  api.free_string(text);
  return id;
}

}  // namespace

Box::Box(std::shared_ptr<Runtime> runtime, BoxHandle handle) : runtime_(std::move(runtime)) {
  id_ = ReadId(*runtime_->library(), handle.get());
  handle_ = Share(runtime_->executor(), std::move(handle));
}

template <class Value, class Post>
void Box::PostOn(const char* operation, Completion<Value> done, Post post) {
  auto handle = Use();
  if (!handle) return done(runtime_->ClosedError(operation));
  runtime_->PostCall<Value>(operation, std::move(done), [&](void* user_data, CBoxliteError* error) {
    return post(handle.get(), user_data, error);
  });
}

void Box::Start(Completion<Unit> done) {
  auto start = runtime_->library()->api().start_box;
  PostOn<Unit>("box.start", std::move(done), [start](CBoxHandle* box, void* user_data, CBoxliteError* error) {
    return start == nullptr ? BOXLITE_UNSUPPORTED : start(box, OnDone, user_data, error);
  });
}

void Box::Stop(Completion<Unit> done) {
  stop_asked_ = true;
  auto stop = runtime_->library()->api().stop_box;
  PostOn<Unit>("box.stop", std::move(done), [stop](CBoxHandle* box, void* user_data, CBoxliteError* error) {
    return stop == nullptr ? BOXLITE_UNSUPPORTED : stop(box, OnDone, user_data, error);
  });
}

void Box::Info(Completion<BoxInfo> done) {
  auto info = runtime_->library()->api().box_info;
  PostOn<BoxInfo>("box.info", std::move(done),
                  [info](CBoxHandle* box, void* user_data, CBoxliteError* error) {
                    return info == nullptr ? BOXLITE_UNSUPPORTED : info(box, OnInfo, user_data, error);
                  });
}

void Box::Metrics(Completion<BoxMetrics> done) {
  auto metrics = runtime_->library()->api().box_metrics;
  PostOn<BoxMetrics>(
      "box.metrics", std::move(done), [metrics](CBoxHandle* box, void* user_data, CBoxliteError* error) {
        return metrics == nullptr ? BOXLITE_UNSUPPORTED : metrics(box, OnBoxMetrics, user_data, error);
      });
}

struct Box::CopyCall {
  const char* operation;
  decltype(Api::copy_into) plain;
  decltype(Api::copy_into_with) with_flags;
  const std::string& from;
  const std::string& to;
};

void Box::CopyIn(const std::string& host_path, const std::string& box_path, CopyFlags flags,
                 Completion<Unit> done) {
  const Api& api = runtime_->library()->api();
  Copy({"box.copyIn", api.copy_into, api.copy_into_with, host_path, box_path}, flags, std::move(done));
}

void Box::CopyOut(const std::string& box_path, const std::string& host_path, CopyFlags flags,
                  Completion<Unit> done) {
  const Api& api = runtime_->library()->api();
  Copy({"box.copyOut", api.copy_out, api.copy_out_with, box_path, host_path}, flags, std::move(done));
}

void Box::Copy(const CopyCall& call, CopyFlags flags, Completion<Unit> done) {
  const int bits = (flags.keep_existing ? BOXLITE_COPY_KEEP_EXISTING : 0) |
                   (flags.follow_symlinks ? BOXLITE_COPY_FOLLOW_SYMLINKS : 0);
  if (bits != 0 && call.with_flags == nullptr) {
    return done(MakeError(ErrorCode::kUnsupported,
                          "this engine always overwrites and never follows symbolic links", call.operation));
  }
  PostOn<Unit>(call.operation, std::move(done), [&](CBoxHandle* box, void* user_data, CBoxliteError* error) {
    const char* from = call.from.c_str();
    const char* to = call.to.c_str();
    if (bits != 0) return call.with_flags(box, from, to, bits, OnDone, user_data, error);
    return call.plain == nullptr ? BOXLITE_UNSUPPORTED : call.plain(box, from, to, OnDone, user_data, error);
  });
}

std::shared_ptr<CBoxHandle> Box::Use() const {
  std::lock_guard lock(mutex_);
  return handle_;
}

void Box::Release() {
  std::shared_ptr<CBoxHandle> handle;
  std::lock_guard lock(mutex_);
  handle.swap(handle_);
}

}  // namespace boxlite::ffi
