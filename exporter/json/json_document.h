#pragma once
// A small JSON text as a read-only tree: token answers, error bodies, customer lists. For insight
// bodies, which can be large, see json_rows.h.
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "exporter/base/result.h"
#include "exporter/json/json_scalar.h"

namespace pce {

struct JsonMember;

// Asking a value for what it is not gives nothing: an empty text, an empty span, nullopt, nullptr.
// So a chain of questions about foreign data needs one check, at its end.
class JsonValue {
 public:
  JsonKind kind() const { return scalar_.kind; }
  bool is_null() const { return kind() == JsonKind::kNull; }

  std::string_view text() const { return kind() == JsonKind::kText ? text_ : std::string_view(); }
  std::optional<bool> boolean() const;
  // Numbers and numeric texts, see JsonScalar; nullopt for what is out of range, and never infinite
  // or NaN.
  std::optional<std::int64_t> integer() const;
  std::optional<double> real() const;

  std::span<const JsonValue> items() const { return items_; }
  std::span<const JsonMember> members() const;  // in the order of the text, repeated keys included

  // The member called `key`; where none is spelled exactly so, one that differs in ASCII case only.
  // The last of several.
  const JsonValue* find(std::string_view key) const;
  // The text of that member; empty where it is missing, null or no text.
  std::string_view text_of(std::string_view key) const;

 private:
  friend class JsonTreeBuilder;
  JsonScalar read() const;

  JsonScalar scalar_{};  // its `text` stays empty: values move
  std::string text_;
  std::vector<JsonValue> items_;
  std::vector<JsonMember> members_;
};

struct JsonMember {
  std::string key;
  JsonValue value;
};

// Owns the tree; what was found in it lives as long as the document, also when that is moved.
class JsonDocument {
 public:
  explicit JsonDocument(std::unique_ptr<const JsonValue> root) : root_(std::move(root)) {}
  const JsonValue& root() const { return *root_; }
  const JsonValue* find(std::string_view key) const { return root_->find(key); }
  std::string_view text_of(std::string_view key) const { return root_->text_of(key); }

 private:
  std::unique_ptr<const JsonValue> root_;
};

// Errors: kMalformed as read_json() says; no message ever shows a part of the body.
Result<JsonDocument> parse_json(std::string_view body);

}  // namespace pce
