#include "exporter/commands/account_choice.h"

namespace pce {
namespace {

Settings settings_with(const std::vector<std::string>& names) {
  std::string text = "accounts:\n";
  for (const std::string& name : names) {
    text += "  - name: " + name +
            "\n    tenant_id: 11111111-2222-3333-4444-555555555555\n"
            "    client_id: 66666666-7777-8888-9999-000000000000\n"
            "    refresh_token_file: " +
            name + ".token\n";
  }
  const auto settings = parse_settings(text, "c.yml", "/etc");
  EXPECT_TRUE(settings) << settings.error().message;
  return *settings;
}

std::string message(const Result<const AccountSettings*>& choice) {
  return choice ? "chose " + (*choice)->name : choice.error().message;
}

TEST(AccountChoice, IsTheOnlyOneOrTheOneThatIsNamed) {
  EXPECT_EQ(message(chosen_account(settings_with({"contoso"}), "")), "chose contoso");
  const Settings two = settings_with({"contoso", "fabrikam"});
  EXPECT_EQ(message(chosen_account(two, "fabrikam")), "chose fabrikam");
}

TEST(AccountChoice, NamesWhatThereIs) {
  const Settings two = settings_with({"contoso", "fabrikam"});
  EXPECT_EQ(message(chosen_account(two, "")),
            "the configuration has several accounts: choose one with --account=contoso or "
            "fabrikam");
  EXPECT_EQ(message(chosen_account(two, "fabricam")),
            "flag --account: found \"fabricam\", wanted contoso or fabrikam (did you mean "
            "\"fabrikam\"?)");
}

}  // namespace
}  // namespace pce
