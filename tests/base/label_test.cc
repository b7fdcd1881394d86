#include "exporter/base/label.h"

#include <atomic>
#include <thread>

namespace pce {
namespace {

struct Spelling {
  std::string name, raw, escaped;
};
void PrintTo(const Spelling& s, std::ostream* out) { *out << s.name; }

class LabelEscapes : public testing::TestWithParam<Spelling> {};

TEST_P(LabelEscapes, AsBothTextFormatsWant) {
  EXPECT_EQ(escaped_label(GetParam().raw), GetParam().escaped);
}

INSTANTIATE_TEST_SUITE_P(
    Spellings, LabelEscapes,
    testing::Values(
        Spelling{"plain", "Contoso", "Contoso"}, Spelling{"quote", "A \"B\"", R"(A \"B\")"},
        Spelling{"backslash", R"(a\b)", R"(a\\b)"}, Spelling{"line feed", "a\nb", R"(a\nb)"},
        Spelling{"carriage return and tab", "a\r\tb", "a  b"},
        Spelling{"NUL", std::string("a\0b", 3), "a b"}, Spelling{"umlaut", "Müller", "Müller"},
        Spelling{"emoji", "🏭", "🏭"}, Spelling{"lone continuation byte", "a\x80z", "a\uFFFDz"},
        Spelling{"cut sequence", "a\xE2\x82", "a\uFFFD\uFFFD"},
        Spelling{"overlong slash", "\xC0\xAF", "\uFFFD\uFFFD"},
        Spelling{"surrogate", "\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD"},
        Spelling{"beyond Unicode", "\xF4\x90\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD"}));

TEST(Label, CanBeReadAsItWasMeant) {
  LabelPool pool;
  for (const char* text : {"", "Contoso", "a \"b\" \\ c\nd", "\\n", "\\\\", "\\"})
    EXPECT_EQ(pool.intern(text).plain(), text);
}

TEST(Label, IsCutOnACharacterBoundaryAndSaysSo) {
  std::string raw(LabelPool::kBytesMax - 1, 'x');
  const std::string text = escaped_label(raw + "ü and more");
  EXPECT_EQ(text, raw + "…");
}

TEST(Label, OfTheLargestSizeIsNotCut) {
  const std::string raw(LabelPool::kBytesMax, 'x');
  EXPECT_EQ(escaped_label(raw), raw);
}

TEST(LabelPool, GivesEqualTextsTheSameStorage) {
  LabelPool pool;
  const LabelText a = pool.intern("Contoso");
  const LabelText b = pool.intern("Contoso");
  EXPECT_EQ(a.escaped().data(), b.escaped().data());
}

TEST(LabelPool, CutsAGiantNameAsEscapingDoes) {
  LabelPool pool;
  for (const char* unit : {"x", "ü", "€", "🏭", "\x80"}) {
    std::string raw;
    while (raw.size() < 2 * LabelPool::kBytesMax) raw += unit;
    EXPECT_EQ(pool.intern(raw).escaped(), escaped_label(raw)) << unit;
  }
}

TEST(LabelPool, ForgetsWhatNobodyHolds) {
  LabelPool pool;
  const LabelText kept = pool.intern("kept");
  for (int i = 0; i < 100'000; ++i) pool.intern("customer " + std::to_string(i));
  EXPECT_LT(pool.size(), 3000U);
  EXPECT_EQ(pool.intern("kept").escaped().data(), kept.escaped().data());
}

TEST(LabelPool, KeepsApartWhatIsEscapedAlike) {
  LabelPool pool;
  const LabelText tab = pool.intern("a\tb");
  const LabelText blank = pool.intern("a b");
  EXPECT_EQ(tab, blank) << "the texts are the same";
  EXPECT_EQ(pool.size(), 2U);
  EXPECT_EQ(pool.intern("a\tb").identity(), tab.identity());
}

TEST(LabelRow, OfEqualTextsSharesItsStorageInAPool) {
  LabelPool pool;
  const auto row = [&](const char* a, const char* b) {
    return pool.intern(LabelRow::Texts{pool.intern(a), pool.intern(b)});
  };
  const LabelRow one = row("a", "b");
  EXPECT_EQ(row("a", "b").identity(), one.identity());
  EXPECT_NE(row("b", "a").identity(), one.identity());
  EXPECT_NE(row("", "b").identity(), row("b", "").identity());
}

TEST(LabelRow, ComparesByItsTextsWhereverTheyAre) {
  LabelPool pool, other;
  const LabelRow one(LabelRow::Texts{pool.intern("a"), pool.intern("b")});
  const LabelRow same = other.intern(LabelRow::Texts{other.intern("a"), other.intern("b")});
  EXPECT_EQ(one, same);
  EXPECT_LT(one, LabelRow(LabelRow::Texts{pool.intern("a"), pool.intern("c")}));
  EXPECT_LT(LabelRow(), one) << "which has empty labels only";
  EXPECT_EQ(LabelRow(), LabelRow(LabelRow::Texts{}));
  EXPECT_EQ(LabelRow()[kRowLabelsMax - 1].escaped(), "");
}

TEST(LabelRow, IsForgottenWithItsTextsWhenNobodyHoldsIt) {
  LabelPool pool;
  const LabelRow kept = pool.intern(LabelRow::Texts{pool.intern("kept")});
  for (int i = 0; i < 100'000; ++i)
    pool.intern(LabelRow::Texts{pool.intern("product " + std::to_string(i))});
  EXPECT_LT(pool.size(), 3000U);
  EXPECT_EQ(pool.intern(LabelRow::Texts{pool.intern("kept")}).identity(), kept.identity());
}

TEST(LabelRow, OutlivesItsPool) {
  LabelRow kept;
  {
    LabelPool pool;
    kept = pool.intern(LabelRow::Texts{pool.intern("a"), pool.intern("b")});
  }
  EXPECT_EQ(kept[1].escaped(), "b");
}

TEST(LabelText, OutlivesItsPool) {
  LabelText kept;
  LabelText copy;
  {
    LabelPool pool;
    kept = pool.intern("a \"quoted\" name");
    copy = kept;
  }
  kept = LabelText();
  EXPECT_EQ(copy.escaped(), "a \\\"quoted\\\" name");
  LabelText& itself = copy;
  copy = itself;
  EXPECT_FALSE(copy.empty());
}

// Many threads take, copy and drop the same few texts while the pool forgets.
TEST(LabelPool, GivesEveryThreadTheRightTextsAndRows) {
  LabelPool pool;
  std::atomic<int> wrong = 0;
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread) {
      threads.emplace_back([&, thread] {
        for (int i = 0; i < 5000; ++i) {
          const std::string raw = "shared " + std::to_string(i % 50) + "\n";
          const LabelText text = pool.intern(raw);
          const LabelText copy = text;  // NOLINT(performance-unnecessary-copy-initialization)
          wrong += copy.escaped() == escaped_label(raw) ? 0 : 1;
          const std::string own = "own " + std::to_string(thread) + " " + std::to_string(i);
          const LabelRow row = pool.intern(LabelRow::Texts{copy, pool.intern(own)});
          wrong += row[0].escaped() == escaped_label(raw) && row[1].escaped() == own ? 0 : 1;
        }
      });
    }
  }
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace pce
