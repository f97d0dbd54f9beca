// The order in which the bytes of two streams arrived.
#include "exec/arrival_log.h"

#include <gtest/gtest.h>

#include <vector>

namespace boxlite::exec {
namespace {

using Runs = std::vector<std::pair<Stream, std::uint64_t>>;

Runs Take(ArrivalLog& log) {
  Runs runs;
  while (const auto* run = log.front()) {
    runs.emplace_back(run->stream, run->bytes);
    log.Consume(run->bytes);
  }
  return runs;
}

TEST(ArrivalLog, KeepsTheRunsOfBothStreamsApart) {
  ArrivalLog log;
  log.Append(Stream::kStdout, 3);
  log.Append(Stream::kStdout, 4);
  log.Append(Stream::kStderr, 5);
  log.Append(Stream::kStdout, 6);
  EXPECT_EQ(Take(log), (Runs{{Stream::kStdout, 7}, {Stream::kStderr, 5}, {Stream::kStdout, 6}}));
}

TEST(ArrivalLog, ARunIsConsumedInPieces) {
  ArrivalLog log;
  log.Append(Stream::kStderr, 5);
  log.Consume(2);
  log.Append(Stream::kStderr, 1);
  EXPECT_EQ(Take(log), (Runs{{Stream::kStderr, 4}}));
  EXPECT_EQ(log.front(), nullptr);
}

TEST(ArrivalLog, KeepsNothingOnceAStreamIsReadAlone) {
  ArrivalLog log;
  log.Append(Stream::kStdout, 3);
  log.Stop();
  log.Append(Stream::kStderr, 3);
  EXPECT_EQ(log.front(), nullptr);
}

}  // namespace
}  // namespace boxlite::exec
