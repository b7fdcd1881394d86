#include "exporter/commands/explain_text.h"

#include <algorithm>

#include "exporter/settings/message_text.h"

namespace pce {
namespace {

Colour colour_of(std::string_view cause) {
  if (cause == "shown") return Colour::kGreen;
  for (const std::string_view bad :
       {"failing", "no_token", "not_ours", "over_series_budget", "suspect", "too_old"}) {
    if (cause == bad) return Colour::kRed;
  }
  return Colour::kYellow;
}

// "over_series_budget" reads as words.
std::string in_words(std::string_view cause) {
  std::string words = harmless(cause);
  for (char& c : words) c = c == '_' ? ' ' : c;
  return words;
}

std::string indented(std::string_view indent, std::string_view text) {
  return text.empty() ? std::string() : std::string(indent) + harmless(text) + "\n";
}

std::string collector_text(const JsonValue& collector, const Paint& paint) {
  const std::string_view cause = collector.text_of("cause");
  return "\n  " + harmless(collector.text_of("collector")) + ": " +
         paint(colour_of(cause), in_words(cause)) + "\n" +
         indented("    ", collector.text_of("sentence")) +
         indented("    ", collector.text_of("advice"));
}

std::string customer_text(const JsonValue& customer, const Paint& paint) {
  std::string text = paint(Colour::kBold, harmless(customer.text_of("customer"))) + " (" +
                     harmless(customer.text_of("customer_id")) + "), account " +
                     harmless(customer.text_of("partner")) + "\n";
  text += indented("  ", customer.text_of("sentence"));
  text += indented("  ", customer.text_of("advice"));
  const JsonValue* collectors = customer.find("collectors");
  if (collectors == nullptr) return text;
  // Where the account is what a collector waits for, that is told there.
  const bool told = std::ranges::any_of(collectors->items(), [](const JsonValue& collector) {
    const std::string_view cause = collector.text_of("cause");
    return cause == "throttled" || cause == "no_token";
  });
  if (const JsonValue* account = customer.find("account"); account != nullptr && !told)
    text += indented("  ", account->text_of("sentence"));
  for (const JsonValue& collector : collectors->items()) {
    // What is true of the customer as a whole is told once.
    if (!collector.text_of("sentence").empty()) text += collector_text(collector, paint);
  }
  return text;
}

}  // namespace

std::string explain_text(const JsonDocument& answer, const Paint& paint) {
  std::string text;
  const JsonValue* customers = answer.find("customers");
  if (customers == nullptr) return text;
  for (const JsonValue& customer : customers->items())
    text += (text.empty() ? "" : "\n") + customer_text(customer, paint);
  const JsonValue* more = answer.find("more");
  const auto count = more == nullptr ? std::nullopt : more->integer();
  if (count.value_or(0) > 0)
    text += "\nand " + std::to_string(*count) + " more that match; say more of the name.\n";
  return text;
}

std::string nobody_text(const JsonDocument& answer, std::string_view customer) {
  const JsonValue* accounts = answer.find("accounts");
  const bool no_account = accounts == nullptr || accounts->items().empty();
  std::string text = no_account ? "The exporter has no account of this name.\n"
                                : "No customer is called " + in_quotes(customer) + ".\n";
  if (const JsonValue* nearest = answer.find("nearest")) {
    std::string names;
    for (const JsonValue& name : nearest->items())
      names += (names.empty() ? "" : ", ") + in_quotes(harmless(name.text()));
    if (!names.empty()) text += "Did you mean " + names + "?\n";
  }
  if (no_account) return text;
  for (const JsonValue& account : accounts->items())
    text += "Account " + harmless(account.text_of("partner")) + ": " +
            harmless(account.text_of("sentence")) + "\n";
  return text;
}

}  // namespace pce
