#pragma once
// Writes one JSON text piece by piece. The caller keeps the order of calls sensible: a key before
// each value of an object, every begin_ with its end_.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace pce {

class JsonWriter {
 public:
  // kLines: one member or item a line, indented by two spaces, and a line feed at the end.
  enum class Style { kCompact, kLines };
  explicit JsonWriter(Style style = Style::kCompact) : style_(style) {}

  JsonWriter& begin_object() { return begin('{'); }
  JsonWriter& end_object() { return end('}'); }
  JsonWriter& begin_array() { return begin('['); }
  JsonWriter& end_array() { return end(']'); }
  JsonWriter& key(std::string_view name);
  // Bytes that are no UTF-8 are written as they come.
  JsonWriter& text(std::string_view value);
  JsonWriter& integer(std::int64_t value);
  JsonWriter& real(double value);  // the shortest digits that read back equal; null unless finite
  JsonWriter& boolean(bool value);
  JsonWriter& null();

  // key() and its value in one.
  JsonWriter& member(std::string_view name, std::string_view value) {
    return key(name).text(value);
  }

  // Room for so many bytes, so that a text with a secret in it is not copied while it grows.
  void reserve(std::size_t bytes) { out_.reserve(bytes); }
  std::string take();

 private:
  JsonWriter& begin(char bracket);
  JsonWriter& end(char bracket);
  void place();  // what stands between the last value and the next
  void line();
  void quote(std::string_view value);

  const Style style_;
  std::string out_;
  int depth_ = 0;
  bool empty_ = true;  // nothing stands in the innermost bracket yet
  bool behind_key_ = false;
};

}  // namespace pce
