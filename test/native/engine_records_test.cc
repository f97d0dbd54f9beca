// Records of boxes: what is written is read, damage is one box's own, and a crash at any step harms nobody.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "engine/record_files.h"

namespace boxlite::engine {
namespace {

namespace fs = std::filesystem;

constexpr char kFirst[] = "aaaaaaaaaaaa";
constexpr char kSecond[] = "bbbbbbbbbbbb";

BoxRecord Full(const std::string& id) {
  BoxRecord record;
  record.id = id;
  record.created_at = 1'700'000'000;
  record.status = BoxRecord::Status::kRunning;
  record.machine_boot = "boot";
  record.options.name = "a name\nof 100% two lines " + id;
  record.options.image = "alpine:latest";
  record.options.workdir = "/tmp";
  record.options.user = "nobody";
  record.options.env = {{"A", ""}, {"B", "x y\n%0az"}, {"A", "ü"}};
  record.options.cpus = 3;
  record.options.auto_remove = false;
  record.options.auto_delete_seconds = 0;
  record.options.detach = true;
  record.options.advanced.security_enabled = false;
  record.options.advanced.capabilities_add = {"NET_ADMIN", "ALL"};
  return record;
}

std::string WithStatus(const std::string& id, BoxRecord::Status status) {
  auto record = Full(id);
  record.status = status;
  return FormatRecord(record);
}

TEST(Record, IsReadAsItWasWritten) {
  const auto text = FormatRecord(Full(kFirst));
  BoxRecord read;
  std::string why;
  ASSERT_TRUE(ParseRecord(text, read, why)) << why;
  EXPECT_EQ(FormatRecord(read), text);
  EXPECT_EQ(read.options.env, Full(kFirst).options.env);
  EXPECT_EQ(read.options.name, Full(kFirst).options.name);
  EXPECT_EQ(read.options.auto_delete_seconds, 0);
  EXPECT_EQ(read.status, BoxRecord::Status::kRunning);
}

TEST(Record, NoPartOfOneIsOne) {
  const auto text = FormatRecord(Full(kFirst));
  for (std::size_t size = 0; size < text.size(); ++size) {
    BoxRecord read;
    std::string why;
    EXPECT_FALSE(ParseRecord(text.substr(0, size), read, why)) << size;
  }
}

TEST(Record, WithOneWrongByteIsNone) {
  const auto text = FormatRecord(Full(kFirst));
  for (std::size_t at = 0; at < text.size(); ++at) {
    auto wrong = text;
    wrong[at] = static_cast<char>(wrong[at] ^ 1);
    BoxRecord read;
    std::string why;
    EXPECT_FALSE(ParseRecord(wrong, read, why)) << at;
  }
}

/// A folder of records that is gone afterwards. A death test runs its whole test again: it finds the folder
/// in the environment.
class RecordFilesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    const char* given = std::getenv("BX_RECORDS");
    owner_ = given == nullptr;
    std::string name = (fs::temp_directory_path() / "boxlite-records-XXXXXX").string();
    if (owner_) {
      ASSERT_NE(mkdtemp(name.data()), nullptr);
      setenv("BX_RECORDS", name.c_str(), 1);
    }
    home_ = owner_ ? name : given;
  }
  void TearDown() override {
    if (!owner_) return;
    unsetenv("BX_RECORDS");
    fs::remove_all(home_);
  }

  RecordFiles Files(RecordFiles::StepHook hook = {}) {
    Failure failure;
    auto files = RecordFiles::Open(home_.string(), failure, std::move(hook));
    EXPECT_FALSE(failure) << failure.detail;
    return std::move(*files);
  }
  /// One that is killed at a step, counted from 1.
  RecordFiles KilledAt(int step) {
    return Files([step, done = 0](const char*) mutable {
      if (++done == step) raise(SIGKILL);
    });
  }
  std::map<std::string, BoxRecord::Status> Statuses(const RecordFiles::Loaded& loaded) {
    std::map<std::string, BoxRecord::Status> statuses;
    for (const auto& record : loaded.records) statuses[record.id] = record.status;
    return statuses;
  }
  void Put(const std::string& name, const std::string& text) { std::ofstream(home_ / name) << text; }
  int CountFiles() {
    return static_cast<int>(std::distance(fs::directory_iterator(home_), fs::directory_iterator()));
  }

  fs::path home_;
  bool owner_ = false;
};

using Status = BoxRecord::Status;

TEST_F(RecordFilesTest, AreWrittenReplacedAndRemoved) {
  auto files = Files();
  EXPECT_FALSE(files.Write(kFirst, WithStatus(kFirst, Status::kConfigured)));
  EXPECT_FALSE(files.Write(kSecond, WithStatus(kSecond, Status::kConfigured)));
  EXPECT_FALSE(files.Write(kFirst, WithStatus(kFirst, Status::kStopped)));
  EXPECT_FALSE(files.Remove(kSecond));
  EXPECT_FALSE(files.Remove(kSecond));
  EXPECT_FALSE(files.Sync());
  const std::map<std::string, Status> expected{{kFirst, Status::kStopped}};
  EXPECT_EQ(Statuses(Files().Load()), expected);
}

