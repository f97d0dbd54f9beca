// The ABI's functions for files.
#include "engine/argument_checks.h"
#include "engine/runtime.h"

using namespace boxlite::engine;

namespace {

constexpr int kKnownFlags = BOXLITE_COPY_KEEP_EXISTING | BOXLITE_COPY_FOLLOW_SYMLINKS;

BoxliteErrorCode PostCopy(CBoxHandle* handle, bool into_box, const char* from, const char* to, int flags,
                          CBoxCopyCb cb, void* user_data, CBoxliteError* out) {
  if (auto code = CheckPosted(handle, "handle", cb, out)) return code;
  if (auto code = CheckText(from, out)) return code;
  if (auto code = CheckText(to, out)) return code;
  if ((flags & ~kKnownFlags) != 0) {
    return Report({BOXLITE_INVALID_ARGUMENT, "unknown copy flags " + std::to_string(flags)}, out);
  }
  CopyPlan plan;
  plan.from = from;
  plan.to = to;
  plan.overwrite = (flags & BOXLITE_COPY_KEEP_EXISTING) == 0;
  plan.rules.follow_links = (flags & BOXLITE_COPY_FOLLOW_SYMLINKS) != 0;
  std::lock_guard lock(handle->runtime->loop()->mutex);
  handle->runtime->CopyFiles(handle->box, handle->epoch, into_box, std::move(plan), AnswerTo(cb, user_data));
  return BOXLITE_OK;
}

}  // namespace

extern "C" {

BoxliteErrorCode boxlite_copy_into(CBoxHandle* handle, const char* host_src, const char* guest_dst,
                                   CBoxCopyCb cb, void* user_data, CBoxliteError* out_error) {
  return PostCopy(handle, true, host_src, guest_dst, 0, cb, user_data, out_error);
}

BoxliteErrorCode boxlite_copy_out(CBoxHandle* handle, const char* guest_src, const char* host_dst,
                                  CBoxCopyCb cb, void* user_data, CBoxliteError* out_error) {
  return PostCopy(handle, false, guest_src, host_dst, 0, cb, user_data, out_error);
}

BoxliteErrorCode boxlite_copy_into_with(CBoxHandle* handle, const char* host_src, const char* guest_dst,
                                        int flags, CBoxCopyCb cb, void* user_data, CBoxliteError* out_error) {
  return PostCopy(handle, true, host_src, guest_dst, flags, cb, user_data, out_error);
}

BoxliteErrorCode boxlite_copy_out_with(CBoxHandle* handle, const char* guest_src, const char* host_dst,
                                       int flags, CBoxCopyCb cb, void* user_data, CBoxliteError* out_error) {
  return PostCopy(handle, false, guest_src, host_dst, flags, cb, user_data, out_error);
}

}  // extern "C"
