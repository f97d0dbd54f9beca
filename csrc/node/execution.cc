#include "node/execution.h"

#include <limits>

#include "node/buffers.h"
#include "node/promises.h"
#include "node/wrapping.h"

namespace boxlite::node {

namespace {

using exec::ReadResult;
using exec::Stream;

constexpr std::size_t kChunk = 256 * 1024;
constexpr std::size_t kFlowBudget = 4 * 1024 * 1024;
constexpr std::int64_t kMaxRead = 64 * 1024 * 1024;

Stream ReadStream(Napi::Value value) {
  return static_cast<Stream>(
      ReadInt(value, "stream", static_cast<int>(Stream::kStdout), static_cast<int>(Stream::kStderr)));
}

std::size_t ReadMax(Napi::Value value) {
  return static_cast<std::size_t>(ReadInt(value, "maxBytes", 1, kMaxRead));
}

void ThrowIf(Napi::Env env, const ffi::Status& status) {
  if (!status.ok()) Throw(env, status.error());
}

/// null at the end, undefined when there is nothing yet; throws what a read failed with.
Napi::Value ToJs(Napi::Env env, ReadResult& result) {
  switch (result.kind) {
    case ReadResult::Kind::kBytes: return ToBuffer(env, std::move(result.bytes));
    case ReadResult::Kind::kEnd: return env.Null();
    case ReadResult::Kind::kError: Throw(env, result.error);
    case ReadResult::Kind::kNothingYet: break;
  }
  return env.Undefined();
}

template <class Start>
Napi::Value PromisedUnit(Napi::Env env, Start start) {
  return Promised<ffi::Unit>(Environment::Of(env), start, ToUndefined);
}

}  // namespace

Napi::Function Execution::Define(Napi::Env env) {
  return DefineClass(env, "NativeExecution",
                     {InstanceAccessor<&Execution::Id>("id"),
                      InstanceAccessor<&Execution::Exited>("exited"),
                      InstanceAccessor<&Execution::Released>("released"),
                      InstanceAccessor<&Execution::CutOff>("cutOff"),
                      InstanceAccessor<&Execution::Naive>("naive"),
                      InstanceAccessor<&Execution::LateChunks>("lateChunks"),
                      InstanceMethod<&Execution::OnStdout>("onStdout"),
                      InstanceMethod<&Execution::OnStderr>("onStderr"),
                      InstanceMethod<&Execution::OnExit>("onExit"),
                      InstanceMethod<&Execution::Wait>("wait"),
                      InstanceMethod<&Execution::Pause>("pause"),
                      InstanceMethod<&Execution::Resume>("resume"),
                      InstanceMethod<&Execution::Attach>("attach"),
                      InstanceMethod<&Execution::Read>("read"),
                      InstanceMethod<&Execution::AttachBoth>("attachBoth"),
                      InstanceMethod<&Execution::ReadAny>("readAny"),
                      InstanceMethod<&Execution::Gather>("gather"),
                      InstanceMethod<&Execution::TakeGathered>("takeGathered"),
                      InstanceMethod<&Execution::Leave>("leave"),
                      InstanceMethod<&Execution::Write>("write"),
                      InstanceMethod<&Execution::TryWrite>("tryWrite"),
                      InstanceMethod<&Execution::CloseStdin>("closeStdin"),
                      InstanceMethod<&Execution::Signal>("signal"),
                      InstanceMethod<&Execution::Kill>("kill"),
                      InstanceMethod<&Execution::Resize>("resize"),
                      InstanceMethod<&Execution::Close>("close"),
                      InstanceMethod<&Execution::KeepLoop>("ref"),
                      InstanceMethod<&Execution::LeaveLoop>("unref")});
}

Execution::Execution(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<Execution>(info), environment_(Environment::Of(info.Env())) {
  auto& seed = TakeSeed<Seed>(info);
  lease_ = std::move(seed.lease);
  execution_ = std::move(seed.execution);
  environment_.Add(execution_.get(), this);
  Ref();
  SetHeld(true);
  // A turn later: whoever awaits this execution attaches its readers before the end is told.
  environment_.delivery()->Post([execution = execution_](Environment& env) {
    execution->Begin();
    if (auto* wrapper = env.Find(execution.get())) wrapper->Deliver(execution->TakeBatch());
  });
}

Execution::~Execution() {
  if (!execution_) return;  // the constructor threw
  environment_.Remove(execution_.get());
  if (!execution_->released()) execution_->CloseThen([] {});
}

// ---- Delivery -----------------------------------------------------------------------------------

void Execution::Deliver(exec::Batch batch) {
  for (Stream stream : exec::kStreams) {
    if (!batch.readable[exec::IndexOf(stream)]) continue;
    if (reader(stream).on_chunk.IsEmpty()) {
      environment_.Call(reader(stream).on_readable, {});
    } else {
      Flow(stream);
    }
  }
  if (batch.readable_any) environment_.Call(on_readable_any_, {});
  if (batch.exit || !batch.waits.empty() || !batch.early_waits.empty()) ending_ = batch.ending;
  Answer(batch.early_waits);
  if (batch.exit) DeliverExit();
  Answer(batch.waits);
  for (auto& done : batch.closed) done(ffi::Unit{});
}

void Execution::DeliverExit() {
  ended_ = true;
  SetHeld(false);
  if (!on_exit_.IsEmpty()) environment_.Call(on_exit_, {ToJs(*ending_)});
  on_exit_.Reset();
  ReleaseReaders();
  Unref();
}

void Execution::ReleaseReaders() {
  for (auto& reader : readers_) {
    reader.on_readable.Reset();
    reader.on_chunk.Reset();
  }
  on_readable_any_.Reset();
}

void Execution::Answer(const std::vector<std::uint64_t>& waits) {
  for (auto id : waits) {
    auto found = waits_.find(id);
    if (found == waits_.end()) continue;
    auto deferred = found->second;
    waits_.erase(found);
    environment_.Release();
    deferred.Resolve(ToJs(*ending_));
  }
}

Napi::Object Execution::ToJs(const exec::Ending& ending) {
  auto object = Napi::Object::New(Env());
  object.Set("exitCode", ending.terminal.code);
  if (ending.terminal.error) object.Set("error", environment_.ToJs(*ending.terminal.error));
  object.Set("timedOut", ending.timed_out);
  object.Set("durationMs", ending.duration_ms);
  return object;
}

void Execution::SetHeld(bool held) {
  if (std::exchange(held_, held) == held) return;
  if (held) {
    environment_.Hold();
  } else {
    environment_.Release();
  }
}

// ---- Callback readers ---------------------------------------------------------------------------

void Execution::SetChunkCallback(const Napi::CallbackInfo& info, Stream stream, const char* name) {
  auto callback = ReadFunction(info[0], name);
  ThrowIf(info.Env(), execution_->Attach(stream));
  reader(stream).on_chunk = Napi::Persistent(callback);
  FlowLater(stream);
}

void Execution::FlowLater(Stream stream) {
  environment_.delivery()->Post([execution = execution_, stream](Environment& env) {
    if (auto* wrapper = env.Find(execution.get())) wrapper->Flow(stream);
  });
}

void Execution::Flow(Stream stream) {
  auto& to = reader(stream);
  std::size_t given = 0;
  while (!to.paused && given < kFlowBudget && !environment_.down()) {
    auto result = execution_->Read(stream, kChunk);
    // A failed read is told by the end of the execution.
    if (result.kind == ReadResult::Kind::kEnd || result.kind == ReadResult::Kind::kError)
      return to.on_chunk.Reset();
    if (result.kind == ReadResult::Kind::kNothingYet) return;
    given += result.bytes.size();
    Napi::HandleScope scope(Env());
    environment_.Call(to.on_chunk, {ToBuffer(Env(), std::move(result.bytes))});
  }
  if (given >= kFlowBudget) FlowLater(stream);
}

void Execution::OnStdout(const Napi::CallbackInfo& info) {
  SetChunkCallback(info, Stream::kStdout, "callback");
}

void Execution::OnStderr(const Napi::CallbackInfo& info) {
  SetChunkCallback(info, Stream::kStderr, "callback");
}

void Execution::Pause(const Napi::CallbackInfo& info) { reader(ReadStream(info[0])).paused = true; }

void Execution::Resume(const Napi::CallbackInfo& info) {
  const Stream stream = ReadStream(info[0]);
  if (!std::exchange(reader(stream).paused, false) || reader(stream).on_chunk.IsEmpty()) return;
  FlowLater(stream);
}

// ---- Pullers ------------------------------------------------------------------------------------

void Execution::Attach(const Napi::CallbackInfo& info) {
  const Stream stream = ReadStream(info[0]);
  auto on_readable = ReadFunction(info[1], "onReadable");
  ThrowIf(info.Env(), execution_->Attach(stream));
  reader(stream).pulled = true;
  if (!ended_) reader(stream).on_readable = Napi::Persistent(on_readable);
}

Napi::Value Execution::Read(const Napi::CallbackInfo& info) {
  const Stream stream = ReadStream(info[0]);
  const std::size_t max = ReadMax(info[1]);
  if (!reader(stream).pulled) {
    Throw(info.Env(), ffi::MakeError(ffi::ErrorCode::kInvalidState,
                                     "the stream must be attached before it is read", "execution.read"));
  }
  auto result = execution_->Read(stream, max);
  return node::ToJs(info.Env(), result);
}

void Execution::AttachBoth(const Napi::CallbackInfo& info) {
  auto on_readable = ReadFunction(info[0], "onReadable");
  ThrowIf(info.Env(), execution_->AttachBoth());
  pulls_both_ = true;
  if (!ended_) on_readable_any_ = Napi::Persistent(on_readable);
}

Napi::Value Execution::ReadAny(const Napi::CallbackInfo& info) {
  const std::size_t max = ReadMax(info[0]);
  if (!pulls_both_) {
    Throw(info.Env(), ffi::MakeError(ffi::ErrorCode::kInvalidState,
                                     "both streams must be attached before they are read", "execution.read"));
  }
  auto result = execution_->ReadAny(max);
  Napi::Value data = node::ToJs(info.Env(), result);
  if (result.kind != ReadResult::Kind::kBytes) return data;
  auto object = Napi::Object::New(info.Env());
  object.Set("stream", static_cast<double>(result.stream));
  object.Set("data", data);
  return object;
}

void Execution::Gather(const Napi::CallbackInfo& info) {
  const Stream stream = ReadStream(info[0]);
  const auto bound = info[1].IsUndefined() ? std::numeric_limits<std::int64_t>::max()
                                           : ReadInt(info[1], "maxBytes", 0, kMaxSafeInteger);
  ThrowIf(info.Env(), execution_->Gather(stream, static_cast<std::uint64_t>(bound)));
}

Napi::Value Execution::TakeGathered(const Napi::CallbackInfo& info) {
  auto gathered = execution_->TakeGathered(ReadStream(info[0]));
  if (!gathered) return info.Env().Null();
  if (!gathered->truncated()) return ToBuffer(info.Env(), *gathered);
  auto object = Napi::Object::New(info.Env());
  const auto tail = gathered->tail();
  object.Set("tail", Napi::Buffer<std::uint8_t>::Copy(info.Env(), tail.data(), tail.size()));
  object.Set("head", ToBuffer(info.Env(), *gathered));
  return object;
}

void Execution::Leave(const Napi::CallbackInfo& info) { execution_->Leave(ReadStream(info[0])); }

// ---- The end ------------------------------------------------------------------------------------

Napi::Value Execution::Id(const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(), execution_->id());
}

Napi::Value Execution::Exited(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), ended_);
}

