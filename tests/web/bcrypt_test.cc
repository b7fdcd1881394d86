#include "exporter/web/bcrypt.h"

namespace pce {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Vector {
  std::string hash, password;
};

// Of OpenBSD's and jBCrypt's tests, so made by other programs than ours.
const std::vector<Vector> kVectors{
    {"$2a$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s.", ""},
    {"$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe", "a"},
    {"$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i", "abc"},
    {"$2a$06$.rCVZVOThsIa97pEDOxvGuRRgzG64bvtJ0938xuqzv18d3ZpQhstC", "abcdefghijklmnopqrstuvwxyz"},
};

TEST(Bcrypt, KnowsThePasswordsOfOtherPrograms) {
  BcryptDesk desk;
  for (const Vector& row : kVectors) {
    for (const char* const version : {"$2a$", "$2b$", "$2y$"}) {
      SCOPED_TRACE(version + row.password);
      const auto hash = BcryptHash::parse(version + row.hash.substr(4));
      ASSERT_TRUE(hash) << hash.error().message;
      EXPECT_EQ(hash->cost(), 6);
      EXPECT_TRUE(desk.matches(*hash, Secret(row.password)));
      EXPECT_FALSE(desk.matches(*hash, Secret(row.password + "x")));
    }
  }
}

TEST(Bcrypt, TakesNoPasswordThatItWouldCut) {
  BcryptDesk desk;
  // Of 72 times "x".
  const auto hash =
      BcryptHash::parse("$2y$04$abcdefghijklmnopqrstuubzadhGtS2zEF.gu0yd0opP6cVzb.e0i");
  ASSERT_TRUE(hash) << hash.error().message;
  EXPECT_TRUE(desk.matches(*hash, Secret(std::string(72, 'x'))));
  EXPECT_FALSE(desk.matches(*hash, Secret(std::string(73, 'x'))));
  const auto abc = BcryptHash::parse(kVectors[2].hash);
  EXPECT_FALSE(desk.matches(*abc, Secret(std::string("abc\0def", 7))));
}

// The last character of a salt has bits to spare, and some programs leave ones there.
TEST(Bcrypt, TakesASaltWithSpareBits) {
  BcryptDesk desk;
  std::string text = kVectors[1].hash;
  ASSERT_EQ(text[28], 'O');
  text[28] = 'P';
  const auto hash = BcryptHash::parse(text);
  ASSERT_TRUE(hash);
  EXPECT_TRUE(desk.matches(*hash, Secret("a")));
}

struct Bad {
  std::string name, text, complaint;
};

TEST(Bcrypt, RefusesWhatIsNoHashWithoutShowingIt) {
  const std::string good = kVectors[1].hash;
  const std::vector<Bad> table{
      {"a password", "hunter2", "does not begin with $2a$, $2b$ or $2y$"},
      {"nothing", "", "does not begin with"},
      {"MD5", "$1$abcdefgh$" + good.substr(12), "does not begin with"},
      {"the broken bcrypt", "$2x$" + good.substr(4), "does not begin with"},
      {"cut", good.substr(0, 59), "of 59 characters, wanted 60"},
      {"longer", good + "m", "of 61 characters, wanted 60"},
      {"no digits", "$2a$1x$" + good.substr(7), "without its cost"},
      {"cheap", "$2a$03$" + good.substr(7), "of cost 3, wanted 4 to 14"},
      {"dear", "$2a$15$" + good.substr(7), "of cost 15, wanted 4 to 14"},
      {"dearest", "$2a$31$" + good.substr(7), "of cost 31, wanted 4 to 14"},
      {"another alphabet", good.substr(0, 59) + "+", "characters that are none of its alphabet"},
  };
  for (const Bad& row : table) {
    SCOPED_TRACE(row.name);
    const auto hash = BcryptHash::parse(row.text);
    ASSERT_FALSE(hash);
    EXPECT_EQ(hash.error().kind, ErrorKind::kSettings);
    EXPECT_THAT(hash.error().message, HasSubstr(row.complaint));
    EXPECT_THAT(hash.error().message, Not(HasSubstr("hunter2")));
    EXPECT_THAT(hash.error().message, Not(HasSubstr("m0CrhHm")));
  }
}

}  // namespace
}  // namespace pce
