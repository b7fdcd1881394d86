#include "tests/simulator/message.h"

#include <fmt/format.h>

namespace simulator {

Response json_answer(int status, std::string body) {
  Response response;
  response.status = status;
  response.body = std::move(body);
  response.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
  return response;
}

Response error_answer(int status, std::string_view code, std::string_view description,
                      bool numeric_code) {
  std::string body = "{\"code\":";
  if (numeric_code) {
    body += code;
  } else {
    append_json_string(body, code);
  }
  body += ",\"description\":";
  append_json_string(body, description);
  body += ",\"data\":[],\"source\":\"PartnerFD\"}";
  return json_answer(status, std::move(body));
}

Response gateway_answer(int status, std::string_view message) {
  std::string body = fmt::format("{{ \"statusCode\": {}, \"message\": ", status);
  append_json_string(body, message);
  return json_answer(status, body + " }");
}

}  // namespace simulator
