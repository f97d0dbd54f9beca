// Copies that are given up at every moment, and what the engine answers for bad arguments.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "engine/copy.h"

namespace boxlite::engine {
namespace {

namespace fs = std::filesystem;

class CopyTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "boxlite-copy-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    home_ = name;
  }
  void TearDown() override { fs::remove_all(home_); }

  void Write(const std::string& path, const std::string& text) {
    fs::create_directories((home_ / path).parent_path());
    std::ofstream(home_ / path) << text;
  }
  std::string Read(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(home_ / path).rdbuf();
    return text.str();
  }
  std::set<std::string> Tree(const std::string& path) {
    std::set<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(home_ / path)) {
      names.insert(fs::relative(entry.path(), home_ / path).string());
    }
    return names;
  }
  CopyPlan Plan(const std::string& from, const std::string& to) {
    CopyPlan plan;
    plan.from = home_ / from;
    plan.to = home_ / to;
    return plan;
  }

  fs::path home_;
};

TEST_F(CopyTest, GivenUpAtAnyMomentLeavesEverythingAsItWas) {
  Write("from/a", "new");
  Write("from/sub/b", "new");
  Write("from/sub/c/d", std::string(20 << 20, 'x'));
  Write("to/a", "old");
  Write("to/sub/keep", "old");
  const auto before = Tree("to");
  int moments = 0;
  for (;; ++moments) {
    auto plan = Plan("from", "to");
    int asked = 0;
    plan.rules.cancelled = [&asked, moments] { return asked++ == moments; };
    auto failure = Copy(plan);
    if (!failure) break;
    ASSERT_EQ(failure.code, BOXLITE_STOPPED);
    ASSERT_EQ(Tree("to"), before) << "after " << moments;
    ASSERT_EQ(Read("to/a"), "old");
    ASSERT_LT(moments, 1000);
  }
  EXPECT_GT(moments, 5);
  EXPECT_EQ(Tree("to"), (std::set<std::string>{"a", "sub", "sub/b", "sub/c", "sub/c/d", "sub/keep"}));
  EXPECT_EQ(Read("to/a"), "new");
}

TEST_F(CopyTest, AFileThatIsReplacedByAFifoWhileItIsLookedAtDoesNotHang) {
  Write("from/a", "");
  Write("from/b", "");
  auto plan = Plan("from", "to");
  plan.rules.cancelled = [this] {
    for (const char* name : {"from/a", "from/b"}) {
      fs::remove(home_ / name);
      EXPECT_EQ(mkfifo((home_ / name).c_str(), 0600), 0);
    }
    return false;
  };
  EXPECT_EQ(Copy(plan).code, BOXLITE_UNSUPPORTED);
  EXPECT_FALSE(fs::exists(home_ / "to"));
}

TEST_F(CopyTest, ATargetThatAppearsMeanwhileIsNotOverwrittenAgainstTheWish) {
  Write("from/a", "new");
  auto plan = Plan("from/a", "to");
  plan.overwrite = false;
  plan.rules.cancelled = [this] {
    Write("to", "somebody else's");
    return false;
  };
  EXPECT_EQ(Copy(plan).code, BOXLITE_ALREADY_EXISTS);
  EXPECT_EQ(Read("to"), "somebody else's");
  EXPECT_EQ(Tree(""), (std::set<std::string>{"from", "from/a", "to"}));
}

TEST_F(CopyTest, LinksThatGoRoundInCirclesEnd) {
  fs::create_symlink("b", home_ / "a");
  fs::create_symlink("a", home_ / "b");
  EXPECT_EQ(Copy(Plan("a/x", "to")).code, BOXLITE_INVALID_ARGUMENT);
  Write("f", "");
  EXPECT_EQ(Copy(Plan("f", "a/x")).code, BOXLITE_INVALID_ARGUMENT);
}

}  // namespace
}  // namespace boxlite::engine
