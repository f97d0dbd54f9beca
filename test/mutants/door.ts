import { gtest, vitest, type Mutant } from './mutant.js';

const runtime = 'csrc/ffi/runtime.cc';
const library = 'csrc/ffi/library.cc';

/** Breaks of the way to the engine. */
export const door: Mutant[] = [
  {
    name: 'take-every-callback-error-for-a-failure',
    file: 'csrc/ffi/error.cc',
    find: 'if (error == nullptr || error->code == BOXLITE_OK) return std::nullopt;',
    replace: 'if (error == nullptr) return std::nullopt;',
    caughtBy: vitest(
      'hazards/error-codes',
      'return value and error struct differ a callback error that is not NULL and says Ok is a success (H6)',
    ),
  },
  {
    name: 'believe-the-error-struct',
    file: 'csrc/ffi/error.cc',
    find: 'int code = static_cast<int>(returned);',
    replace: 'int code = returned == BOXLITE_OK ? 0 : static_cast<int>(error_.code);',
    caughtBy: vitest(
      'hazards/error-codes',
      'return value and error struct differ a bad string returns 5 where the struct says 1 (H8)',
    ),
  },
  {
    name: 'read-a-list-with-the-wrong-stride',
    file: 'csrc/ffi/box_info.cc',
    find: 'library.generation() == Generation::kNext ? CopyItems<CBoxInfoNext>(*list)',
    replace: 'library.generation() == Generation::k097 ? CopyItems<CBoxInfoNext>(*list)',
    caughtBy: vitest('hazards/generations-differ', 'next a list of boxes is read with its own stride (H29)'),
  },
  {
    name: 'leave-auto-remove-to-the-engine',
    file: 'csrc/ffi/box_options.cc',
    find: '  b.Set("autoRemove", api.options_set_auto_remove, o.auto_remove ? 1 : 0);\n',
    replace: '',
    caughtBy: vitest(
      'hazards/box-handle-is-spent',
      'the defaults of the engine delete boxes autoRemove is always said, before the delete interval that it resets (H17)',
    ),
  },
  {
    name: 'swap-the-ports',
    file: 'csrc/ffi/box_options.cc',
    find: 'options_add_port(b.raw(), port.host_port, port.guest_port,',
    replace: 'options_add_port(b.raw(), port.guest_port, port.host_port,',
    caughtBy: vitest('hazards/generations-differ', '0.10 runs a command, maps a port, mounts a folder'),
  },
  {
    name: 'call-0.9.5',
    file: library,
    find: 'if (api.advanced_options_new == nullptr) {',
    replace: 'if (api.advanced_options_new == nullptr && !allow_untested) {',
    caughtBy: vitest(
      'hazards/generations-differ',
      'an engine that must not be called is refused before it is called the oldest also where untested versions are allowed',
    ),
  },
  {
    name: 'accept-a-mixture-of-generations',
    file: library,
    find: 'if (allow_untested) return Generation::kUntested;',
    replace: 'if (allow_untested || volume) return Generation::kUntested;',
    caughtBy: gtest('Generation.RefusesAMixtureUnlessItIsAllowed'),
  },
  {
    name: 'open-without-the-core',
    file: library,
    find: 'if (present || kind != SymbolKind::kCore) return;',
    replace: 'if (present || kind != SymbolKind::kExtension) return;',
    caughtBy: gtest('Generation.NamesMissingCoreSymbols'),
  },
  {
    name: 'drain-for-ever',
    file: 'csrc/ffi/drain_loop.cc',
    find: 'constexpr int kSliceMs = 50;',
    replace: 'constexpr int kSliceMs = -1;',
    caughtBy: vitest('hazards/runtime-ends', 'a drain is never asked to wait for ever (H13)'),
  },
  {
    name: 'wait-for-a-drain-without-a-bound',
    file: 'csrc/ffi/drain_loop.cc',
    find: 'if (!state_->changed.wait_for(lock, patience, [this] { return state_->ended; })) return false;',
    replace: 'state_->changed.wait(lock, [&] { return state_->ended || patience.count() < 0; });',
    caughtBy: vitest(
      'hazards/runtime-ends',
      'a drain that never returns, because events keep coming, does not hold close() up (H14)',
    ),
  },
  {
    name: 'overlook-that-the-drain-failed',
    file: runtime,
    find: '    drain_over_ = true;\n',
    replace: '    drain_over_ = false;\n',
    caughtBy: vitest(
      'hazards/runtime-ends',
      'a drain that fails drain-fails 7: nothing stays pending, and close() works',
    ),
  },
  {
    name: 'free-boxes-without-shutting-them-down',
    file: runtime,
    find: '    ShutDownBoxes(timeout, outcome);\n',
    replace: '    (void)timeout;\n',
    caughtBy: vitest(
      'hazards/runtime-ends',
      'close() shuts the boxes down before it gives their handles back (H38)',
    ),
  },
  {
    name: 'let-go-of-another-runtimes-calls',
    file: 'csrc/ffi/posted_calls.cc',
    find: 'if (call->owner != owner ||',
    replace: 'if (call->owner == owner ||',
    caughtBy: gtest('PostedCalls.AClosedRuntimeFailsOnlyItsOwn'),
  },
  {
    name: 'keep-what-comes-too-late',
    file: 'csrc/ffi/callbacks.cc',
    find: '  if (!call) return;\n',
    replace: '  if (!call || call->is_over()) return;\n',
    caughtBy: gtest('LateCallback.ABoxThatComesTooLateIsGivenBack'),
  },
  {
    name: 'make-a-box-of-nothing',
    file: 'csrc/ffi/callbacks.cc',
    find: '    if (box == nullptr) return Missing("a box");\n',
    replace: '',
    caughtBy: vitest('hazards/error-codes', 'a success without its payload is an InternalError create'),
  },
  {
    name: 'let-one-blocked-call-hold-the-next-up',
    file: 'csrc/ffi/call_executor.cc',
    find: 'state_->threads == kMaxThreads) {',
    replace: 'state_->threads > 0) {',
    caughtBy: gtest('CallExecutor.RunsACallBesideOneThatBlocks'),
  },
  {
    name: 'start-no-more-after-a-lost-engine-but-say-nothing',
    file: 'csrc/exec/session.cc',
    find: '  for (const auto& execution : Living()) execution->OnEngineGone(why);\n',
    replace: '',
    caughtBy: vitest(
      'hazards/runtime-ends',
      'a drain that fails drain-fails 99: nothing stays pending, and close() works',
    ),
  },
];
