#include "exporter/base/file_stamp.h"

#include "tests/support/temporary_folder.h"

namespace pce {
namespace {

TEST(FileStamp, ChangesWithWhateverHappensToTheFile) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "secret";
  std::vector<std::string> stamps{file_stamp(path)};
  folder.write("secret", "one");
  stamps.push_back(file_stamp(path));
  EXPECT_EQ(file_stamp(path), stamps.back());
  folder.write("other", "two");
  std::filesystem::rename(folder.path() / "other", path);
  stamps.push_back(file_stamp(path));
  std::filesystem::permissions(path, std::filesystem::perms(0640));
  stamps.push_back(file_stamp(path));
  for (std::size_t i = 1; i < stamps.size(); ++i) EXPECT_NE(stamps[i], stamps[i - 1]) << i;
  std::filesystem::remove(path);
  EXPECT_EQ(file_stamp(path), stamps.front());
}

TEST(FileStamp, FollowsALinkThatIsSwapped) {
  const TemporaryFolder folder;
  folder.write("one", "1");
  folder.write("two", "2");
  const auto link = folder.path() / "link";
  std::filesystem::create_symlink("one", link);
  const std::string before = file_stamp(link);
  std::filesystem::remove(link);
  std::filesystem::create_symlink("two", link);
  EXPECT_NE(file_stamp(link), before);
}

}  // namespace
}  // namespace pce
