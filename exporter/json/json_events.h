#pragma once
// The door to the JSON library: reads a text once, from front to back, and reports what it meets.
#include <string>
#include <string_view>

#include "exporter/base/result.h"
#include "exporter/json/json_scalar.h"

namespace pce {

inline constexpr int kJsonDepthMax = 32;

// Each function returns whether to go on. A handler that answers false gets no further call, and
// complaint() is asked for the reason: half a sentence that must not show values of the body.
class JsonEvents {
 public:
  virtual ~JsonEvents() = default;
  virtual bool key(std::string_view key) = 0;
  virtual bool scalar(const JsonScalar& value) = 0;  // null, boolean, number or text
  virtual bool begin(JsonKind kind) = 0;             // kArray or kObject
  virtual bool end(JsonKind kind) = 0;
  virtual std::string complaint() const = 0;
};

// Reads exactly one JSON value. One leading byte order mark is accepted.
// Errors, all kMalformed, with the place and what kind of thing was found there, never with what
// the body says: an empty body, a second byte order mark, a syntax error, ill-formed UTF-8, a
// number beyond a double, anything after the value, more than kJsonDepthMax levels, a complaint of
// the handler.
Status read_json(std::string_view body, JsonEvents& events);

}  // namespace pce
