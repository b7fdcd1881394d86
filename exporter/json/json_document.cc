#include "exporter/json/json_document.h"

#include <cmath>
#include <utility>

#include "exporter/json/json_events.h"

namespace pce {

// Values are built on a stack and moved into their parent when they are complete, so nothing points
// into a vector that still grows.
class JsonTreeBuilder final : public JsonEvents {
 public:
  bool key(std::string_view key) override {
    keys_.back() = key;
    return true;
  }
  bool scalar(const JsonScalar& value) override {
    JsonValue leaf;
    leaf.scalar_ = value;
    leaf.scalar_.text = {};
    leaf.text_ = value.text;
    return attach(std::move(leaf));
  }
  bool begin(JsonKind kind) override {
    open_.emplace_back().scalar_.kind = kind;
    keys_.emplace_back();
    return true;
  }
  bool end(JsonKind /*the parser pairs them*/) override {
    JsonValue value = std::move(open_.back());
    open_.pop_back();
    keys_.pop_back();
    return attach(std::move(value));
  }
  std::string complaint() const override { return "refused"; }

  std::unique_ptr<JsonValue> take_root() { return std::move(root_); }

 private:
  bool attach(JsonValue value) {
    if (open_.empty()) {
      root_ = std::make_unique<JsonValue>(std::move(value));
    } else if (open_.back().kind() == JsonKind::kObject) {
      open_.back().members_.push_back({std::move(keys_.back()), std::move(value)});
      keys_.back().clear();
    } else {
      open_.back().items_.push_back(std::move(value));
    }
    return true;
  }

  std::vector<JsonValue> open_;
  std::vector<std::string> keys_;  // the key read last in each open value
  std::unique_ptr<JsonValue> root_;
};

JsonScalar JsonValue::read() const {
  JsonScalar scalar = scalar_;
  scalar.text = text_;
  return scalar;
}

std::optional<bool> JsonValue::boolean() const {
  if (kind() != JsonKind::kBoolean) return std::nullopt;
  return scalar_.boolean;
}

std::optional<std::int64_t> JsonValue::integer() const { return read().to_integer(); }

std::optional<double> JsonValue::real() const {
  const auto value = read().to_real();
  if (!value || !std::isfinite(*value)) return std::nullopt;
  return value;
}

std::span<const JsonMember> JsonValue::members() const { return members_; }

const JsonValue* JsonValue::find(std::string_view key) const {
  const JsonValue* exact = nullptr;
  const JsonValue* similar = nullptr;
  for (const JsonMember& member : members_) {
    if (member.key == key) {
      exact = &member.value;
    } else if (same_key(member.key, key)) {
      similar = &member.value;
    }
  }
  return exact != nullptr ? exact : similar;
}

std::string_view JsonValue::text_of(std::string_view key) const {
  const JsonValue* value = find(key);
  return value != nullptr ? value->text() : std::string_view();
}

Result<JsonDocument> parse_json(std::string_view body) {
  JsonTreeBuilder builder;
  if (auto read = read_json(body, builder); !read) return read.error();
  return JsonDocument(builder.take_root());
}

}  // namespace pce
