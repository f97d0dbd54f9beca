// What is told of a box, in the layout of the generation that this library is built as.
#pragma once

#include <string>
#include <vector>

#include "abi/boxlite.h"

namespace boxlite::fault {

struct Box;

/// Copies for the other side, freed by FreeInfo and FreeInfoList. Items lie side by side with the stride of
/// the generation.
CBoxInfo* NewInfo(const Box& box);
CBoxInfoList* NewInfoList(const std::vector<const Box*>& boxes);
void FreeInfo(CBoxInfo* info);
void FreeInfoList(CBoxInfoList* list);

}  // namespace boxlite::fault
