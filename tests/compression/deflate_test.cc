#include "exporter/compression/deflate.h"

#include <random>

#include "exporter/compression/gzip_member.h"
#include "tests/support/unzip.h"

namespace pce {
namespace {

struct Maker {
  const char* name;
  std::unique_ptr<Deflater> (*make)();
};
void PrintTo(const Maker& maker, std::ostream* out) { *out << maker.name; }

class DeflateTest : public testing::TestWithParam<Maker> {
 protected:
  // One gzip member of these pieces, each compressed by itself.
  std::string member(const std::vector<std::string>& pieces) {
    std::string out(gzip_header());
    Checksum plain;
    for (const std::string& piece : pieces) {
      deflater_->append_blocks(out, piece);
      plain.append({.size = piece.size(), .crc = deflater_->crc(piece)});
    }
    return out + gzip_end(plain);
  }
  static std::string lines(int from, int to) {
    std::string text;
    for (int i = from; i < to; ++i)
      text += "licenses_sold{customer=\"" + std::to_string(i * 7919) + "\"} 3\n";
    return text;
  }
  static std::string noise(std::size_t size, std::mt19937& random) {
    std::string text(size, '\0');
    for (char& c : text) c = static_cast<char>(random());
    return text;
  }

  const std::unique_ptr<Deflater> deflater_ = GetParam().make();
};

TEST_P(DeflateTest, MakesAWholeMemberOfNothing) { EXPECT_EQ(unzip(member({})), ""); }

TEST_P(DeflateTest, PacksTextWell) {
  const std::string text = lines(0, 100'000);
  const std::string packed = member({text});
  EXPECT_LT(packed.size(), text.size() / 4);
  EXPECT_EQ(unzip(packed), text);
}

TEST_P(DeflateTest, HasRoomForWhatCannotBePacked) {
  std::mt19937 random(1);
  for (const std::size_t size : {1U, 100U, 70'000U, 1'000'000U}) {
    const std::string text = noise(size, random);
    const std::string packed = member({text});
    EXPECT_LT(packed.size(), size + size / 100 + 100);
    EXPECT_EQ(unzip(packed), text) << size;
  }
}

// However the text is cut, and whichever pieces come from an earlier day: one member, one text.
TEST_P(DeflateTest, JoinsAnyPiecesToOneMember) {
  std::mt19937 random(7);
  const auto below = [&random](std::size_t limit) { return random() % limit; };
  for (int round = 0; round < 60; ++round) {
    std::vector<std::string> pieces(below(40));
    std::string text;
    for (std::string& piece : pieces) {
      switch (below(5)) {
        case 0:
          break;  // empty
        case 1:
          piece = noise(below(3000), random);
          break;
        case 2:
          piece = std::string(below(300'000), 'x');
          break;
        default: {
          const int from = static_cast<int>(below(100'000));
          piece = lines(from, from + static_cast<int>(below(500)));
        }
      }
      text += piece;
    }
    ASSERT_EQ(unzip(member(pieces)), text) << "round " << round;
  }
}

TEST_P(DeflateTest, KnowsTheChecksumOfGzip) {
  EXPECT_EQ(deflater_->crc("123456789"), 0xCBF43926U);
  EXPECT_EQ(deflater_->crc(""), 0U);
}

INSTANTIATE_TEST_SUITE_P(Libraries, DeflateTest,
                         testing::Values(Maker{"fastest", &make_deflater},
                                         Maker{"zlib", &make_zlib_deflater}));

TEST(Checksum, OfTwoStretchesIsThatOfTheirText) {
  const auto deflater = make_deflater();
  const auto of = [&](const std::string& text) {
    return Checksum{.size = text.size(), .crc = deflater->crc(text)};
  };
  Checksum sum;
  for (const char* text : {"", "one ", "", "two ", "three"}) sum.append(of(text));
  EXPECT_EQ(sum, of("one two three"));
}

}  // namespace
}  // namespace pce
