#include "exporter/polling/reader.h"

#include <string_view>
#include <utility>

#include "exporter/partner_center/api_error.h"

namespace pce {
namespace {

// `customer`: what to call it in the path; nullptr: nobody.
std::string classic_path_of(const Reading& reading, const TenantId* customer) {
  std::string path = reading.data_set->classic_path;
  constexpr std::string_view kPlace = "{customer}";
  const auto at = path.find(kPlace);
  if (at != std::string::npos && customer != nullptr)
    path.replace(at, kPlace.size(), customer->text());
  return path;
}

std::string shown_path_of(const Reading& reading) {
  return classic_path_of(reading, reading.customer ? &reading.customer->id : nullptr);
}

std::string filter_of(std::span<const TenantId> only) {
  return only.empty() ? std::string() : filter_of_customers(only);
}

std::vector<TenantId> named(std::span<const TenantId> tenants, const CustomerNaming& naming) {
  std::vector<TenantId> ids;
  for (const TenantId& tenant : tenants) ids.push_back(naming.id_of(tenant));
  return ids;
}

Outcome failure(Error error) {
  if (error.kind == ErrorKind::kCancelled) return {};
  return {.kind = Outcome::Kind::kFailed, .error = std::move(error)};
}

PageFacts facts_of(const BulkPage& page) {
  return {.rows = page.rows,
          .next_link = page.next_link,
          .total_count = page.total_count,
          .processed = page.processed};
}

std::string address_of_question(const std::string& api_base, const CommercialQuestion& question) {
  return api_base + "/" + question.path + "?filter=" + question.filter +
         "&groupby=" + question.group_by + "&processedDateTime=" + question.processed_date;
}

}  // namespace

Reader::Reader(Parts parts, std::span<const TenantId> only, std::string processed_date,
               bool keeps_bodies, const CustomerNaming& naming)
    : parts_(parts),
      pages_(parts_.client),
      filter_(filter_of(only)),
      naming_(naming),
      shown_filter_(filter_of(named(only, naming_))),
      processed_date_(std::move(processed_date)),
      keeps_bodies_(keeps_bodies) {}

bool Reader::adopt(std::span<const TenantId> only, std::string processed_date) {
  std::string filter = filter_of(only);
  const bool other = filter != filter_ || processed_date != processed_date_;
  filter_ = std::move(filter);
  shown_filter_ = filter_of(named(only, naming_));
  processed_date_ = std::move(processed_date);
  return other;
}

std::string Reader::address_of(const Reading& reading) const {
  const std::string& api_base = parts_.client.api_base();
  if (reading.source == Source::kClassic) return api_base + shown_path_of(reading);
  return address_of_question(api_base, question_of(reading, {}, shown_filter_));
}

bool Reader::is_answered_by(const Reading& reading, const std::string& address) const {
  if (address == address_of(reading)) return true;
  if (reading.source == Source::kClassic) return false;
  const CommercialQuestion about_everybody = question_of(reading, {}, {});
  return address == address_of_question(parts_.client.api_base(), about_everybody);
}

Outcome Reader::read(const Reading& reading, const std::string& correlation_id,
                     std::stop_token stop) {
  Outcome outcome = reading.source == Source::kCommercial
                        ? commercial(reading, correlation_id, stop)
                        : classic(reading, correlation_id, stop);
  outcome.end = parts_.clock.steady();
  return outcome;
}

Outcome Reader::classic(const Reading& reading, const std::string& correlation_id,
                        std::stop_token stop) {
  const DataSet& data_set = *reading.data_set;
  const TenantId* customer = reading.customer ? &reading.customer->true_id() : nullptr;
  const ApiCall call{.operation = data_set.collector,
                     .path = classic_path_of(reading, customer),
                     .correlation_id = correlation_id,
                     .shown_path = shown_path_of(reading)};
  for (int attempt = 1;; ++attempt) {
    const auto body = parts_.client.get(call, stop);
    if (!body) {
      Outcome outcome = failure(body.error());
      if (customer != nullptr && outcome.error && customer_is_not_ours(*outcome.error))
        outcome.kind = Outcome::Kind::kNotOurs;
      return outcome;
    }
    auto decoded = data_set.decode(*body, customer, parts_.labels);
    if (decoded) {
      Outcome outcome{.kind = Outcome::Kind::kAnswered};
      outcome.answer.rows = decoded->rows;
      outcome.answer.drift = std::exchange(decoded->drift, {});
      outcome.answer.customers.push_back(
          {.customer = customer != nullptr ? std::optional(*customer) : std::nullopt,
           .decoded = std::move(*decoded)});
      if (keeps_bodies_) outcome.bodies.push_back(pack(*body));
      return outcome;
    }
    parts_.telemetry.api_failure(data_set.collector, decoded.error().kind);
    // A body broken on its way is whole the next time; one that is broken twice is what they send.
    if (attempt == 2) return failure(with_context(std::move(decoded).error(), data_set.collector));
  }
}

CommercialQuestion Reader::question_of(const Reading& reading, const std::string& correlation_id,
                                       const std::string& filter) const {
  const DataSet& data_set = *reading.data_set;
  return {.operation = data_set.collector,
          .path = data_set.commercial.path,
          .filter = data_set.scope == Scope::kPartner ? std::string() : filter,
          .group_by = data_set.commercial.group_by,
          .processed_date = processed_date_,
          .correlation_id = correlation_id};
}

Result<PageFacts> Reader::take(const DataSet& data_set, BulkDecoder& decoder,
                               std::string_view body) {
  auto page = decoder.page(body);
  if (page) return facts_of(*page);
  parts_.telemetry.api_failure(data_set.collector, page.error().kind);
  return page.error();
}

Outcome Reader::commercial(const Reading& reading, const std::string& correlation_id,
                           std::stop_token stop) {
  const DataSet& data_set = *reading.data_set;
  std::unique_ptr<BulkDecoder> decoder;
  std::vector<PackedText> bodies;
  const auto begin = [&]() -> PageReader {
    decoder = data_set.bulk(parts_.labels);
    bodies.clear();
    return [&, into = decoder.get()](std::string_view body) {
      auto facts = take(data_set, *into, body);
      if (facts && keeps_bodies_) bodies.push_back(pack(body));
      return facts;
    };
  };
  const auto read = pages_.read(question_of(reading, correlation_id, filter_), begin, stop);
  if (!read) return failure(read.error());
  return {.kind = Outcome::Kind::kAnswered,
          .answer = decoder->finish(),
          .rows_announced = read->total_count,
          .calls = read->pages,
          .bodies = std::move(bodies)};
}

Reader::Glance Reader::glance(const Reading& reading, const std::string& correlation_id,
                              std::stop_token stop) {
  const DataSet& data_set = *reading.data_set;
  Glance glance;
  const auto decoder = data_set.bulk(parts_.labels);
  const auto first = pages_.first_page(
      question_of(reading, correlation_id, filter_),
      [&](std::string_view body) {
        const SteadyTime begin = parts_.clock.steady();
        auto facts = take(data_set, *decoder, body);
        glance.decoding = parts_.clock.steady() - begin;
        return facts;
      },
      stop);
  if (first) {
    const SteadyTime begin = parts_.clock.steady();
    glance.outcome = {.kind = Outcome::Kind::kAnswered,
                      .answer = decoder->finish(),
                      .rows_announced = first->read.total_count,
                      .calls = 1};
    glance.closing = parts_.clock.steady() - begin;
    glance.is_all = first->is_all;
  } else {
    glance.outcome = failure(first.error());
  }
  glance.outcome.end = parts_.clock.steady();
  return glance;
}

}  // namespace pce
