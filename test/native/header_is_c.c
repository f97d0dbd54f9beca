/* Compiling this is the test: the ABI's header is C11 without a warning, and its layouts hold in C too. */
#include "abi/boxlite.h"

_Static_assert(sizeof(FFIError) == 16, "FFIError drifted from the ABI");
_Static_assert(offsetof(FFIError, message) == 8, "FFIError.message drifted from the ABI");
_Static_assert(sizeof(BoxliteCommand) == 72, "BoxliteCommand drifted from the ABI");
_Static_assert(offsetof(BoxliteCommand, tty) == 64, "BoxliteCommand.tty drifted from the ABI");
_Static_assert(sizeof(ExecResult) == 24, "ExecResult drifted from the ABI");
_Static_assert(sizeof(enum BoxliteErrorCode) == 4, "BoxliteErrorCode is not an int");
_Static_assert(BOXLITE_SESSION_REAPED == 21, "the last error code drifted from the ABI");
