/*
 * The end of one execution, as csrc/exec does it, against an engine that may do anything in any order.
 *
 * What runs under the mutex of an Execution is one atomic step here; what is done after it (the bell, the timer,
 * giving the handle back, the pause) is a step of its own that may come at any later moment. Time is left out: a
 * timer that is armed may fire at once or after everything else.
 *
 *   model                    C++
 *   chunk()                  Execution::OnChunk, StreamPump::Append
 *   exit_callback()          Execution::OnExitCallback, ExitPump::OnExitCallback
 *   wait_answer()            Execution::OnWaitAnswer, ExitPump::OnWait
 *   engine_gone()            Execution::OnEngineGone, ExitPump::OnEngineGone
 *   handle_freed()           Execution::OnHandleFreed, ExitPump::OnHandleFreed
 *   timer()                  Execution::OnTimer, ExitPump::OnGraceOver
 *   begin()                  Execution::Begin
 *   attach()                 Execution::Attach, StreamPump::Attach, ExitPump::TakeBack
 *   read()                   Execution::Read, StreamPump::Peek
 *   leave()                  Execution::Leave, StreamPump::Leave
 *   (no reader)              also a gathering one, Execution::Gather: it takes everything at once, holds nothing up
 *   ask_wait()               Execution::AskWait, ExitPump::AskWait
 *   close()                  Execution::CloseLocked, ExitPump::OnClose
 *   collect()                Execution::CollectLocked
 *     wake()                   StreamPump::TakeWake
 *     pausing()                StreamPump::WantsPause
 *     emission()               Execution::CollectEmissionLocked, ExitPump::Settle
 *     grace()                  Execution::CollectGraceLocked, ExitPump::wants_grace
 *   SETTLED, DRAINED(s)      ExitPump::settled, StreamPump::drained
 *   learn(), best            ExitPump::Result: of what was learned, the first in its order of precedence
 *   apply_pause()            Execution::ApplyPause
 *   deliver()                Execution::TakeBatch, node::Execution::Deliver
 *   forgotten                execution_table::Erase: callbacks that come later find nothing
 *
 * Verified:
 *   one exit        Exit is told exactly once.
 *   order           No chunk after Exit for a stream whose reader attached before Exit was told.
 *   told            At Exit every reader that is still there was told the end of its stream.
 *   waits           Each wait is answered once, after Exit, in the order they were asked, with what Exit told;
 *                   a wait without drain once both streams are captured or their readers left.
 *   complete        An engine that is orderly loses no chunk, unless a grace or a failure cut it off.
 *   never stuck     When nothing can move any more, everything was told, unless a reader stalls, or the process
 *                   simply runs on.
 *
 * Each MUTANT_… takes one rule away; run.cjs shows that a violation is then found.
 */

/* How many chunks of one stream may lie unread. */
#ifndef CHUNKS
#define CHUNKS 2
#endif
#ifndef CLOSES
#define CLOSES 0
#endif
#ifndef WAITS
#define WAITS 2
#endif
/* Chunks unread at which the source is paused; it goes on when there are none. */
#define PAUSE_AT 2

#define OUT 0
#define ERR 1

#define NONE 0
#define ATTACHED 1
#define LEFT 2

#define RUNNING 0
#define DRAINING 1
#define EXITED 2

/* What is told of the end, by precedence. */
#define R_FAILURE 1
#define R_WAIT_CODE 2
#define R_WAIT_ERROR 3
#define R_EXIT_CODE 4
#define R_CLOSED 5
#define R_GONE 6
#define R_STOPPED 7
#define R_UNKNOWN 8

typedef Pump {
  byte reader;
  byte unread;
  bool ended;
  bool told;
  bool waiting;
  bool wants_pause;
  bool paused;            /* as the engine was told */
  bool readable;          /* in the batch */
  bool blocked;           /* its reader found nothing and waits for onReadable */
  /* Ghosts. */
  bool stalled;           /* its reader stopped reading for good */
  bool attached_late;     /* after Exit was told */
  bool lost;              /* an orderly engine's chunk was dropped although its reader had not left */
};
Pump pump[2];

