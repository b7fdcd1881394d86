#include "exporter/web/password_book.h"

#include <set>

#include "tests/web/logins.h"

namespace pce {
namespace {

const Secret kKey("0123456789abcdef0123456789abcdef");

NamedPassword login(const std::string& name, const std::string& password) {
  return {.name = name, .password = Secret(password)};
}

TEST(PasswordBook, AdmitsEachUserWithTheirOwnPasswordOnly) {
  const PasswordBook book(alice_and_bob());
  BcryptDesk desk;
  EXPECT_TRUE(book.admits(login("alice", "wonderland"), desk));
  EXPECT_TRUE(book.admits(login("bob", "builder"), desk));
  EXPECT_FALSE(book.admits(login("alice", "builder"), desk));
  EXPECT_FALSE(book.admits(login("alice", ""), desk));
  EXPECT_FALSE(book.admits(login("Alice", "wonderland"), desk));
  EXPECT_FALSE(book.admits(login("", ""), desk));
  EXPECT_FALSE(book.admits(login("alice", kWonderland), desk)) << "the hash is no password";
}

TEST(PasswordBook, AdmitsNobodyUnknownWithAUsersPassword) {
  const PasswordBook book(alice_and_bob());
  BcryptDesk desk;
  for (int i = 0; i < 20; ++i) {
    const std::string nobody = "nobody" + std::to_string(i);
    EXPECT_FALSE(book.entry_of(nobody).known);
    EXPECT_FALSE(book.admits(login(nobody, "wonderland"), desk));
    EXPECT_FALSE(book.admits(login(nobody, "builder"), desk));
  }
}

std::vector<WebUser> of_two_costs() {
  return {{.name = "alice", .hash = bcrypt_hash(kWonderland)},
          {.name = "slow",
           .hash = bcrypt_hash("$2y$06$zyxwvutsrqponmlkjihgfujCUvy6ty.7dcBT3RnQdPCT.FLdgpSr.")}};
}

// Otherwise whoever asks twice, or after a restart, sees that the cost of a name changes, as no
// user's does.
TEST(PasswordBook, GivesAnUnknownNameTheSameCostWheneverItIsAsked) {
  const PasswordBook book(of_two_costs());
  const PasswordBook restarted(of_two_costs());
  std::multiset<int> costs;
  for (int i = 0; i < 1000; ++i) {
    const std::string nobody = "nobody" + std::to_string(i);
    const int cost = book.entry_of(nobody).hash->cost();
    EXPECT_EQ(cost, book.entry_of(nobody).hash->cost());
    EXPECT_EQ(cost, restarted.entry_of(nobody).hash->cost());
    costs.insert(cost);
  }
  EXPECT_GT(costs.count(4), 400U) << "half of the users have this cost";
  EXPECT_GT(costs.count(6), 400U);
}

// CVE-2022-46146: with fields strung together, one login's entry in the cache was another's.
TEST(PasswordBook, HasOneFingerprintForOneLogin) {
  const PasswordBook book({{.name = "alice", .hash = bcrypt_hash(kWonderland)},
                           {.name = "alic", .hash = bcrypt_hash(kWonderland)}});
  const std::vector<std::string> parts{
      "", "a", "alice", "alic", "e", "ealice", ":", "known", std::string(1, '\0'), kWonderland};
  std::set<std::string> seen;
  std::size_t logins = 0;
  for (const auto& a : parts) {
    for (const auto& b : parts) {
      for (const auto& c : parts) {
        if (seen.insert(book.fingerprint(login(a, b + c), kKey)).second) ++logins;
      }
    }
  }
  // As many as there are different pairs of name and password.
  std::set<std::pair<std::string, std::string>> pairs;
  for (const auto& a : parts) {
    for (const auto& b : parts) {
      for (const auto& c : parts) pairs.emplace(a, b + c);
    }
  }
  EXPECT_EQ(logins, pairs.size());
  EXPECT_NE(book.fingerprint(login("alice", "x"), kKey),
            book.fingerprint(login("alice", "x"), Secret("another")));
}

TEST(PasswordBook, HasAnotherFingerprintWhenTheHashChanged) {
  const PasswordBook before({{.name = "alice", .hash = bcrypt_hash(kWonderland)}});
  const PasswordBook after({{.name = "alice", .hash = bcrypt_hash(kBuilder)}});
  EXPECT_NE(before.fingerprint(login("alice", "wonderland"), kKey),
            after.fingerprint(login("alice", "wonderland"), kKey));
}

}  // namespace
}  // namespace pce
