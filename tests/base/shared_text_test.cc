#include "exporter/base/shared_text.h"

#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace pce {
namespace {

TEST(SharedText, IsTheTextItWasMadeOf) {
  const std::string text(300, 'x');
  EXPECT_EQ(SharedText(text).view(), text);
  const std::string with_nul("with\0NUL", 8);
  EXPECT_EQ(SharedText(with_nul).view(), with_nul);
}

TEST(SharedText, OfNothingIsEmpty) {
  EXPECT_TRUE(SharedText().empty());
  EXPECT_TRUE(SharedText("").empty());
  EXPECT_EQ(SharedText(), SharedText(""));
  EXPECT_EQ(SharedText().view(), "");
}

TEST(SharedText, IsComparedByWhatItSays) {
  EXPECT_EQ(SharedText("contoso"), SharedText(std::string("contoso")));
  EXPECT_NE(SharedText("contoso"), SharedText("Contoso"));
  EXPECT_LT(SharedText("contoso"), SharedText("fabrikam"));
  EXPECT_LT(SharedText(), SharedText("contoso"));
  EXPECT_LT(SharedText("contoso"), SharedText("contoso a"));
}

TEST(SharedText, IsComparedWithTextsOfOtherKinds) {
  const SharedText text("contoso");
  EXPECT_TRUE(text == "contoso");
  EXPECT_TRUE(std::string("contoso") == text);
  EXPECT_TRUE(text != std::string_view("Contoso"));
  EXPECT_TRUE(text < std::string("fabrikam"));
  EXPECT_TRUE("adatum" < text);
}

TEST(SharedText, IsSharedByItsCopies) {
  const SharedText text("contoso");
  SharedText copy = text;
  EXPECT_EQ(copy.view().data(), text.view().data());
  const SharedText moved = std::move(copy);
  EXPECT_EQ(moved.view().data(), text.view().data());
  EXPECT_TRUE(copy.empty());  // NOLINT(bugprone-use-after-move)
  EXPECT_NE(SharedText("contoso").view().data(), text.view().data());
}

TEST(SharedText, OutlivesWhomItWasCopiedFrom) {
  std::vector<SharedText> copies;
  {
    const SharedText text("contoso");
    copies.assign(3, text);
  }
  for (const SharedText& copy : copies) EXPECT_EQ(copy.view(), "contoso");
}

TEST(SharedText, MayBeHeldByManyThreads) {
  const SharedText text("contoso");
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([text] {
      std::vector<SharedText> copies;
      for (int j = 0; j < 1000; ++j) copies.push_back(text);
    });
  }
  threads.clear();
  EXPECT_EQ(text.view(), "contoso");
}

TEST(SharedText, IsOneWordWide) { EXPECT_EQ(sizeof(SharedText), sizeof(void*)); }

}  // namespace
}  // namespace pce