/* ExitPump */
byte phase = RUNNING;
bool wait_answered, exit_seen, knows_end, cut_off;   /* cut_off: grace_over_ or gone_ */
byte best = R_UNKNOWN;
chan waits = [WAITS] of { byte };
chan early_waits = [WAITS] of { byte };

/* Execution */
bool begun, closing, handle_freed, close_due, armed, byte_since, notified, pause_changed, forgotten;
bool has_handle = true;
bool freeing;                               /* the handle is on its way to the call executor */
byte closings;                              /* asked, not in a batch */
bool batch_exit;
byte batch_closed;
chan batch_waits = [WAITS] of { byte };
chan batch_early = [WAITS] of { byte };

/* The box */
bool stop_asked;

/* Ghosts: what JavaScript was told. */
bool exit_told;
byte told_result;
byte last_wait, last_early;
bool asked[WAITS + 1];
bool answered[WAITS + 1];
byte close_asked, close_told;
bool orderly;
bool failed;

/* knows_end: wait_answered_, or exit_code_ has a value. */
#define SETTLED (phase != RUNNING && (knows_end || cut_off))
#define DRAINED(s) (pump[s].reader == LEFT || (pump[s].ended && (pump[s].reader == NONE || pump[s].told)))
#define CAPTURED (pump[OUT].ended && pump[ERR].ended)
#ifdef MUTANT_NO_BARRIER
#define BOTH_DRAINED begun
#else
#define BOTH_DRAINED (begun && DRAINED(OUT) && DRAINED(ERR))
#endif
#ifdef MUTANT_NO_GRACE
#define WANTS_GRACE false
#else
#define WANTS_GRACE (phase == DRAINING && !cut_off && (!exit_seen || !SETTLED))
#endif
#ifdef MUTANT_NO_CLAIM
#define MAY_EXIT true
#else
#define MAY_EXIT (phase != EXITED)
#endif

inline see_end() {
  if
  :: phase == RUNNING -> phase = DRAINING
  :: else
  fi
}

inline end_streams() {
  pump[OUT].ended = true;
  pump[ERR].ended = true
}

inline ring() { notified = true }

/* Later than Exit nothing changes what it told. */
inline learn(what) {
#ifdef MUTANT_RESULT_CHANGES
  if
  :: what < best -> best = what
#else
  if
  :: phase != EXITED && what < best -> best = what
#endif
  :: else
  fi
}

/* ---- What an event leads to -------------------------------------------------------------------- */

inline wake(s) {
  if
  :: pump[s].waiting && (pump[s].unread > 0 || pump[s].ended) ->
    pump[s].waiting = false;
#ifndef MUTANT_LOST_WAKE_UP
    pump[s].readable = true;
#endif
    ring()
  :: else
  fi
}

inline pausing(s) {
#ifdef ORDERLY
  was = pump[s].wants_pause;
  if
  :: pump[s].reader != ATTACHED || pump[s].ended -> pump[s].wants_pause = false
  :: else ->
    if
    :: pump[s].unread >= PAUSE_AT -> pump[s].wants_pause = true
    :: pump[s].unread == 0 -> pump[s].wants_pause = false
    :: else
    fi
  fi;
  pause_changed = pause_changed || was != pump[s].wants_pause;
#else
  skip
#endif
}

inline give_handle_back() {
  if
  :: has_handle -> has_handle = false; freeing = true
  :: else
  fi
}

inline move(from, to) {
  do
  :: nempty(from) -> from ? id; to ! id; ring()
  :: empty(from) -> break
  od
}

