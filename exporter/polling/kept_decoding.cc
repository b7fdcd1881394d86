#include "exporter/polling/kept_decoding.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <thread>
#include <utility>

#include "exporter/partner_center/body_source.h"
#include "exporter/polling/unusable_answer.h"

namespace pce {
namespace {

// Fewer are not worth a decoder of their own, whose rows have to be joined to the others'.
constexpr std::size_t kPagesPerShare = 8;

// Neighbouring pages of one answer, read by one thread.
struct Share {
  std::span<const PackedText> pages;
  std::unique_ptr<BulkDecoder> decoder{};  // null: they cannot be read
  std::optional<std::int64_t> rows_announced{};
};

struct Answer {
  const KeptAnswer* kept = nullptr;
  std::deque<Share> shares{};
  std::atomic<std::size_t> shares_left = 0;  // who takes the last one joins them
  std::optional<KeptDecoded> decoded{};

  void keep(std::optional<KeptDecoded> read) {
    if (read && !unreadable(read->answer)) decoded = std::move(read);
  }
};

void read(Share& share, const DataSet& data_set, LabelPool& labels) {
  auto decoder = data_set.bulk(labels);
  for (const PackedText& packed : share.pages) {
    const auto body = unpack(packed, kBodyBytesMax);
    if (!body) return;
    const auto page = decoder->page(*body);
    if (!page) return;
    if (page->total_count) share.rows_announced = page->total_count;
  }
  share.decoder = std::move(decoder);
}

std::optional<KeptDecoded> joined(std::deque<Share>& shares) {
  if (std::ranges::any_of(shares, [](const Share& share) { return share.decoder == nullptr; }))
    return std::nullopt;
  const auto decoder = std::move(shares.front().decoder);
  KeptDecoded decoded{.answer = {}, .rows_announced = shares.front().rows_announced};
  for (shares.pop_front(); !shares.empty(); shares.pop_front()) {
    decoder->take_over(*shares.front().decoder);
    if (shares.front().rows_announced) decoded.rows_announced = shares.front().rows_announced;
  }
  decoded.answer = decoder->finish();
  return decoded;
}

std::optional<KeptDecoded> decode_one(const KeptAnswer& kept, LabelPool& labels) {
  const Reading& reading = kept.reading;
  if (kept.pages.size() != 1) return std::nullopt;
  const auto body = unpack(kept.pages.front(), kBodyBytesMax);
  if (!body) return std::nullopt;
  const TenantId* const customer = reading.customer ? &reading.customer->true_id() : nullptr;
  auto decoded = reading.data_set->decode(*body, customer, labels);
  if (!decoded) return std::nullopt;
  KeptDecoded one;
  one.answer.rows = decoded->rows;
  one.answer.customers.push_back(
      {.customer = customer != nullptr ? std::optional(*customer) : std::nullopt,
       .decoded = *std::move(decoded)});
  return one;
}

class KeptDecoding {
 public:
  KeptDecoding(std::span<const KeptAnswer> all, std::size_t threads, LabelPool& labels)
      : threads_(threads), labels_(labels) {
    for (const KeptAnswer& kept : all) {
      Answer& answer = answers_.emplace_back();
      answer.kept = &kept;
      if (kept.reading.source == Source::kCommercial) share_out(answer);
      answer.shares_left = answer.shares.size();
      for (Share& share : answer.shares) tasks_.push_back({&answer, &share});
      if (answer.shares.empty()) tasks_.push_back({&answer, nullptr});
    }
    // The largest first: what is left at the end is small.
    std::ranges::stable_sort(tasks_, std::ranges::greater(), [](const Task& task) {
      return task.share == nullptr ? 0 : task.share->pages.size();
    });
  }

  std::vector<std::optional<KeptDecoded>> run() {
    {
      std::vector<std::jthread> helpers;
      for (std::size_t i = 1; i < std::min(threads_, tasks_.size()); ++i)
        helpers.emplace_back([this] { work(); });
      work();
    }
    std::vector<std::optional<KeptDecoded>> decoded;
    for (Answer& answer : answers_) decoded.push_back(std::move(answer.decoded));
    return decoded;
  }

 private:
  struct Task {
    Answer* answer;
    Share* share;  // null: all of it
  };

  void share_out(Answer& answer) {
    const std::span<const PackedText> pages = answer.kept->pages;
    const std::size_t shares = std::clamp<std::size_t>(pages.size() / kPagesPerShare, 1, threads_);
    for (std::size_t i = 0; i < shares; ++i) {
      const std::size_t begin = pages.size() * i / shares;
      const std::size_t end = pages.size() * (i + 1) / shares;
      answer.shares.push_back({.pages = pages.subspan(begin, end - begin)});
    }
  }

  void work() {
    for (std::size_t i = next_++; i < tasks_.size(); i = next_++) {
      auto& [answer, share] = tasks_[i];
      if (share == nullptr) {
        answer->keep(decode_one(*answer->kept, labels_));
      } else {
        read(*share, *answer->kept->reading.data_set, labels_);
        if (--answer->shares_left == 0) answer->keep(joined(answer->shares));
      }
    }
  }

  const std::size_t threads_;
  LabelPool& labels_;
  std::deque<Answer> answers_;  // in which they stay where they are
  std::vector<Task> tasks_;
  std::atomic<std::size_t> next_ = 0;
};

}  // namespace

std::vector<std::optional<KeptDecoded>> decode_kept(std::span<const KeptAnswer> kept,
                                                    std::size_t threads, LabelPool& labels) {
  return KeptDecoding(kept, threads, labels).run();
}

}  // namespace pce
