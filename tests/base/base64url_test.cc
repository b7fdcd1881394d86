#include "exporter/base/base64url.h"

namespace pce {
namespace {

TEST(Base64Url, WritesTheVectorsOfTheStandardWithoutPadding) {
  const std::vector<std::pair<std::string, std::string>> vectors{
      {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
      {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xFB\xFF\xBF", "-_-_"}};
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(base64url(bytes), text);
    EXPECT_EQ(from_base64url(text), bytes);
  }
}

TEST(Base64Url, ReadsBackEveryByte) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  EXPECT_EQ(from_base64url(base64url(all)), all);
}

TEST(Base64Url, RefusesWhatItNeverWrites) {
  for (const char* text : {"A", "Zg==", "Zm9v+", "Zm/v", "Zh", "Zm9=", "Z m8"})
    EXPECT_EQ(from_base64url(text), std::nullopt) << text;
}

}  // namespace
}  // namespace pce
