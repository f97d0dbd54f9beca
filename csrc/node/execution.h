// The class Execution of the addon.
#pragma once

#include <napi.h>

#include <array>
#include <memory>
#include <optional>
#include <unordered_map>

#include "node/lease.h"

namespace boxlite::node {

class Environment;

/// See NativeExecution in lib/native/addon.ts. Keeps itself alive, and the event loop unless it was unref'd,
/// until its end is delivered.
class Execution final : public Napi::ObjectWrap<Execution> {
 public:
  struct Seed {
    std::shared_ptr<Lease> lease;
    std::shared_ptr<exec::Execution> execution;
  };

  static Napi::Function Define(Napi::Env env);

  explicit Execution(const Napi::CallbackInfo& info);
  ~Execution() override;

  /// Tells JavaScript what happened, in the order of the batch.
  void Deliver(exec::Batch batch);

 private:
  using StreamCallback = void (Execution::*)(const Napi::CallbackInfo&);

  Napi::Value Id(const Napi::CallbackInfo& info);
  Napi::Value Exited(const Napi::CallbackInfo& info);
  Napi::Value Released(const Napi::CallbackInfo& info);
  Napi::Value CutOff(const Napi::CallbackInfo& info);
  Napi::Value Naive(const Napi::CallbackInfo& info);
  Napi::Value LateChunks(const Napi::CallbackInfo& info);
  void OnStdout(const Napi::CallbackInfo& info);
  void OnStderr(const Napi::CallbackInfo& info);
  void OnExit(const Napi::CallbackInfo& info);
  Napi::Value Wait(const Napi::CallbackInfo& info);
  void Pause(const Napi::CallbackInfo& info);
  void Resume(const Napi::CallbackInfo& info);
  void Attach(const Napi::CallbackInfo& info);
  Napi::Value Read(const Napi::CallbackInfo& info);
  void AttachBoth(const Napi::CallbackInfo& info);
  Napi::Value ReadAny(const Napi::CallbackInfo& info);
  void Gather(const Napi::CallbackInfo& info);
  Napi::Value TakeGathered(const Napi::CallbackInfo& info);
  void Leave(const Napi::CallbackInfo& info);
  Napi::Value Write(const Napi::CallbackInfo& info);
  Napi::Value TryWrite(const Napi::CallbackInfo& info);
  Napi::Value CloseStdin(const Napi::CallbackInfo& info);
  Napi::Value Signal(const Napi::CallbackInfo& info);
  Napi::Value Kill(const Napi::CallbackInfo& info);
  Napi::Value Resize(const Napi::CallbackInfo& info);
  Napi::Value Close(const Napi::CallbackInfo& info);
  void KeepLoop(const Napi::CallbackInfo& info);
  void LeaveLoop(const Napi::CallbackInfo& info);

  /// One reader: how a stream reaches JavaScript.
  struct Reader {
    Napi::FunctionReference on_readable;  // a puller's
    Napi::FunctionReference on_chunk;     // a callback reader's
    bool pulled = false;                  // has a puller
    bool paused = false;
  };

  void SetChunkCallback(const Napi::CallbackInfo& info, exec::Stream stream, const char* name);
  /// Gives a callback reader what there is, up to a budget, so that a flood leaves the loop to others.
  void Flow(exec::Stream stream);
  void FlowLater(exec::Stream stream);
  void DeliverExit();
  /// Nothing becomes readable after the end; a callback that stayed would keep its own execution from
  /// collection.
  void ReleaseReaders();
  void Answer(const std::vector<std::uint64_t>& waits);
  Napi::Object ToJs(const exec::Ending& ending);
  void SetHeld(bool held);
  Reader& reader(exec::Stream stream) { return readers_[exec::IndexOf(stream)]; }

  Environment& environment_;
  std::shared_ptr<Lease> lease_;
  std::shared_ptr<exec::Execution> execution_;
  std::array<Reader, 2> readers_;
  Napi::FunctionReference on_readable_any_;
  Napi::FunctionReference on_exit_;
  std::unordered_map<std::uint64_t, Napi::Promise::Deferred> waits_;
  std::optional<exec::Ending> ending_;
  bool pulls_both_ = false;
  bool held_ = false;
  bool ended_ = false;
};

}  // namespace boxlite::node
