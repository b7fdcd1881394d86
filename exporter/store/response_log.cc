#include "exporter/store/response_log.h"

#include <algorithm>
#include <utility>

namespace pce {
namespace {

constexpr const char* kTables = R"(
CREATE TABLE answers(
  id INTEGER PRIMARY KEY,
  account TEXT NOT NULL,
  tenant TEXT NOT NULL,
  collector TEXT NOT NULL,
  customer TEXT NOT NULL,
  source TEXT NOT NULL,
  address TEXT NOT NULL,
  fetched INTEGER NOT NULL,
  second_opinion INTEGER NOT NULL,
  held TEXT NOT NULL,
  bodies INTEGER NOT NULL,
  checksum BLOB NOT NULL
) STRICT;
CREATE INDEX answers_by_subject ON answers(account, collector, customer);
CREATE TABLE bodies(
  id INTEGER PRIMARY KEY,
  answer INTEGER NOT NULL,
  number INTEGER NOT NULL,
  size INTEGER NOT NULL,
  deflated BLOB NOT NULL
) STRICT;
CREATE INDEX bodies_by_answer ON bodies(answer, number);
)";

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text.append(word).append("\n");
  return text;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    words.emplace_back(text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(words.back().size() + 1, text.size()));
  }
  return words;
}

Error failure(const StorageFolder& folder, const SqliteFailure& why) {
  return {.kind = why.is_damage() ? ErrorKind::kMalformed : ErrorKind::kInternal,
          .message = folder.file().string() + ": " + why.message};
}

}  // namespace

// Why a file is set aside.
class ResponseLog::Refusal {
 public:
  const char* word;  // in its new name
  std::string why;
};

