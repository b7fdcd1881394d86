#pragma once
// The label values of one answer, each kept once and known by a number, so that a row of a large
// answer costs four bytes a label and comparing two rows compares numbers.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "exporter/base/label.h"

namespace pce {

class LabelTable {
 public:
  using Id = std::uint32_t;

  explicit LabelTable(LabelPool& pool) : pool_(pool) {}

  // Equal ids, equal texts, and the other way round: also where two raw texts become one label.
  Id name(std::string_view raw);
  Id code(std::string_view raw);  // as intern_code()

  // What each id of `other`, a table of the same pool, is here.
  std::vector<Id> take_over(const LabelTable& other);

  const LabelText& operator[](Id id) const { return texts_[id]; }

  // ranks()[id]: how many of the texts stand before this one.
  std::vector<Id> ranks() const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  using Ids = std::unordered_map<std::string, Id, Hash, std::equal_to<>>;
  Id remember(Ids& known, std::string_view raw, const LabelText& text);
  Id id_of(const LabelText& text);

  LabelPool& pool_;
  Ids names_, codes_;  // raw → id
  std::unordered_map<std::string_view, Id> escaped_;
  std::vector<LabelText> texts_;
};

}  // namespace pce
