#include "exporter/identity/form.h"

namespace pce {
namespace {

TEST(Form, EncodesEveryByteThatCouldMeanSomething) {
  const Secret body = form_body(
      {{"client_id", Secret("a b")}, {"empty", Secret()}, {"refresh_token", Secret("x+/=&~-._ü")}});
  EXPECT_EQ(body.reveal(), "client_id=a%20b&refresh_token=x%2B%2F%3D%26~-._%C3%BC");
}

TEST(Form, DecodesWhatBrowsersAndServersWrite) {
  EXPECT_EQ(percent_decoded("a%20b+c%2Fd"), "a b c/d");
  EXPECT_EQ(percent_decoded("100%"), "100%");
  EXPECT_EQ(percent_decoded("%zz%4"), "%zz%4");
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  EXPECT_EQ(percent_decoded(percent_encoded(all)), all);
}

}  // namespace
}  // namespace pce