std::unique_ptr<Database> ResponseLog::open_database(const StorageFolder& folder) {
  auto database = std::make_unique<Database>(folder.file());
  // Only we use it, so nothing need be shared with others, least of all memory that a full disk
  // takes away. We did not write this file just now, so it is trusted with as little as can be.
  database->run(
      "PRAGMA locking_mode=EXCLUSIVE; PRAGMA cell_size_check=ON; PRAGMA trusted_schema=OFF;"
      "PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY");
  const std::int64_t application = database->number("PRAGMA application_id");
  const std::int64_t version = database->number("PRAGMA user_version");
  const bool empty = database->number("SELECT count(*) FROM sqlite_schema") == 0;
  const bool fresh = empty && application == 0 && version == 0;
  if (!fresh && application != kApplication)
    throw Refusal{"foreign", "it is not a response log of ours"};
  if (version > kVersion) {
    throw Refusal{"newer", "it is of version " + std::to_string(version) +
                               ", which a newer exporter made; this one knows " +
                               std::to_string(kVersion)};
  }
  // A commit that a power failure takes back costs a reading, which can be repeated.
  database->run(
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA journal_size_limit=4194304");
  if (fresh) {
    Transaction transaction(*database);
    database->run(kTables);
    const std::string marks = "PRAGMA application_id=" + std::to_string(kApplication) +
                              "; PRAGMA user_version=" + std::to_string(kVersion);
    database->run(marks.c_str());
    transaction.commit();
  } else if (empty || version != kVersion) {
    throw Refusal{"damaged", "it is not as it was written"};
  }
  return database;
}

Result<std::unique_ptr<ResponseLog>> ResponseLog::open(const std::filesystem::path& folder,
                                                       WallTime now, Found* found) {
  auto claimed = StorageFolder::claim(folder);
  if (!claimed) return claimed.error();
  for (bool again = false;; again = true) {
    if (const auto made = claimed->make_file(); !made) return made.error();
    std::optional<Refusal> refusal;
    try {
      auto database = open_database(*claimed);
      try {
        if (found != nullptr && !again) load(*database, *found);
        if (const std::string verdict = database->text("PRAGMA quick_check(1)"); verdict != "ok")
          refusal = Refusal{"damaged", verdict};
      } catch (const SqliteFailure& failure) {
        if (!failure.is_damage()) throw;
        refusal = Refusal{"damaged", failure.message};
      }
      if (!refusal) {
        return std::unique_ptr<ResponseLog>(
            new ResponseLog(*std::move(claimed), std::move(database)));
      }
    } catch (const Refusal& refused) {
      refusal = refused;
    } catch (const SqliteFailure& failed) {
      if (!failed.is_damage()) return failure(*claimed, failed);
      refusal = Refusal{"damaged", failed.message};
    }
    if (again) {
      return Error{
          .kind = ErrorKind::kInternal,
          .message = claimed->file().string() + ": a new file is no good either: " + refusal->why};
    }
    auto aside = claimed->set_aside(refusal->word, now);
    if (!aside) return aside.error();
    if (found != nullptr) {
      found->set_aside = *std::move(aside);
      found->why = std::move(refusal->why);
    }
  }
}

Status ResponseLog::begin_anew() {
  database_.reset();
  if (auto removed = folder_.remove_all(); !removed) return removed;
  if (auto made = folder_.make_file(); !made) return made;
  try {
    database_ = open_database(folder_);
    return Done();
  } catch (const Refusal& refused) {
    return Error{.kind = ErrorKind::kInternal,
                 .message = folder_.file().string() + ": a new file is no good: " + refused.why};
  } catch (const SqliteFailure& why) {
    return failure(folder_, why);
  }
}

void ResponseLog::load(Database& database, Found& found) {
  Statement answers(database.handle(),
                    "SELECT id, account, tenant, collector, customer, source, address, fetched,"
                    " second_opinion, held, bodies, checksum FROM answers ORDER BY id");
  Statement bodies(database.handle(),
                   "SELECT size, deflated FROM bodies WHERE answer = ? ORDER BY number");
  while (answers.step()) {
    StoredAnswer answer{.account = std::string(answers.text(1)),
                        .tenant = std::string(answers.text(2)),
                        .collector = std::string(answers.text(3)),
                        .customer = std::string(answers.text(4)),
                        .source = std::string(answers.text(5)),
                        .address = std::string(answers.text(6)),
                        .fetched = WallTime(std::chrono::milliseconds(answers.number(7))),
                        .second_opinion = answers.number(8) != 0,
                        .held = split(answers.text(9))};
    const std::int64_t count = answers.number(10);
    bodies.bind(1, answers.number(0));
    while (bodies.step() && std::cmp_less(answer.bodies.size(), count)) {
      answer.bodies.push_back({.deflated = std::string(bodies.blob(1)),
                               .size = static_cast<std::uint64_t>(bodies.number(0))});
    }
    bodies.reset();
    if (checksum_of(answer) == answers.blob(11)) {
      found.answers.push_back(std::move(answer));
    } else {
      ++found.damaged;
    }
  }
}

template <typename Work>
Status ResponseLog::transact(Work&& work) {
  try {
    Transaction transaction(*database_);
    work();
    transaction.commit();
    return Done();
  } catch (const SqliteFailure& why) {
    return failure(folder_, why);
  }
}

Status ResponseLog::put(const StoredAnswer& answer) {
  return transact([&] {
    struct Kept {
      std::int64_t id;
      std::string customer;
      WallTime fetched;
      bool whole;
    };
    std::vector<Kept> kept;
    {
      Statement select(database_->handle(),
                       answer.customer.empty()
                           ? "SELECT id, customer, fetched, held = '' FROM answers"
                             " WHERE account = ? AND collector = ?"
                           : "SELECT id, customer, fetched, held = '' FROM answers"
                             " WHERE account = ? AND collector = ? AND customer = ?");
      select.bind(1, answer.account).bind(2, answer.collector);
      if (!answer.customer.empty()) select.bind(3, answer.customer);
      while (select.step()) {
        kept.push_back({select.number(0), std::string(select.text(1)),
                        WallTime(std::chrono::milliseconds(select.number(2))),
                        select.number(3) != 0});
      }
    }
    for (const Kept& former : kept) {
      const bool same = former.customer == answer.customer;
      const bool stays = same ? !answer.held.empty() && former.whole
                              : former.fetched > answer.fetched ||
                                    std::ranges::binary_search(answer.held, former.customer);
      if (!stays) remove(former.id);
    }
    insert(answer);
  });
}

void ResponseLog::remove(std::int64_t answer) {
  for (const char* sql :
       {"DELETE FROM bodies WHERE answer = ?", "DELETE FROM answers WHERE id = ?"})
    Statement(database_->handle(), sql).bind(1, answer).step();
}

void ResponseLog::insert(const StoredAnswer& answer) {
  const std::string held = joined(answer.held);
  const std::string checksum = checksum_of(answer);
  Statement(database_->handle(),
            "INSERT INTO answers(account, tenant, collector, customer, source, address, fetched,"
            " second_opinion, held, bodies, checksum) VALUES (?,?,?,?,?,?,?,?,?,?,?)")
      .bind(1, answer.account)
      .bind(2, answer.tenant)
      .bind(3, answer.collector)
      .bind(4, answer.customer)
      .bind(5, answer.source)
      .bind(6, answer.address)
      .bind(7, answer.fetched.time_since_epoch().count())
      .bind(8, std::int64_t{answer.second_opinion})
      .bind(9, held)
      .bind(10, static_cast<std::int64_t>(answer.bodies.size()))
      .bind_blob(11, checksum)
      .step();
  const std::int64_t id = database_->number("SELECT last_insert_rowid()");
  Statement body(database_->handle(),
                 "INSERT INTO bodies(answer, number, size, deflated) VALUES (?,?,?,?)");
  for (std::size_t i = 0; i < answer.bodies.size(); ++i) {
    body.bind(1, id)
        .bind(2, static_cast<std::int64_t>(i))
        .bind(3, static_cast<std::int64_t>(answer.bodies[i].size))
        .bind_blob(4, answer.bodies[i].deflated)
        .step();
    body.reset();
  }
}

Status ResponseLog::forget(std::string_view account, std::string_view collector,
                           std::string_view customer) {
  return transact([&] {
    std::vector<std::int64_t> ids;
    {
      Statement select(database_->handle(),
                       "SELECT id FROM answers"
                       " WHERE account = ? AND collector = ? AND customer = ?");
      select.bind(1, account).bind(2, collector).bind(3, customer);
      while (select.step()) ids.push_back(select.number(0));
    }
    for (const std::int64_t id : ids) remove(id);
  });
}

Status ResponseLog::forget_others(std::string_view account,
                                  const std::vector<std::string>& customers) {
  return transact([&] {
    std::vector<std::int64_t> ids;
    {
      Statement select(database_->handle(),
                       "SELECT id, customer FROM answers WHERE account = ? AND customer != ''");
      select.bind(1, account);
      while (select.step()) {
        if (!std::ranges::binary_search(customers, select.text(1))) ids.push_back(select.number(0));
      }
    }
    for (const std::int64_t id : ids) remove(id);
  });
}

Status ResponseLog::forget_older_than(WallTime when) {
  return transact([&] {
    std::vector<std::int64_t> ids;
    {
      Statement select(database_->handle(), "SELECT id FROM answers WHERE fetched < ?");
      select.bind(1, when.time_since_epoch().count());
      while (select.step()) ids.push_back(select.number(0));
    }
    for (const std::int64_t id : ids) remove(id);
  });
}

}  // namespace pce
