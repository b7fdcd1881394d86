#include "exporter/web/basic_authorization.h"

#include "tests/web/logins.h"

namespace pce {
namespace {

struct Good {
  std::string value, name, password;
};

TEST(BasicAuthorization, IsANameAndAPassword) {
  const std::vector<Good> table{
      {"Basic YWxpY2U6d29uZGVybGFuZA==", "alice", "wonderland"},
      {"basic YWxpY2U6d29uZGVybGFuZA==", "alice", "wonderland"},
      {"BASIC   YWxpY2U6d29uZGVybGFuZA==", "alice", "wonderland"},
      {basic("alice", "with:colons:"), "alice", "with:colons:"},
      {basic("", ""), "", ""},
      {basic("alice", "\xFF\xFE?>"), "alice", "\xFF\xFE?>"},
      {basic("a", std::string("x\0y", 3)), "a", std::string("x\0y", 3)},
  };
  for (const Good& row : table) {
    SCOPED_TRACE(row.value);
    const auto login = read_basic_authorization(row.value);
    ASSERT_TRUE(login);
    EXPECT_EQ(login->name, row.name);
    EXPECT_TRUE(login->password.reveal() == row.password);
  }
}

TEST(BasicAuthorization, IsNothingElse) {
  for (const std::string value :
       {"", "Basic", "Basic ", "Basic  ", "YWxpY2U6d29uZGVybGFuZA==",
        "BasicYWxpY2U6d29uZGVybGFuZA==", "Basic\tYWxpY2U6d29uZGVybGFuZA==",
        "bearer YWxpY2U6d29uZGVybGFuZA==", "Digest YWxpY2U6d29uZGVybGFuZA==",
        "Basic YWxpY2U6d29uZGVybGFuZA",        // no padding
        "Basic YWxpY2U6d29uZGVybGFuZA=",       // half of it
        "Basic YWxpY2U6d29uZGVybGFuZA==\r\n",  // never comes off the wire so
        "Basic YWxpY2U6d29uZGVybGFuZA== ",     //
        "Basic YWxpY2U6d29uZGVybGFuZB==",      // spare bits that are not zero
        "Basic YWxpY2U=",                      // no colon
        "Basic ====", "Basic !!!!", "Basic _-8_",
        "Basic YWxpY2U6d29uZGVybGFuZA==, Basic YWxpY2U6d29uZGVybGFuZA=="}) {
    EXPECT_FALSE(read_basic_authorization(value)) << value;
  }
  EXPECT_FALSE(read_basic_authorization(basic("alice", std::string(8192, 'x'))));
}

}  // namespace
}  // namespace pce
