#include "info.h"

#include <cstdlib>
#include <new>
#include <type_traits>

#include "handles.h"

#if FAULT_GENERATION == 95
using Info = CBoxInfo095;
#elif FAULT_GENERATION == 11
using Info = CBoxInfoNext;
using Network = CNetworkInfoNext;
#else
using Info = CBoxInfo;
using Network = CNetworkInfo;
#endif

namespace boxlite::fault {

namespace {

constexpr std::int64_t kCreatedAt = 1'700'000'000;

// With the C library's allocator, as the strings are: they are freed one by one.
template <class T>
T* Allocate(std::size_t count) {
  return static_cast<T*>(std::calloc(count == 0 ? 1 : count, sizeof(T)));
}

void Fill(Info& info, const Box& box) {
  info.id = CopyOut(box.id);
  info.name = box.options.name.empty() ? nullptr : CopyOut(box.options.name);
  info.image = CopyOut(box.options.image);
  info.status = CopyOut(box.status);
  info.running = box.running() ? 1 : 0;
  info.pid = box.running() ? 4711 : 0;
  info.cpus = box.options.cpus;
  info.memory_mib = box.options.memory_mib;
  info.created_at = kCreatedAt;
#if FAULT_GENERATION != 95
  info.auto_stop = box.options.auto_stop;
  info.auto_delete = box.options.auto_delete.value_or(0);
  info.auto_resume = box.options.auto_resume ? 1 : 0;
  info.network = Allocate<Network>(1);
#endif
#if FAULT_GENERATION == 11
  info.started_at = kCreatedAt * 1000 + 1;
  info.last_activity_at = kCreatedAt * 1000 + 2;
#endif
}

void Clear(Info& info) {
  for (char* text : {info.id, info.name, info.image, info.status}) std::free(text);
#if FAULT_GENERATION != 95
  std::free(info.network);
#endif
}

}  // namespace

CBoxInfo* NewInfo(const Box& box) {
  auto* info = Allocate<Info>(1);
  Fill(*info, box);
  return reinterpret_cast<CBoxInfo*>(info);
}

CBoxInfoList* NewInfoList(const std::vector<const Box*>& boxes) {
  auto* list = Allocate<CBoxInfoList>(1);
  auto* items = Allocate<Info>(boxes.size());
  for (std::size_t i = 0; i < boxes.size(); ++i) Fill(items[i], *boxes[i]);
  list->items = reinterpret_cast<CBoxInfo*>(items);
  list->count = static_cast<int>(boxes.size());
  return list;
}

void FreeInfo(CBoxInfo* info) {
  if (info == nullptr) return;
  Clear(*reinterpret_cast<Info*>(info));
  std::free(info);
}

void FreeInfoList(CBoxInfoList* list) {
  if (list == nullptr) return;
  auto* items = reinterpret_cast<Info*>(list->items);
  for (int i = 0; i < list->count; ++i) Clear(items[i]);
  std::free(items);
  std::free(list);
}

}  // namespace boxlite::fault
