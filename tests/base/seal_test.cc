#include "exporter/base/seal.h"

#include <set>

namespace pce {
namespace {

const Secret kKey("0123456789abcdef0123456789abcdef");

std::string closed(const Seal& seal, std::string_view bytes) {
  const auto sealed = seal.close(bytes);
  EXPECT_TRUE(sealed) << sealed.error().message;
  return sealed ? *sealed : std::string();
}

TEST(Seal, GivesBackWhatItClosed) {
  const Seal seal(kKey, "test");
  for (const std::string& bytes :
       {std::string(), std::string("Contoso\0Ltd", 11), std::string(1'000'000, 'x')}) {
    const std::string sealed = closed(seal, bytes);
    EXPECT_TRUE(is_sealed(sealed));
    EXPECT_EQ(Seal(kKey, "test").open(sealed), bytes);
    if (bytes.empty()) continue;
    EXPECT_EQ(sealed.find(bytes.substr(0, 7)), std::string::npos);
  }
}

TEST(Seal, IsAnotherOneEachTime) {
  const Seal seal(kKey, "test");
  std::set<std::string> all;
  for (int i = 0; i < 1000; ++i) all.insert(closed(seal, "the same"));
  EXPECT_EQ(all.size(), 1000U);
}

TEST(Seal, OpensForNobodyElse) {
  const std::string sealed = closed(Seal(kKey, "test"), "Contoso");
  EXPECT_EQ(Seal(Secret("0123456789abcdef0123456789abcdee"), "test").open(sealed), std::nullopt);
  EXPECT_EQ(Seal(kKey, "another").open(sealed), std::nullopt);
}

TEST(Seal, ShowsEveryChange) {
  const Seal seal(kKey, "test");
  const std::string sealed = closed(seal, "Contoso");
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_EQ(seal.open(changed), std::nullopt) << "byte " << i;
    EXPECT_EQ(seal.open(sealed.substr(0, i)), std::nullopt) << "cut at " << i;
  }
  EXPECT_EQ(seal.open(sealed + "x"), std::nullopt);
  EXPECT_FALSE(is_sealed("Contoso"));
}

}  // namespace
}  // namespace pce
