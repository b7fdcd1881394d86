#include "exporter/settings/yaml_tree.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <sstream>
#include <utility>

#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include "exporter/base/label.h"
#include "exporter/settings/message_text.h"

namespace pce {
namespace {

// Thrown through the library's parser, which knows no other way to stop, and caught in read_yaml().
struct Refusal : std::exception {
  Refusal(TextPlace place, std::string message, std::string path = {})
      : mistake{.place = place, .path = std::move(path), .message = std::move(message)} {}
  const char* what() const noexcept override { return mistake.message.c_str(); }
  SettingMistake mistake;
};

// Bytes of the line's beginning → characters.
int characters(std::string_view bytes) {
  return static_cast<int>(std::ranges::count_if(
      bytes, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

// The library counts lines and columns from 0, columns in bytes.
class Places {
 public:
  explicit Places(std::string_view text) : text_(text) {
    std::size_t start = 0;
    for (std::size_t end = text.find('\n'); end != std::string_view::npos;
         end = text.find('\n', start)) {
      lines_.push_back(text.substr(start, end - start));
      start = end + 1;
    }
    lines_.push_back(text.substr(start));
  }
  TextPlace of(const YAML::Mark& mark) const {
    if (mark.is_null()) return {};
    const std::string_view line = std::cmp_less(mark.line, lines_.size())
                                      ? lines_[static_cast<std::size_t>(mark.line)]
                                      : std::string_view();
    const std::string_view before =
        line.substr(0, static_cast<std::size_t>(std::max(mark.column, 0)));
    return {.line = mark.line + 1, .column = characters(before) + 1};
  }

  // The library takes the end of the text for a closing quote.
  bool quote_is_closed(const YAML::Mark& mark) const {
    const std::string_view line = lines_[static_cast<std::size_t>(mark.line)];
    std::size_t at = static_cast<std::size_t>(line.data() - text_.data() + mark.column);
    if (at >= text_.size()) return false;
    const char quote = text_[at];
    if (quote != '"' && quote != '\'') return true;  // a block scalar
    for (++at; at < text_.size(); ++at) {
      const bool escapes = quote == '"' && text_[at] == '\\';
      const bool doubled = quote == '\'' && text_.substr(at, 2) == "''";
      if (escapes || doubled) {
        ++at;
      } else if (text_[at] == quote) {
        return true;
      }
    }
    return false;
  }
  // The commonest reason why a line that looks right is refused.
  std::string hint(TextPlace place) const {
    const std::string_view line =
        lines_[std::min(static_cast<std::size_t>(place.line), lines_.size()) - 1];
    const bool tab =
        line.substr(0, line.find_first_not_of(" \t")).find('\t') != std::string_view::npos;
    return tab ? " (the line is indented with a tab, wanted spaces)" : "";
  }

 private:
  std::string_view text_;
  std::vector<std::string_view> lines_;
};

class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(const Places& places, YamlNode& root) : places_(places), root_(root) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (documents_++ > 0) {
      throw Refusal(places_.of(mark), "found the beginning of a second document, wanted one only");
    }
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
    add({.kind = YamlNode::Kind::kNothing, .place = places_.of(mark)});
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { refuse_reference(mark); }
  void OnAnchor(const YAML::Mark& mark, const std::string&) override { refuse_reference(mark); }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                const std::string& value) override {
    // The library tags plain scalars "?" and quoted or block ones "!".
    refuse_tag(mark, tag);
    if (tag == "!" && !places_.quote_is_closed(mark)) {
      throw Refusal(places_.of(mark), "not YAML: the quote that begins here never ends");
    }
    add({.kind = YamlNode::Kind::kText,
         .place = places_.of(mark),
         .text = value,
         .was_quoted = tag == "!"});
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, YamlNode::Kind::kList);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, YamlNode::Kind::kMap);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Frame {
    YamlNode node;
    std::optional<YamlNode> key;  // read, its value is to come
  };

  [[noreturn]] void refuse_reference(const YAML::Mark& mark) const {
    throw Refusal(places_.of(mark),
                  "found an anchor (&) or alias (*), wanted the value itself; put text that begins "
                  "with & or * in quotes");
  }
  void refuse_tag(const YAML::Mark& mark, const std::string& tag) const {
    if (tag.empty() || tag == "?" || tag == "!") return;
    throw Refusal(places_.of(mark),
                  "found a tag (!), wanted a plain value; put text that begins with ! in quotes");
  }

  void open(const YAML::Mark& mark, const std::string& tag, YamlNode::Kind kind) {
    refuse_tag(mark, tag);
    Frame frame{.node = {.kind = kind, .place = places_.of(mark)}, .key = std::nullopt};
    stack_.push_back(std::move(frame));
  }
  void close() {
    YamlNode node = std::move(stack_.back().node);
    stack_.pop_back();
    add(std::move(node));
  }
  void add(YamlNode node) {
    if (stack_.empty()) {
      root_ = std::move(node);
      return;
    }
    Frame& frame = stack_.back();
    if (frame.node.kind == YamlNode::Kind::kList) {
      frame.node.items.push_back(std::move(node));
    } else if (frame.key) {
      node.key = frame.key->text;
      node.key_place = frame.key->place;
      frame.key.reset();
      frame.node.items.push_back(std::move(node));
    } else {
      judge_key(frame.node, node);
      frame.key = std::move(node);
    }
  }
  void judge_key(const YamlNode& map, const YamlNode& key) const {
    if (key.kind != YamlNode::Kind::kText) {
      throw Refusal(key.place, "found something else than a word as a key");
    }
    for (const YamlNode& earlier : map.items) {
      if (earlier.key != key.text) continue;
      throw Refusal(key.place,
                    "found a second time, it already stands in line " +
                        std::to_string(earlier.key_place.line),
                    path_to(key.text));
    }
    // Known maps have a dozen keys at most; the cap keeps the search above from growing with the
    // square.
    if (map.items.size() >= 100) throw Refusal(key.place, "found more than 100 keys in one map");
  }

  // "accounts[0].name"
  std::string path_to(std::string_view key) const {
    std::string path;
    for (const Frame& frame : stack_) {
      if (frame.node.kind == YamlNode::Kind::kList) {
        path += "[" + std::to_string(frame.node.items.size()) + "]";
      } else if (frame.key) {
        path += (path.empty() ? "" : ".") + key_text(frame.key->text);
      }
    }
    return path + (path.empty() ? "" : ".") + key_text(key);
  }

  const Places& places_;
  YamlNode& root_;
  std::vector<Frame> stack_;
  int documents_ = 0;
};

// escaped_label() replaces what is not UTF-8 and leaves all other characters beyond ASCII alone.
bool is_utf8_character(std::string_view bytes) {
  return static_cast<unsigned char>(bytes.front()) < 0x80 ? bytes.size() == 1
                                                          : escaped_label(bytes) == bytes;
}

// yaml-cpp takes the byte 0x04 for the end of the text and guesses at other encodings: what it
// would misread in silence is refused before.
std::optional<Refusal> unreadable(std::string_view text) {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    return Refusal({}, "found text in UTF-16, wanted UTF-8: save the file again in that encoding");
  }
  TextPlace place;
  for (std::size_t i = 0; i < text.size(); ++place.column) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte == '\n') {
      place = {.line = place.line + 1, .column = 0};
    } else if ((byte < 0x20 && byte != '\t' && byte != '\r') || byte == 0x7F) {
      return Refusal(place,
                     "found the control character " + std::to_string(byte) + ", wanted text");
    }
    std::size_t length = 1;
    while (length < 4 && i + length < text.size() &&
           (static_cast<unsigned char>(text[i + length]) & 0xC0U) == 0x80U) {
      ++length;
    }
    if (!is_utf8_character(text.substr(i, length))) {
      return Refusal(place, "found a byte that is not UTF-8: save the file again in that encoding");
    }
    i += length;
  }
  return std::nullopt;
}

}  // namespace

std::variant<YamlNode, SettingMistake> read_yaml(std::string_view text) {
  const auto refused = [](TextPlace place, std::string message) {
    return SettingMistake{.place = place, .message = std::move(message)};
  };
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (auto why = unreadable(text)) return std::move(why->mistake);

  const Places places(text);
  YamlNode root;
  TreeBuilder builder(places, root);
  try {
    std::istringstream in{std::string(text)};
    YAML::Parser parser(in);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Refusal& why) {
    return why.mistake;
  } catch (const YAML::DeepRecursion& why) {
    return refused(places.of(why.mark), "found too many levels of lists and maps in each other");
  } catch (const YAML::Exception& why) {
    // What stands behind a colon in the library's messages is taken from the text, which may be a
    // secret's when the wrong file was named.
    const TextPlace place = places.of(why.mark);
    return refused(place, "not YAML: " + why.msg.substr(0, why.msg.find(':')) + places.hint(place));
  } catch (const std::exception& why) {
    return refused({}, std::string("cannot be read: ") + why.what());
  }
  return root;
}

}  // namespace pce