inline emission() {
  if
  :: stop_asked -> learn(R_STOPPED)
  :: else
  fi;
  if
  :: SETTLED ->
    if
    :: MAY_EXIT && BOTH_DRAINED ->
      phase = EXITED;
      assert(!batch_exit);
      batch_exit = true;
      give_handle_back();
      ring()
    :: else
    fi;
    if
    :: phase == EXITED || CAPTURED -> move(early_waits, batch_early)
    :: else
    fi;
    if
    :: phase == EXITED -> move(waits, batch_waits)
    :: else
    fi
  :: else
  fi;
  if
  :: handle_freed && phase == EXITED ->
    forgotten = true;
    if
    :: closings > 0 ->
      batch_closed = batch_closed + closings;
      closings = 0;
      ring()
    :: else
    fi
  :: else
  fi
}

inline grace() {
  if
  :: WANTS_GRACE || (close_due && !handle_freed) -> armed = true
  :: else
  fi;
  byte_since = byte_since && WANTS_GRACE
}

inline collect() {
  wake(OUT);
  wake(ERR);
  pausing(OUT);
  pausing(ERR);
  emission();
  grace();
  id = 0;
  was = false
}

/* ---- The engine: the drain thread -------------------------------------------------------------- */

/* `refused`: over maxBufferedBytes, or the disk is full. */
inline chunk(s, refused) {
  byte_since = true;
  if
  :: forgotten -> skip
  :: !forgotten && pump[s].ended -> pump[s].lost = orderly
  :: !forgotten && !pump[s].ended && pump[s].reader == LEFT -> skip
  :: else ->
    if
    :: refused ->
      pump[s].ended = true;
      learn(R_FAILURE);
      failed = orderly
    :: else -> pump[s].unread++
    fi
  fi;
  collect()
}

/* `tells`: neither −1 nor −129. */
inline exit_callback(tells) {
  if
  :: forgotten || phase == EXITED || exit_seen -> skip
  :: else ->
    exit_seen = true;
    if
    :: tells -> learn(R_EXIT_CODE); knows_end = true
    :: else
    fi;
    see_end();
    end_streams()
  fi;
  collect()
}

/* `what`: R_WAIT_CODE, R_WAIT_ERROR, or R_UNKNOWN for a −1 without an error. */
inline wait_answer(what) {
  if
  :: forgotten || phase == EXITED || wait_answered -> skip
  :: else ->
    wait_answered = true;
    knows_end = true;
    learn(what);
    see_end();
#ifdef MUTANT_WAIT_ENDS_STREAMS
    end_streams()
#endif
  fi;
  collect()
}

inline engine_gone() {
  learn(R_GONE);
  cut_off = cut_off || phase != EXITED;
  see_end();
  end_streams();
  collect()
}

#define ROOM(s) (pump[s].unread < CHUNKS)
/* A pause is for a living process: what a dead one left in the pipe is read whoever asked for it. */
#define FLOWS(s) (!pump[s].paused || answered_wait)

/* Gives any number of chunks, honours a pause, tells the exit last; the wait's answer overtakes as it likes. */
proctype OrderlyEngine() {
  byte id;
  bool was, answered_wait, exited;
end:
  do
  :: d_step { !exited && FLOWS(OUT) && ROOM(OUT) -> chunk(OUT, false) }
  :: d_step { !exited && FLOWS(ERR) && ROOM(ERR) -> chunk(ERR, false) }
  :: d_step { !answered_wait -> answered_wait = true; wait_answer(R_WAIT_CODE) }
  :: d_step { !exited && FLOWS(OUT) && FLOWS(ERR) -> exited = true; exit_callback(true) }
  :: d_step { !exited && FLOWS(OUT) && FLOWS(ERR) -> exited = true; exit_callback(false) }
  :: forgotten || (exited && answered_wait) -> break
  od
}

