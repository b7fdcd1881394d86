#include "exporter/web/status_json.h"

#include <nlohmann/json.hpp>

#include "tests/support/golden.h"
#include "tests/web/sample_status.h"

namespace pce {
namespace {

TEST(StatusJson, IsAsWrittenDown) {
  LabelPool labels;
  const WebResponse answer = status_json(sample_status(labels));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.content_type, "application/json");
  expect_golden("status/everything.json", answer.body);
  const auto parsed = nlohmann::json::parse(answer.body);
  EXPECT_EQ(parsed.at("accounts").at(0).at("collectors").at(1).at("rounds").size(), 3U);
}

TEST(StatusJson, WhatIsNotKnownIsLeftOut) {
  SiteStatus status{.ranking = std::make_shared<const CustomerRanking>()};
  status.accounts.push_back({.partner = "p"});
  status.accounts[0].collectors.push_back({.status = {.data_set = &customer_info()}});
  expect_golden("status/nothing.json", status_json(status).body);
}

}  // namespace
}  // namespace pce
