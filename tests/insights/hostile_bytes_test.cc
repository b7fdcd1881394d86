// Bodies nobody should send: the decoders give rows or an error (reliability.md D01, D02, D06,
// D07).
#include <cmath>

#include <gmock/gmock.h>

#include "tests/insights/bulk_text.h"

namespace pce {
namespace {

using testing::HasSubstr;

// What holds for each answer, whatever was sent.
void expect_sound(const DataSet& data_set, const Result<Decoded>& decoded) {
  if (!decoded) {
    EXPECT_EQ(decoded.error().kind, ErrorKind::kMalformed);
    EXPECT_THAT(decoded.error().message, testing::StartsWith("JSON: "));
    return;
  }
  std::size_t accounted = decoded->records.size() + decoded->rows_merged;
  for (const auto& [reason, count] : decoded->rows_rejected) accounted += count;
  EXPECT_EQ(accounted, decoded->rows);
  for (std::size_t i = 1; i < decoded->records.size(); ++i) {
    EXPECT_LT(decoded->records[i - 1].labels, decoded->records[i].labels);
  }
  for (const Record& record : decoded->records) {
    for (std::size_t i = 0; i < kRowLabelsMax; ++i) {
      EXPECT_EQ(record.labels[i].empty(), i >= data_set.row_labels.size());
    }
    for (const Number& value : record.values) {
      if (!value.known()) continue;
      EXPECT_TRUE(std::isfinite(value.value()));
      EXPECT_FALSE(std::signbit(value.value()));
    }
  }
}

class Mutator {
 public:
  explicit Mutator(std::mt19937 chance) : chance_(chance) {}

  std::string operator()(std::string text) {
    const std::size_t changes = 1 + below(4);
    for (std::size_t i = 0; i < changes && !text.empty(); ++i) change(text);
    return text;
  }

 private:
  std::size_t below(std::size_t n) { return chance_() % n; }

  void change(std::string& text) {
    static const std::vector<std::string> kWords{"null",
                                                 "true",
                                                 "{}",
                                                 "[]",
                                                 "\"\"",
                                                 ",",
                                                 "}",
                                                 "]",
                                                 "{",
                                                 "[",
                                                 "\"",
                                                 "\\",
                                                 "\\u0000",
                                                 "\\ud800",
                                                 "-1",
                                                 "1e308",
                                                 "-0",
                                                 "NaN",
                                                 "1e400",
                                                 "9007199254740993",
                                                 "\"12\"",
                                                 "\xEF\xBB\xBF",
                                                 "\xFF",
                                                 "\xC3",
                                                 std::string(1, '\0'),
                                                 "\n",
                                                 "items",
                                                 "Value",
                                                 "\"items\":[{}],",
                                                 "2017-02-30T00:00:00Z",
                                                 "\"customerId\":\"x\",",
                                                 "\"licensesSold\":0,"};
    const std::size_t at = below(text.size());
    const std::size_t length = std::min(text.size() - at, 1 + below(40));
    switch (below(7)) {
      case 0:
        text[at] = static_cast<char>(below(256));
        break;
      case 1:
        text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
        break;
      case 2:
        text.erase(at, length);
        break;
      case 3:
        text.insert(below(text.size()), text.substr(at, length));
        break;
      case 4:
        text.insert(at, kWords[below(kWords.size())]);
        break;
      case 5:
        replace_value(text, at);
        break;
      default:
        if (below(8) == 0) text.resize(at);
        break;
    }
  }

  // Puts a word in the place of the value after the next colon, so that many mutants stay JSON.
  void replace_value(std::string& text, std::size_t at) {
    static const std::vector<std::string> kValues{"null",
                                                  "true",
                                                  "{}",
                                                  "[]",
                                                  "\"\"",
                                                  "-1",
                                                  "3.5",
                                                  "1e308",
                                                  "\"7\"",
                                                  "\"x\"",
                                                  "0",
                                                  "9007199254740993",
                                                  "\"\\u0000\\n\"",
                                                  "[{\"items\":[1]}]"};
    const std::size_t colon = text.find(':', at);
    if (colon == std::string::npos) return;
    const std::size_t end = text.find_first_of(",}]", colon);
    if (end == std::string::npos) return;
    text.replace(colon + 1, end - colon - 1, kValues[below(kValues.size())]);
  }