Napi::Value Execution::Released(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), ended_ && execution_->released());
}

Napi::Value Execution::CutOff(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), execution_->cut_off());
}

Napi::Value Execution::Naive(const Napi::CallbackInfo& info) {
  const auto bytes = execution_->bytes_at_wait();
  if (!bytes) return info.Env().Undefined();
  auto object = Napi::Object::New(info.Env());
  object.Set("stdoutBytes", static_cast<double>(bytes->stdout_bytes));
  object.Set("stderrBytes", static_cast<double>(bytes->stderr_bytes));
  return object;
}

Napi::Value Execution::LateChunks(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(execution_->late_chunks()));
}

void Execution::OnExit(const Napi::CallbackInfo& info) {
  auto callback = ReadFunction(info[0], "callback");
  if (!on_exit_.IsEmpty()) {
    Throw(info.Env(),
          ffi::MakeError(ffi::ErrorCode::kInvalidState, "onExit was called before", "execution.onExit"));
  }
  on_exit_ = Napi::Persistent(callback);
  if (!ended_) return;
  Ref();  // until the late callback has been told
  environment_.delivery()->Post([execution = execution_](Environment& env) {
    if (auto* wrapper = env.Find(execution.get())) wrapper->DeliverExit();
  });
}

Napi::Value Execution::Wait(const Napi::CallbackInfo& info) {
  return Rejecting(info.Env(), [&]() -> Napi::Value {
    const bool drain = info[0].IsUndefined() || ReadBool(info[0], "drain");
    auto deferred = Napi::Promise::Deferred::New(info.Env());
    environment_.Hold();
    waits_.emplace(execution_->AskWait(drain), deferred);
    return deferred.Promise();
  });
}

