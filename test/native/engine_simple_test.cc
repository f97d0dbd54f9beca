// The simple API, as a C consumer uses it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "abi/boxlite.h"

namespace {

namespace fs = std::filesystem;

/// With a home of its own, which is the default while the test runs.
class SimpleTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "boxlite-simple-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    home_ = name;
    setenv("BOXLITE_HOME", name.c_str(), 1);
    ASSERT_EQ(boxlite_simple_new("", 0, 0, &box_, &error_), BOXLITE_OK) << error_.message;
  }
  void TearDown() override {
    boxlite_simple_free(box_);
    EXPECT_TRUE(fs::is_empty(home_ / "boxes"));
    boxlite_error_free(&error_);
    unsetenv("BOXLITE_HOME");
    fs::remove_all(home_);
  }

  fs::path home_;
  CBoxliteSimple* box_ = nullptr;
  CBoxliteError error_{};
};

TEST_F(SimpleTest, RunsCommandsToTheirEnd) {
  const char* args[] = {"-c", "echo out; echo err >&2; exit 3"};
  for (int again = 0; again < 3; ++again) {
    CBoxliteExecResult* result = nullptr;
    ASSERT_EQ(boxlite_simple_run(box_, "/bin/sh", args, 2, &result, &error_), BOXLITE_OK);
    EXPECT_EQ(result->exit_code, 3);
    EXPECT_STREQ(result->stdout_text, "out\n");
    EXPECT_STREQ(result->stderr_text, "err\n");
    boxlite_result_free(result);
  }
}

TEST_F(SimpleTest, HasNoInputAndNoTextWithNul) {
  const char* args[] = {"-c", "cat; printf 'a\\0b'; kill -9 $$", nullptr};
  CBoxliteExecResult* result = nullptr;
  ASSERT_EQ(boxlite_simple_run(box_, "/bin/sh", args, 5, &result, &error_), BOXLITE_OK);
  EXPECT_EQ(result->exit_code, -9);
  EXPECT_EQ(result->stdout_text, nullptr);
  EXPECT_STREQ(result->stderr_text, "");
  boxlite_result_free(result);
}

TEST_F(SimpleTest, RefusesWhatIsWrong) {
  CBoxliteExecResult* result = nullptr;
  EXPECT_EQ(boxlite_simple_run(box_, "/nonexistent", nullptr, 0, &result, &error_), BOXLITE_EXECUTION);
  boxlite_error_free(&error_);
  EXPECT_EQ(boxlite_simple_run(box_, nullptr, nullptr, 0, &result, nullptr), BOXLITE_INVALID_ARGUMENT);
  EXPECT_EQ(boxlite_simple_run(nullptr, "true", nullptr, 0, &result, nullptr), BOXLITE_INVALID_ARGUMENT);
  EXPECT_EQ(boxlite_simple_run(box_, "true", nullptr, 0, nullptr, nullptr), BOXLITE_INVALID_ARGUMENT);
  EXPECT_EQ(boxlite_simple_new(nullptr, 0, 0, &box_, nullptr), BOXLITE_INVALID_ARGUMENT);
  // The home is taken by the box of this test.
  CBoxliteSimple* other = nullptr;
  EXPECT_EQ(boxlite_simple_new("", 0, 0, &other, &error_), BOXLITE_INTERNAL);
  EXPECT_EQ(other, nullptr);
  boxlite_simple_free(nullptr);
  boxlite_result_free(nullptr);
}

}  // namespace