  std::mt19937 chance_;
};

class HostileBytes : public EveryDataSet {};

TEST_P(HostileBytes, GiveRowsOrAnErrorAndNothingElse) {
  Mutator mutate(printed_chance());
  std::size_t read = 0;
  std::size_t refused = 0;
  for (const DataSet* entry : catalog()) {  // also the bodies of the other insights
    const DataSet& origin = *entry;
    for (const auto& file : std::filesystem::directory_iterator(fixture_folder(origin))) {
      const std::string original = read_file(file.path());
      const int mutants = &origin == &data_set() ? 120 : 15;
      for (int i = 0; i < mutants; ++i) {
        const auto decoded = decode_body(mutate(original));
        expect_sound(data_set(), decoded);
        ++(decoded ? read : refused);
      }
    }
  }
  EXPECT_GT(read + refused, 3000u);
  EXPECT_GT(read, 500u);  // mutants that are all refused would test the JSON parser only
  EXPECT_GT(refused, 500u);
}

TEST_P(HostileBytes, InBulkPagesGiveRowsOrAnErrorToo) {
  Mutator mutate(printed_chance());
  const std::string original = page_of({commercial_row(data_set()), commercial_row(data_set())});
  std::size_t read = 0;
  for (int i = 0; i < 1500; ++i) {
    LabelPool labels;
    const auto decoder = data_set().bulk(labels);
    const auto page = decoder->page(mutate(original));
    if (!page) {
      EXPECT_EQ(page.error().kind, ErrorKind::kMalformed);
      EXPECT_THAT(page.error().message, testing::StartsWith("JSON: "));
      continue;
    }
    ++read;
    const BulkDecoded all = decoder->finish();
    std::size_t accounted = 0;
    for (const auto& [reason, count] : all.rows_rejected) accounted += count;
    for (const CustomerDecoded& customer : all.customers) {
      accounted += customer.decoded.rows;
      expect_sound(data_set(), customer.decoded);
    }
    EXPECT_EQ(accounted, all.rows);
    EXPECT_EQ(page->rows, all.rows);
    EXPECT_LE(all.drift.size(), kDriftMax);
  }
  EXPECT_GT(read, 300u);
  EXPECT_LT(read, 1400u);
}

TEST_P(HostileBytes, OfEveryTruncationGiveRowsOrAnError) {
  const std::string original = object({{"items", "[" + object(good_row(data_set())) + "]"}});
  for (std::size_t length = 0; length < original.size(); ++length) {
    const auto decoded = decode_body(original.substr(0, length));
    EXPECT_FALSE(decoded) << length;
    expect_sound(data_set(), decoded);
  }
}

TEST_P(HostileBytes, OnlyOneByteOrderMarkIsAccepted) {
  const std::string good = body({good_row(data_set())});
  const std::string mark = "\xEF\xBB\xBF";
  EXPECT_TRUE(decode_body(good));
  EXPECT_TRUE(decode_body(mark + good));
  for (const std::string& bad : {mark + mark + good, good + mark, good + good, good + "x",
                                 std::string(), mark, std::string("  \r\n\t"), good + ",",
                                 std::string("\xFF\xFE") + good, "x" + good, "<html>" + good}) {
    const auto decoded = decode_body(bad);
    EXPECT_FALSE(decoded) << bad.substr(0, 20);
    expect_sound(data_set(), decoded);
  }
  EXPECT_FALSE(decode_body(good + std::string("\0x", 2)));
  std::string wide;
  for (const char c : good) wide += {c, '\0'};
  EXPECT_FALSE(decode_body(wide));
}

TEST_P(HostileBytes, NestingIsRefusedFromTheThirtyThirdLevelOn) {
  for (const std::size_t levels : {1000u, 100'000u, 5'000'000u}) {
    const std::string deep(levels, '[');
    for (const std::string& bad :
         {deep, R"({"items":[{"attributes":)" + deep, R"({"attributes":)" + deep}) {
      const auto decoded = decode_body(bad);
      ASSERT_FALSE(decoded);
      EXPECT_THAT(decoded.error().message, testing::AnyOf(HasSubstr("deeper than 32 levels"),
                                                          HasSubstr("the body is an array")));
    }
  }
  const auto nested = [&](std::size_t levels) {
    return decode_body(body({with(good_row(data_set()), "attributes",
                                  std::string(levels, '[') + std::string(levels, ']'))}));
  };
  EXPECT_TRUE(nested(29));  // the body, the array and the row are the other three
  EXPECT_FALSE(nested(30));
}

TEST_P(HostileBytes, WithGiantNamesAndNumbersAreCutOrRefused) {
  const std::string giant = "\"" + std::string(1'000'000, 'n') + "\"";
  Fields row = good_row(data_set());
  for (const FieldFact& fact : field_facts(data_set())) {
    if (fact.kind == FieldKind::kName || fact.kind == FieldKind::kDefaulted)
      set(row, fact.key, giant);
  }
  const auto cut = decode_body(body({row}));
  ASSERT_TRUE(cut) << cut.error().message;
  for (std::size_t i = 0; i < data_set().row_labels.size(); ++i) {
    const std::string_view label = cut->records.at(0).labels[i].escaped();
    EXPECT_LE(label.size(), LabelPool::kBytesMax + 3);
    EXPECT_TRUE(label.ends_with("…"));
  }
  const auto decoded =
      decode_body(body({with(good_row(data_set()), "unheardOf", std::string(1'000'000, '9'))}));
  ASSERT_FALSE(decoded);
  EXPECT_THAT(decoded.error().message, HasSubstr("beyond what a double can hold"));
  EXPECT_LT(decoded.error().message.size(), 200u);
}

struct WrongShape {
  std::string name, body, complaint;
};
TEST_P(HostileBytes, OfTheWrongShapeAreErrorsThatSayWhatWasFound) {
  const std::vector<WrongShape> shapes{
      {"array", "[]", "the body is an array"},
      {"text", "\"ok\"", "the body is text"},
      {"null", "null", "the body is null"},
      {"object_for_rows", R"({"items":{}})", "\"items\" is an object"},
      {"text_for_rows", R"({"items":"none"})", "\"items\" is text"},
      {"two_arrays", R"({"items":[],"Value":[]})", "a second array of rows"},
      {"html", "<!DOCTYPE html><html></html>", "'<' (HTML or XML?) at byte 1"},
  };
  for (const WrongShape& shape : shapes) {
    const auto decoded = decode_body(shape.body);
    ASSERT_FALSE(decoded) << shape.name;
    EXPECT_EQ(decoded.error().kind, ErrorKind::kMalformed);
    EXPECT_THAT(decoded.error().message, HasSubstr(shape.complaint));
  }
}

INSTANTIATE_TEST_SUITE_P(Catalog, HostileBytes, testing::ValuesIn(all_data_sets()),
                         name_of_data_set);

}  // namespace
}  // namespace pce