/* Anything, in any order, any number of times, too late, or not at all. */
proctype WildEngine() {
  byte id;
  bool was;
  do
  :: d_step { ROOM(OUT) -> chunk(OUT, false) }
  :: d_step { ROOM(OUT) -> chunk(OUT, true) }
  :: d_step { ROOM(ERR) -> chunk(ERR, false) }
  :: d_step { exit_callback(true) }
  :: d_step { exit_callback(false) }
  :: d_step { wait_answer(R_WAIT_CODE) }
  :: d_step { wait_answer(R_WAIT_ERROR) }
  :: d_step { wait_answer(R_UNKNOWN) }
  :: d_step { engine_gone() } -> break
  :: break
  od
}

/* ---- What else runs beside JavaScript ----------------------------------------------------------- */

proctype CallExecutor() {
  byte id;
  bool was;
end:
  do
  :: d_step { freeing -> freeing = false; handle_freed = true; see_end(); collect() } -> break
  :: freeing -> break   /* an engine that does not return from execution_free */
  od
}

/* It is due for the close, or for the grace; the grace starts anew where a byte came since. */
inline close_is_due() {
  armed = false;
  handle_freed = true;
  see_end();
  cut_off = cut_off || phase == DRAINING;
  end_streams();
  close_due = false;
  collect()
}

inline grace_is_due() {
  armed = false;
  if
  :: WANTS_GRACE && !byte_since -> cut_off = true; end_streams(); collect()
  :: WANTS_GRACE && byte_since ->
    byte_since = false;
#ifndef MUTANT_TIMER_ONCE
    collect()
#endif
  :: else -> collect()
  fi
}

proctype Timer() {
  byte id;
  bool was;
end:
  do
  :: d_step { armed && close_due -> close_is_due() }
  :: d_step { armed && (WANTS_GRACE || !close_due) -> grace_is_due() }
  od
}

proctype Pauser() {
end:
  do
  :: d_step { pause_changed ->
       pause_changed = false;
       if
       :: has_handle ->
         pump[OUT].paused = pump[OUT].wants_pause;
         pump[ERR].paused = pump[ERR].wants_pause
       :: else
       fi }
  od
}

proctype BoxStop() {
  stop_asked = true
}

/* ---- JavaScript --------------------------------------------------------------------------------- */

inline begin() {
  begun = true;
  collect()
}

proctype Starter() {
  byte id;
  bool was;
  d_step { begin() }
}

inline attach(s) {
  pump[s].reader = ATTACHED;
  pump[s].attached_late = exit_told;
#ifndef MUTANT_EXIT_NOT_TAKEN_BACK
  if
  :: batch_exit ->
    batch_exit = false;
    phase = DRAINING;
    move(batch_waits, waits);
    id = 0
  :: else
  fi
#endif
}

inline leave(s) {
  pump[s].reader = LEFT;
  pump[s].waiting = false;
  pump[s].blocked = false;
  pump[s].unread = 0
}

/* Absent, slow (it may be overtaken by everything), stalled, or leaving: all that a reader can be. */
proctype Reader(byte s) {
  byte id;
  bool was;
  if
  :: d_step { pump[s].reader == NONE -> attach(s) }
  :: goto done
  :: pump[s].reader == LEFT -> goto done
  fi;
end:
  do
  :: d_step { !pump[s].blocked && pump[s].reader == ATTACHED && !pump[s].told ->
       if
       :: pump[s].unread > 0 ->
         assert(!exit_told || pump[s].attached_late);
         pump[s].unread--
       :: pump[s].unread == 0 && pump[s].ended -> pump[s].told = true
       :: else ->
         assert(!pump[s].attached_late);
         pump[s].waiting = true;
         pump[s].blocked = true
       fi;
       collect() }
  :: pump[s].told || pump[s].reader == LEFT -> break
  /* It has decided to wait until it is called: if nobody calls, that is our fault. */
  :: pump[s].blocked ->
end_patient:
    !pump[s].blocked
  :: d_step { pump[s].reader == ATTACHED && !pump[s].told && !pump[s].blocked -> pump[s].stalled = true } -> break
  :: d_step { pump[s].reader == ATTACHED && !pump[s].told -> leave(s); collect() } -> break
  od;
done:
  skip
}

