#include "exporter/exposition/edition.h"

#include <random>

#include "exporter/exposition/openmetrics_encoder.h"
#include "exporter/exposition/scrape_body.h"
#include "exporter/exposition/selection.h"
#include "exporter/exposition/text_encoder.h"
#include "exporter/insights/catalog.h"
#include "tests/support/body.h"
#include "tests/support/slices.h"
#include "tests/support/unzip.h"

namespace pce {
namespace {

std::string customer_id(std::size_t i) {
  char text[40];
  std::snprintf(text, sizeof text, "%02zx%06zx-0000-4000-8000-000000000000", (i * 37) & 255, i);
  return text;
}

class EditionTest : public testing::Test {
 protected:
  // So many products, numbers that tell one version from another.
  std::shared_ptr<const Slice> slice(std::size_t customer, std::size_t products,
                                     std::int64_t version = 0) {
    std::vector<Record> records;
    for (std::size_t i = 0; i < products; ++i) {
      records.push_back(
          record_of(labels_, {"reseller", "Product " + std::to_string(1000 + i), "o365"},
                    {Number::whole(version), Number::whole(static_cast<std::int64_t>(i)),
                     i % 3 == 0 ? Number() : Number::real(static_cast<double>(i) / 7)}));
    }
    return slice_of(*find_data_set("customer_deployment"), labels_, customer_id(customer),
                    "Customer \"" + std::to_string(customer) + "\"", std::move(records));
  }
  std::shared_ptr<const Snapshot> estate(std::size_t customers, std::size_t products) {
    std::vector<std::shared_ptr<const Slice>> slices;
    for (std::size_t i = 0; i < customers; ++i) slices.push_back(slice(i, products));
    return Snapshot::after(Snapshot(), slices, {});
  }
  std::shared_ptr<const Edition> prepared(const std::shared_ptr<const Snapshot>& snapshot,
                                          const Edition* former = nullptr, bool packed = true) {
    return Edition::of(snapshot, layout_, packed, former);
  }
  static std::string text(const std::shared_ptr<const Edition>& edition) {
    return text_of(plain_body(edition, edition->snapshot(), {}));
  }
  static std::string unpacked(const std::shared_ptr<const Edition>& edition) {
    return unzip(text_of(packed_body(edition, {})));
  }
  // What a reader would write who knows nothing of chunks.
  std::string written_out(const Snapshot& snapshot) const {
    std::string all;
    for (const FamilyLayout& family : layout_->families) {
      TextBuffer samples;
      if (const Snapshot::Runs* runs = snapshot.runs(*family.data_set)) {
        family.samples.append(samples, *runs);
      }
      if (!samples.empty()) all.append(family.head).append(samples.view());
    }
    return all;
  }
  static std::size_t shared_strips(const Edition& a, const Edition& b) {
    std::size_t shared = 0;
    for (std::size_t i = 0; i < a.parts().size(); ++i) {
      const auto& one = a.parts()[i]->strips;
      const auto& other = b.parts()[i]->strips;
      for (std::size_t j = 0; j < std::min(one.size(), other.size()); ++j)
        shared += one[j] == other[j] ? 1 : 0;
    }
    return shared;
  }
  static std::size_t strips(const Edition& edition) {
    std::size_t count = 0;
    for (const auto& part : edition.parts()) count += part->strips.size();
    return count;
  }

