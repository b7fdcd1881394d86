#pragma once
// Kept answers for tests that do not care what is in them.
#include <string>
#include <utility>
#include <vector>

#include "exporter/store/stored_answer.h"

namespace pce {

inline StoredAnswer an_answer(std::string collector, std::string customer = {},
                              std::vector<std::string> bodies = {"{}"}, int second = 0) {
  StoredAnswer answer{.account = "contoso",
                      .tenant = "11111111-2222-3333-4444-555555555555",
                      .collector = std::move(collector),
                      .customer = std::move(customer),
                      .source = "classic",
                      .address = "https://api.example/v1/x",
                      .fetched = WallTime(std::chrono::seconds(1'700'000'000 + second))};
  for (const std::string& body : bodies) answer.bodies.push_back(pack(body));
  return answer;
}

// "collector/customer@second: body|body", "~a,b" behind the second where a and b are held.
inline std::string told(const StoredAnswer& answer) {
  std::string text =
      answer.collector + "/" + answer.customer + "@" +
      std::to_string(answer.fetched.time_since_epoch().count() / 1000 - 1'700'000'000);
  for (std::size_t i = 0; i < answer.held.size(); ++i)
    text += (i == 0 ? "~" : ",") + answer.held[i];
  text += ":";
  for (std::size_t i = 0; i < answer.bodies.size(); ++i) {
    const auto body = unpack(answer.bodies[i], 64U << 20U);
    text += (i == 0 ? " " : "|") + (body ? *body : "?");
  }
  return text;
}

inline std::vector<std::string> told(const std::vector<StoredAnswer>& answers) {
  std::vector<std::string> texts;
  for (const StoredAnswer& answer : answers) texts.push_back(told(answer));
  return texts;
}

}  // namespace pce