inline ask_wait(n, drain) {
  asked[n] = true;
  if
  :: drain -> waits ! n
  :: else -> early_waits ! n
  fi;
  collect()
}

proctype Asker() {
  byte id, n = 1;
  bool was;
  do
  :: d_step { n <= WAITS -> ask_wait(n, true); n++ }
  :: d_step { n <= WAITS -> ask_wait(n, false); n++ }
  :: n > WAITS -> break
  od
}

inline close() {
  close_asked++;
  closings++;
  if
  :: closing -> skip
  :: else ->
    closing = true;
    begun = true;
    learn(R_CLOSED);
    leave(OUT);
    leave(ERR);
    close_due = true;
    give_handle_back()
  fi;
  collect()
}

proctype Closer() {
  byte id;
  bool was;
  do
  :: d_step { close_asked < CLOSES -> close() }
  :: break
  od
}

/* ---- Delivery: what JavaScript is told ---------------------------------------------------------- */

inline call_readable(s) {
  if
  :: pump[s].readable -> pump[s].readable = false; pump[s].blocked = false
  :: else
  fi
}

inline tell_exit() {
  if
  :: batch_exit ->
    batch_exit = false;
    assert(!exit_told);
    assert(pump[OUT].reader != ATTACHED || pump[OUT].told);
    assert(pump[ERR].reader != ATTACHED || pump[ERR].told);
    exit_told = true;
    told_result = best
  :: else
  fi
}

/* Its bytes are ours, or nobody wants them. */
#define SAFE(s) (pump[s].ended || pump[s].reader == LEFT)

inline answer_early() {
  do
  :: batch_early ? id ->
    assert(SETTLED && SAFE(OUT) && SAFE(ERR));
    assert(!answered[id] && id > last_early);
    answered[id] = true;
    last_early = id
  :: empty(batch_early) -> break
  od
}

inline answer_waits() {
  do
  :: batch_waits ? id ->
    assert(exit_told);
    assert(!answered[id] && id > last_wait);
    assert(best == told_result);
    answered[id] = true;
    last_wait = id
  :: empty(batch_waits) -> break
  od
}

inline deliver() {
  notified = false;
  call_readable(OUT);
  call_readable(ERR);
  answer_early();
  tell_exit();
  answer_waits();
  close_told = close_told + batch_closed;
  batch_closed = 0;
  id = 0
}

proctype Loop() {
  byte id;
end:
  do
  :: d_step { notified -> deliver() }
  od
}

/* ---- When nothing can move any more -------------------------------------------------------------- */

#define STALLED(s) (pump[s].stalled && pump[s].reader == ATTACHED && !pump[s].told)
#define HELD_UP (STALLED(OUT) || STALLED(ERR))

inline check_wait(n) {
  assert(!asked[n] || answered[n] || !exit_told)
}

active proctype Check() {
  timeout;
  assert(phase != EXITED || exit_told);
  assert(phase == EXITED || HELD_UP || (phase == RUNNING && !closing));
  assert(exit_told || !SETTLED || !CAPTURED || empty(early_waits));
  check_wait(1);
#if WAITS > 1
  check_wait(2);
#endif
  assert(close_told == close_asked);
  /* Cut off are only what came after a grace, a failure or a close. */
  assert(!orderly || cut_off || failed || closing || !(pump[OUT].lost || pump[ERR].lost))
}

init {
  atomic {
#ifdef ORDERLY
    orderly = true;
    run OrderlyEngine();
    run Pauser();
#else
    run WildEngine();
#endif
    run CallExecutor();
    run Timer();
    run Starter();
    run Loop();
    run Reader(OUT);
    run Reader(ERR);
    run Asker();
#if CLOSES > 0
    run Closer();
#endif
#ifdef BOX_STOPS
    run BoxStop();
#endif
    skip
  }
}
