// Which libraries are spoken to, told by their symbols.
#include "ffi/library.h"

#include <gtest/gtest.h>

#include <string_view>

#include "ffi/embedded_engine.h"

namespace boxlite::ffi {
namespace {

/// A table with the symbols of one generation, by its place in the tags. Nothing in it is ever called.
Api TableOf(std::size_t tag) {
  Api api;
  auto has = [tag](const char* tags) { return tags[tag] != '-'; };
#define BOXLITE_SYMBOL(name, kind, tags, embedded, bound, reason) \
  if (has(tags)) api.name = reinterpret_cast<decltype(api.name)>(0x10);
#include "ffi/symbols.def"
#undef BOXLITE_SYMBOL
  return api;
}

int CodeOf(const Result<Generation>& result) { return result.ok() ? 0 : result.error().code; }

constexpr int kRefused = static_cast<int>(ErrorCode::kUnsupportedEngine);

TEST(Generation, KnowsThoseItSpeaks) {
  EXPECT_EQ(TellGeneration(TableOf(1), false).value(), Generation::k097);
  EXPECT_EQ(TellGeneration(TableOf(2), false).value(), Generation::k010Dev);
  EXPECT_EQ(TellGeneration(TableOf(3), false).value(), Generation::k010);
  EXPECT_EQ(TellGeneration(TableOf(4), false).value(), Generation::kNext);
}

TEST(Generation, Refuses095AndSaysWhatToInstall) {
  for (bool allow_untested : {false, true}) {
    auto result = TellGeneration(TableOf(0), allow_untested);
    ASSERT_EQ(CodeOf(result), kRefused);
    EXPECT_NE(result.error().message.find("install libboxlite 0.9.7"), std::string::npos);
  }
}

TEST(Generation, RefusesALibraryOlderThanTheDrainModel) {
  Api api = TableOf(1);
  api.execution_on_stdout = nullptr;
  EXPECT_EQ(CodeOf(TellGeneration(api, true)), kRefused);
}

TEST(Generation, NamesMissingCoreSymbols) {
  Api api = TableOf(3);
  api.runtime_drain = nullptr;
  auto result = TellGeneration(api, true);
  ASSERT_EQ(CodeOf(result), kRefused);
  EXPECT_NE(result.error().message.find("boxlite_runtime_drain"), std::string::npos);
}

TEST(Generation, MissingOptionalSymbolsAreNoReasonToRefuse) {
  Api api = TableOf(3);
  api.execution_signal = nullptr;
  EXPECT_EQ(TellGeneration(api, false).value(), Generation::k010);
}

TEST(Generation, RefusesAMixtureUnlessItIsAllowed) {
  Api api = TableOf(4);
  api.options_add_volume = TableOf(3).options_add_volume;
  EXPECT_EQ(CodeOf(TellGeneration(api, false)), kRefused);
  EXPECT_EQ(TellGeneration(api, true).value(), Generation::kUntested);
}

TEST(Generation, TheEmbeddedEngineSpeaks010) {
  EXPECT_EQ(TellGeneration(EmbeddedApi(), false).value(), Generation::k010);
}

TEST(Library, TheEmbeddedEngineSaysWhatItIs) {
  auto library = Library::OpenEmbedded();
  EXPECT_TRUE(library->embedded());
  EXPECT_EQ(library->isolation(), "none");
  EXPECT_FALSE(library->version().empty());
}

TEST(Library, NamesThePathItCannotOpen) {
  auto result = Library::Open("/nowhere/libboxlite.so", false);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, kRefused);
  EXPECT_NE(result.error().message.find("/nowhere/libboxlite.so"), std::string::npos);
}

TEST(Library, RefusesALibraryThatIsNoEngine) {
  auto result = Library::Open("libm.so.6", false);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, kRefused);
}

TEST(SymbolRows, EveryUnboundSymbolHasAReason) {
  for (const auto& row : SymbolRows()) {
    EXPECT_EQ(row.bound, std::string_view(row.reason).empty()) << row.name;
  }
}

}  // namespace
}  // namespace boxlite::ffi
