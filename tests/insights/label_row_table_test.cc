#include "exporter/insights/label_row_table.h"

#include <gmock/gmock.h>

namespace pce {
namespace {

class LabelRowTableTest : public testing::Test {
 protected:
  LabelRowTable::Labels labels(std::initializer_list<std::string_view> texts) {
    LabelRowTable::Labels ids{};
    std::size_t i = 0;
    for (const auto text : texts) ids[i++] = texts_.name(text);
    return ids;
  }
  std::string text_of(LabelRowTable::Id id) {
    std::string text;
    for (const LabelText& label : rows_.interned(id, pool_))
      text.append(label.escaped()).append("|");
    return text;
  }

  LabelPool pool_;
  LabelTable texts_{pool_};
  LabelRowTable rows_{texts_, 2};
};

TEST_F(LabelRowTableTest, GivesEqualRowsOneNumber) {
  const auto first = rows_.id_of(labels({"a", "b"}));
  EXPECT_NE(rows_.id_of(labels({"b", "a"})), first);
  EXPECT_EQ(rows_.id_of(labels({"a", "b"})), first);
}

TEST_F(LabelRowTableTest, HasEmptyLabelsBehindItsWidth) {
  EXPECT_EQ(text_of(rows_.id_of(labels({"a", "b"}))), "a|b|||");
}

TEST_F(LabelRowTableTest, OrdersByTextAndNotByWhoCameFirst) {
  for (const auto& row :
       {labels({"b", "z"}), labels({"c", "a"}), labels({"b", "a"}), labels({"", "q"})})
    rows_.id_of(row);
  std::vector<std::string> ordered;
  for (const auto id : rows_.ordered()) ordered.push_back(text_of(id));
  EXPECT_THAT(ordered, testing::ElementsAre("|q|||", "b|a|||", "b|z|||", "c|a|||"));
}

TEST_F(LabelRowTableTest, InternsIntoThePoolWhereEqualRowsShareStorage) {
  const LabelRow one = rows_.interned(rows_.id_of(labels({"a", "b"})), pool_);
  LabelTable other_texts(pool_);
  LabelRowTable other_rows(other_texts, 2);
  const LabelRowTable::Labels same{other_texts.name("a"), other_texts.name("b")};
  EXPECT_EQ(other_rows.interned(other_rows.id_of(same), pool_).identity(), one.identity());
}

}  // namespace
}  // namespace pce