TEST_F(RecordFilesTest, AreNotReadableByOthers) {
  EXPECT_FALSE(Files().Write(kFirst, WithStatus(kFirst, Status::kConfigured)));
  const auto others = fs::perms::group_all | fs::perms::others_all;
  EXPECT_EQ(fs::status(home_ / (std::string(kFirst) + ".box")).permissions() & others, fs::perms::none);
}

class AtEveryStep : public RecordFilesTest, public ::testing::WithParamInterface<int> {};

TEST_P(AtEveryStep, OfAWriteADeathLeavesTheOldOrTheNew) {
  if (owner_) {
    auto files = Files();
    ASSERT_FALSE(files.Write(kFirst, WithStatus(kFirst, Status::kConfigured)));
    ASSERT_FALSE(files.Write(kSecond, WithStatus(kSecond, Status::kConfigured)));
  }
  auto write_and_die = [this] {
    auto files = KilledAt(GetParam());
    static_cast<void>(files.Write(kFirst, WithStatus(kFirst, Status::kRunning)));
    static_cast<void>(files.Sync());
  };
  EXPECT_EXIT(write_and_die(), ::testing::KilledBySignal(SIGKILL), "");
  const auto loaded = Files().Load();
  EXPECT_TRUE(loaded.damaged.empty());
  const bool renamed = GetParam() > 3;
  const std::map<std::string, Status> expected{{kFirst, renamed ? Status::kRunning : Status::kConfigured},
                                               {kSecond, Status::kConfigured}};
  EXPECT_EQ(Statuses(loaded), expected);
  EXPECT_EQ(CountFiles(), 2) << "a temporary file was left";
}

TEST_P(AtEveryStep, OfAFirstWriteADeathLeavesNothingOrAll) {
  if (owner_) {
    ASSERT_FALSE(Files().Write(kSecond, WithStatus(kSecond, Status::kStopped)));
  }
  auto write_and_die = [this] {
    auto files = KilledAt(GetParam());
    static_cast<void>(files.Write(kFirst, WithStatus(kFirst, Status::kConfigured)));
    static_cast<void>(files.Sync());
  };
  EXPECT_EXIT(write_and_die(), ::testing::KilledBySignal(SIGKILL), "");
  const auto loaded = Files().Load();
  EXPECT_TRUE(loaded.damaged.empty());
  EXPECT_EQ(loaded.records.size(), GetParam() > 3 ? 2U : 1U);
}

INSTANTIATE_TEST_SUITE_P(Records, AtEveryStep, ::testing::Range(1, 6));

TEST_F(RecordFilesTest, DamageIsOneBoxesOwn) {
  ASSERT_FALSE(Files().Write(kSecond, WithStatus(kSecond, Status::kStopped)));
  Put(std::string(kFirst) + ".box", WithStatus(kFirst, Status::kStopped).substr(0, 40));
  Put("cccccccccccc.box", WithStatus(kSecond, Status::kStopped));
  Put("dddddddddddd.box", "");
  fs::create_directory(home_ / "eeeeeeeeeeee.box");
  Put("notes.txt", "somebody else's");
  for (int again = 0; again < 2; ++again) {
    const auto loaded = Files().Load();
    EXPECT_EQ(loaded.records.size(), 1U);
    EXPECT_EQ(loaded.damaged.size(), 4U);
    EXPECT_TRUE(loaded.damaged.contains(kFirst));
  }
  EXPECT_TRUE(fs::exists(home_ / (std::string(kFirst) + ".damaged")));
  EXPECT_TRUE(fs::exists(home_ / "notes.txt"));
  EXPECT_FALSE(Files().Remove(kFirst));
  EXPECT_FALSE(Files().Load().damaged.contains(kFirst));
}

TEST_F(RecordFilesTest, ANameBelongsToOneBox) {
  auto one = Full(kFirst);
  auto two = Full(kSecond);
  two.options.name = one.options.name;
  auto files = Files();
  ASSERT_FALSE(files.Write(kFirst, FormatRecord(one)));
  ASSERT_FALSE(files.Write(kSecond, FormatRecord(two)));
  const auto loaded = Files().Load();
  EXPECT_EQ(loaded.records.size(), 1U);
  EXPECT_TRUE(loaded.damaged.contains(kSecond));
}

TEST_F(RecordFilesTest, AWriteThatFailsIsAStorageFailureAndLeavesTheOldRecord) {
  ASSERT_FALSE(Files().Write(kFirst, WithStatus(kFirst, Status::kConfigured)));
  fs::create_directory(home_ / (std::string(kFirst) + ".tmp"));
  EXPECT_EQ(Files().Write(kFirst, WithStatus(kFirst, Status::kRunning)).code, BOXLITE_STORAGE);
  EXPECT_EQ(Statuses(Files().Load())[kFirst], Status::kConfigured);
}

}  // namespace
}  // namespace boxlite::engine