  LabelPool labels_;
  std::shared_ptr<const Layout> layout_ =
      std::make_shared<const Layout>(text_encoder(), insight_families(""));
};

TEST_F(EditionTest, GivesTheSameTextPlainAndPackedHoweverItIsCut) {
  for (const std::size_t customers : {0U, 1U, 30U, 700U, 3000U}) {
    const auto snapshot = estate(customers, 4);
    const auto edition = prepared(snapshot);
    EXPECT_EQ(text(edition), written_out(*snapshot)) << customers;
    EXPECT_EQ(unpacked(edition), written_out(*snapshot)) << customers;
    EXPECT_EQ(text(prepared(snapshot, nullptr, false)), written_out(*snapshot)) << customers;
  }
}

TEST_F(EditionTest, InOpenMetricsEndsWithItsMark) {
  layout_ = std::make_shared<const Layout>(openmetrics_encoder(), insight_families(""));
  const auto snapshot = estate(5, 3);
  EXPECT_EQ(text(prepared(snapshot)), written_out(*snapshot) + "# EOF\n");
  EXPECT_EQ(unpacked(prepared(snapshot)), written_out(*snapshot) + "# EOF\n");
}

TEST_F(EditionTest, SharesEveryStripThatDidNotChange) {
  const auto before = estate(3000, 4);
  const auto former = prepared(before);
  const auto after = Snapshot::after(*before, {slice(1234, 4, 99)}, {});
  const auto next = prepared(after, former.get());
  EXPECT_EQ(unpacked(next), written_out(*after));
  EXPECT_EQ(text(next), written_out(*after));
  // One of eight in each of the three families, but for the family that says the same as before.
  ASSERT_EQ(strips(*next), 24U);
  EXPECT_EQ(shared_strips(*former, *next), 21U);
}

// New runs may stand where old ones stood.
TEST_F(EditionTest, TakesNoNewRowsForOnesThatAreGone) {
  auto snapshot = estate(300, 4);
  auto edition = prepared(snapshot);
  for (int round = 1; round <= 20; ++round) {
    snapshot = nullptr;
    ASSERT_EQ(edition->snapshot(), nullptr);
    std::vector<std::shared_ptr<const Slice>> slices;
    for (std::size_t i = 0; i < 300; ++i) slices.push_back(slice(i, 4, round));
    snapshot = Snapshot::after(Snapshot(), slices, {});
    slices.clear();
    edition = prepared(snapshot, edition.get());
    ASSERT_TRUE(unpacked(edition) == written_out(*snapshot)) << round;
  }
}

TEST_F(EditionTest, OfTheSameSnapshotSharesEverything) {
  const auto snapshot = estate(3000, 4);
  const auto former = prepared(snapshot);
  EXPECT_EQ(shared_strips(*former, *prepared(snapshot, former.get())), strips(*former));
}

TEST_F(EditionTest, OfAPartSharesTheStripsThatAreInItAsAWhole) {
  const auto snapshot = estate(3000, 4);
  const auto whole = prepared(snapshot);
  ASSERT_EQ(strips(*whole), 24U);
  // A strip is of 32 first bytes.
  const auto part = selected(
      snapshot, {.customers = CustomerChoice(std::vector<std::string>{"0*", "1*", "4*", "*7"})});
  for (const bool packed : {true, false}) {
    const auto cut = Edition::of_part(*whole, part, packed);
    EXPECT_EQ(shared_strips(*whole, *cut), 3U);
    EXPECT_EQ(text(cut), written_out(*part));
    if (packed) {
      EXPECT_EQ(unpacked(cut), written_out(*part));
    }
  }
  const auto plain = prepared(snapshot, nullptr, false);
  EXPECT_EQ(text(Edition::of_part(*plain, part, false)), written_out(*part));
}

TEST_F(EditionTest, TakesNothingFromOneThatWasNotPacked) {
  const auto snapshot = estate(300, 4);
  const auto plain = prepared(snapshot, nullptr, false);
  EXPECT_EQ(unpacked(prepared(snapshot, plain.get())), written_out(*snapshot));
}

TEST_F(EditionTest, KeepsItsCutWhereTheEstateGrowsAndShrinksALittle) {
  const auto small = estate(3000, 4);
  const auto former = prepared(small);
  std::vector<std::shared_ptr<const Slice>> more;
  for (std::size_t i = 3000; i < 4000; ++i) more.push_back(slice(i, 4));
  const auto grown = prepared(Snapshot::after(*small, more, {}), former.get());
  const auto chunks = [](const Edition& edition) {
    return edition.parts()[0]->strips.front()->chunks.size();
  };
  EXPECT_EQ(chunks(*grown), chunks(*former));
  EXPECT_EQ(chunks(*prepared(estate(12'000, 4), former.get())), 4 * chunks(*former));
}

// Any customers change, come and go, from edition to edition: always the whole truth.
TEST_F(EditionTest, IsRightAfterAnyChanges) {
  std::mt19937 random(3);
  auto snapshot = estate(500, 2);
  auto edition = prepared(snapshot);
  for (int round = 1; round <= 30; ++round) {
    std::vector<std::shared_ptr<const Slice>> added;
    std::vector<SliceKey> removed;
    const std::size_t changes = random() % 3 == 0 ? random() % 1500 : random() % 5;
    for (std::size_t i = 0; i < changes; ++i) {
      const std::size_t customer = random() % 2000;
      if (random() % 4 == 0) {
        removed.push_back({find_data_set("customer_deployment"), customer_id(customer), "contoso"});
      } else {
        added.push_back(slice(customer, random() % 6, round));
      }
    }
    snapshot = Snapshot::after(*snapshot, added, removed);
    edition = prepared(snapshot, edition.get());
    const std::string expected = written_out(*snapshot);
    ASSERT_TRUE(unpacked(edition) == expected) << "round " << round;
    ASSERT_TRUE(text(edition) == expected) << "round " << round;
  }
}

}  // namespace
}  // namespace pce
