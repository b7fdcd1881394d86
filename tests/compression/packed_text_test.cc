#include "exporter/compression/packed_text.h"

#include <random>

namespace pce {
namespace {

constexpr std::size_t kMany = 64U << 20U;

std::string unpacked(const PackedText& packed, std::size_t size_max = kMany) {
  const auto text = unpack(packed, size_max);
  return text ? *text : "error: " + std::string(name_of(text.error().kind));
}

TEST(PackedText, ComesBackAsItWas) {
  std::mt19937 random(5);
  std::string noise(300'000, '\0');
  for (char& c : noise) c = static_cast<char>(random());
  for (const std::string& text :
       {std::string(), std::string("x"), std::string(5'000'000, 'y'), noise}) {
    const PackedText packed = pack(text);
    EXPECT_EQ(packed.size, text.size());
    EXPECT_TRUE(unpacked(packed) == text) << text.size();
  }
  EXPECT_LT(pack(std::string(5'000'000, 'y')).deflated.size(), 50'000U);
}

TEST(PackedText, HoldsNoMoreThanIsAllowed) {
  const PackedText packed = pack(std::string(1000, 'x'));
  EXPECT_EQ(unpacked(packed, 999), "error: too_large");
  EXPECT_EQ(unpacked(packed, 1000), std::string(1000, 'x'));
  PackedText lie = packed;
  lie.size = ~std::uint64_t{0};
  EXPECT_EQ(unpacked(lie), "error: too_large");
}

TEST(PackedText, IsRefusedWhereItIsNotAsAnnounced) {
  const PackedText packed = pack("a text that is long enough to be cut at many places");
  for (std::size_t size = 0; size < packed.deflated.size(); ++size) {
    EXPECT_EQ(unpacked({packed.deflated.substr(0, size), packed.size}), "error: malformed") << size;
  }
  for (const int difference : {-51, -1, 1, 1000}) {
    EXPECT_EQ(unpacked({packed.deflated, packed.size + static_cast<std::uint64_t>(difference)}),
              "error: malformed")
        << difference;
  }
  EXPECT_EQ(unpacked({packed.deflated + "x", packed.size}), "error: malformed");
}

// Whatever the bits say, an answer is a text of the announced size, or an error.
TEST(PackedText, EndsWithAVerdictWhateverIsDamaged) {
  std::string text;
  for (int i = 0; i < 2000; ++i) text += "row " + std::to_string(i * 7919) + "\n";
  const PackedText packed = pack(text);
  std::mt19937 random(3);
  for (int round = 0; round < 2000; ++round) {
    PackedText damaged = packed;
    for (int bit = 0; bit < 3; ++bit)
      damaged.deflated[random() % damaged.deflated.size()] ^= static_cast<char>(1U << random() % 8);
    const auto result = unpack(damaged, kMany);
    if (result) {
      ASSERT_EQ(result->size(), text.size());
    } else {
      ASSERT_EQ(result.error().kind, ErrorKind::kMalformed);
    }
  }
}

}  // namespace
}  // namespace pce
