#include "exporter/store/stored_answer.h"

#include <cstdint>
#include <string_view>

#include "exporter/base/sha256.h"

namespace pce {
namespace {

void append_number(std::string& text, std::uint64_t number) {
  for (int shift = 0; shift < 64; shift += 8) text += static_cast<char>(number >> shift & 0xFF);
}

// With its length in front, so that nothing can pass from one part to the next.
void append_part(std::string& text, std::string_view part) {
  append_number(text, part.size());
  text += part;
}

}  // namespace

std::string checksum_of(const StoredAnswer& answer) {
  std::string text;
  for (const std::string* part : {&answer.account, &answer.tenant, &answer.collector,
                                  &answer.customer, &answer.source, &answer.address}) {
    append_part(text, *part);
  }
  append_number(text, static_cast<std::uint64_t>(answer.fetched.time_since_epoch().count()));
  append_number(text, answer.second_opinion ? 1 : 0);
  append_number(text, answer.held.size());
  for (const std::string& customer : answer.held) append_part(text, customer);
  append_number(text, answer.bodies.size());
  for (const PackedText& body : answer.bodies) {
    append_number(text, body.size);
    append_part(text, sha256(body.deflated));
  }
  return sha256(text);
}

}  // namespace pce
