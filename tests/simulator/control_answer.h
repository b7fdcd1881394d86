#pragma once
// Answers of the simulator's own interface.
#include <string_view>

#include <nlohmann/json.hpp>

#include "tests/simulator/message.h"

namespace simulator {

inline Response complaint(int status, std::string_view text) {
  return json_answer(status, nlohmann::ordered_json({{"error", text}})
                                 .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}
// Headers are foreign bytes: what is not UTF-8 is replaced.
inline Response show(const nlohmann::ordered_json& object) {
  return json_answer(200,
                     object.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

}  // namespace simulator
