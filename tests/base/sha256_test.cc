#include "exporter/base/sha256.h"

namespace pce {
namespace {

std::string hex(std::string_view bytes) {
  std::string text;
  constexpr const char* kDigits = "0123456789abcdef";
  for (const unsigned char byte : bytes) {
    text += kDigits[byte / 16];
    text += kDigits[byte % 16];
  }
  return text;
}

// RFC 4231, cases 2 and 6.
TEST(HmacSha256, IsWhatTheStandardSays) {
  EXPECT_EQ(hex(hmac_sha256(Secret("Jefe"), "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hex(hmac_sha256(Secret(std::string(131, '\xaa')),
                            "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

}  // namespace
}  // namespace pce