// ---- Operations ---------------------------------------------------------------------------------

Napi::Value Execution::Write(const Napi::CallbackInfo& info) {
  return Rejecting(info.Env(), [&]() -> Napi::Value {
    auto bytes = ReadBytes(info[0], "data");
    return PromisedUnit(info.Env(),
                        [&](auto done) { execution_->Write(bytes.data(), bytes.size(), std::move(done)); });
  });
}

Napi::Value Execution::TryWrite(const Napi::CallbackInfo& info) {
  auto bytes = ReadBytes(info[0], "data");
  return Napi::Number::New(info.Env(), static_cast<double>(execution_->TryWrite(bytes.data(), bytes.size())));
}

Napi::Value Execution::CloseStdin(const Napi::CallbackInfo& info) {
  return PromisedUnit(info.Env(), [&](auto done) { execution_->CloseStdin(std::move(done)); });
}

Napi::Value Execution::Signal(const Napi::CallbackInfo& info) {
  return Rejecting(info.Env(), [&]() -> Napi::Value {
    const int signal = static_cast<int>(ReadInt(info[0], "signal", 1, 64));
    return PromisedUnit(info.Env(), [&](auto done) { execution_->Signal(signal, std::move(done)); });
  });
}

Napi::Value Execution::Kill(const Napi::CallbackInfo& info) {
  return PromisedUnit(info.Env(), [&](auto done) { execution_->Kill(std::move(done)); });
}

Napi::Value Execution::Resize(const Napi::CallbackInfo& info) {
  return Rejecting(info.Env(), [&]() -> Napi::Value {
    const int cols = static_cast<int>(ReadInt(info[0], "cols", 1, 65535));
    const int rows = static_cast<int>(ReadInt(info[1], "rows", 1, 65535));
    return PromisedUnit(info.Env(), [&](auto done) { execution_->Resize(cols, rows, std::move(done)); });
  });
}

Napi::Value Execution::Close(const Napi::CallbackInfo& info) {
  return PromisedUnit(info.Env(), [&](auto done) { execution_->Close(std::move(done)); });
}

void Execution::KeepLoop(const Napi::CallbackInfo&) {
  if (!ended_) SetHeld(true);
}

void Execution::LeaveLoop(const Napi::CallbackInfo&) { SetHeld(false); }

}  // namespace boxlite::node
