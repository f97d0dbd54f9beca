#include "ffi/box_info.h"

namespace boxlite::ffi {

namespace {

template <class Network>
NetworkInfo CopyNetwork(const Network& from) {
  NetworkInfo to;
  to.enabled = from.mode == BOXLITE_NETWORK_ENABLED;
  for (int i = 0; from.allow_net != nullptr && i < from.allow_net_count; ++i) {
    if (from.allow_net[i] != nullptr) to.allow.emplace_back(from.allow_net[i]);
  }
  if (from.published_ports == nullptr) return to;
  to.published_ports.emplace();
  for (int i = 0; i < from.published_ports->count; ++i) {
    const CPublishedPort& port = from.published_ports->items[i];
    to.published_ports->push_back(
        {port.guest_port, port.host_port, CopyString(port.host_ip), port.protocol == BOXLITE_PORT_UDP});
  }
  return to;
}

template <class Info>
BoxInfo CopyCommon(const Info& from) {
  BoxInfo to;
  to.id = CopyString(from.id);
  if (from.name != nullptr) to.name = from.name;
  to.image = CopyString(from.image);
  to.status = CopyString(from.status);
  to.running = from.running != 0;
  to.pid = from.pid;
  to.cpus = from.cpus;
  to.memory_mib = from.memory_mib;
  to.auto_stop_seconds = from.auto_stop;
  to.auto_delete_seconds = from.auto_delete;
  to.auto_resume = from.auto_resume != 0;
  to.created_at_seconds = from.created_at;
  if (from.network != nullptr) to.network = CopyNetwork(*from.network);
  return to;
}

BoxInfo Copy(const CBoxInfo& from) { return CopyCommon(from); }

BoxInfo Copy(const CBoxInfoNext& from) {
  BoxInfo to = CopyCommon(from);
  to.started_at_ms = from.started_at;
  to.last_activity_at_ms = from.last_activity_at;
  return to;
}

template <class Info>
std::vector<BoxInfo> CopyItems(const CBoxInfoList& list) {
  const auto* items = reinterpret_cast<const Info*>(list.items);
  std::vector<BoxInfo> infos;
  for (int i = 0; items != nullptr && i < list.count; ++i) infos.push_back(Copy(items[i]));
  return infos;
}

}  // namespace

BoxInfo TakeBoxInfo(const Library& library, CBoxInfo* info) {
  if (info == nullptr) return {};
  BoxInfo copy =
      library.generation() == Generation::kNext ? Copy(*reinterpret_cast<CBoxInfoNext*>(info)) : Copy(*info);
  if (library.api().free_box_info != nullptr) library.api().free_box_info(info);
  return copy;
}

std::vector<BoxInfo> TakeBoxInfoList(const Library& library, CBoxInfoList* list) {
  if (list == nullptr) return {};
  auto infos =
      library.generation() == Generation::kNext ? CopyItems<CBoxInfoNext>(*list) : CopyItems<CBoxInfo>(*list);
  if (library.api().free_box_info_list != nullptr) library.api().free_box_info_list(list);
  return infos;
}

}  // namespace boxlite::ffi
