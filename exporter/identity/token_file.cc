#include "exporter/identity/token_file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <unistd.h>

#include <sys/stat.h>

#include "exporter/json/json_document.h"
#include "exporter/settings/secret_file.h"

namespace pce {
namespace {

constexpr std::size_t kBytesMax = 64U * 1024;
constexpr std::string_view kMember = "refresh_token";

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }
  bool valid() const { return number_ >= 0; }

 private:
  int number_;
};

std::string reason(int number) { return std::generic_category().message(number); }

Error complaint(const std::filesystem::path& path, const std::string& what) {
  return {.kind = ErrorKind::kSettings,
          .message = "refresh token file " + path.string() + ": " + what};
}

// The bytes of the file, without a byte order mark.
Result<Secret> read_bytes(const std::filesystem::path& path) {
  // Not blocking: a FIFO must not hold us up before we can see that it is one.
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.valid()) {
    const int why = errno;
    const char* const next =
        why == ENOENT ? "; run \"partner_center_exporter login\" to make it" : "";
    return complaint(path, "cannot be opened: " + reason(why) + next);
  }
  struct stat facts {};
  if (fstat(file.number(), &facts) != 0)
    return complaint(path, "cannot be looked at: " + reason(errno));
  if (!S_ISREG(facts.st_mode)) return complaint(path, "is not a regular file");
  if (const auto why =
          complaint_about_access(path, facts.st_mode & 07777U, facts.st_uid, geteuid())) {
    return complaint(path, *why);
  }
  std::string bytes;
  bytes.reserve(kBytesMax + 1);  // no growth that leaves copies behind
  bytes.resize(kBytesMax + 1);
  std::size_t size = 0;
  while (size < bytes.size()) {
    const ssize_t got = ::read(file.number(), bytes.data() + size, bytes.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return complaint(path, "cannot be read: " + reason(errno));
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  const Secret all(std::move(bytes));
  if (size > kBytesMax)
    return complaint(path, "is larger than 64 KiB, so it holds no refresh token");
  std::string_view content = all.reveal().substr(0, size);
  if (content.starts_with("\xEF\xBB\xBF")) content.remove_prefix(3);
  return Secret(std::string(content));
}

bool is_json(const Secret& content) {
  const auto first = content.reveal().find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && content.reveal()[first] == '{';
}

std::string json_text(std::string_view text) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += "\\u00";
      out += kDigits[byte >> 4];
      out += kDigits[byte & 0xF];
    } else {
      out += c;
    }
  }
  return out + '"';
}

// nullopt: an array or object, which this file does not have.
std::optional<std::string> written(const JsonValue& value) {
  switch (value.kind()) {
    case JsonKind::kNull:
      return "null";
    case JsonKind::kBoolean:
      return *value.boolean() ? "true" : "false";
    case JsonKind::kText:
      return json_text(value.text());
    case JsonKind::kNumber: {
      std::array<char, 40> digits{};
      const auto whole = value.integer();
      const auto end = whole ? std::to_chars(digits.data(), digits.data() + digits.size(), *whole)
                             : std::to_chars(digits.data(), digits.data() + digits.size(),
                                             value.real().value_or(0));
      return std::string(digits.data(), end.ptr);
    }
    case JsonKind::kAbsent:
    case JsonKind::kArray:
    case JsonKind::kObject:
      return std::nullopt;
  }
  return std::nullopt;
}

// The JSON text `old` with another token in it.
Result<Secret> with_token(const Secret& old, const Secret& token,
                          const std::filesystem::path& path) {
  const auto document = parse_json(old.reveal());
  if (!document) return complaint(path, document.error().message);
  std::string text;
  text.reserve(2 * (old.reveal().size() + token.reveal().size()) +
               64);  // no growth that leaves copies behind
  text = "{";
  for (const JsonMember& member : document->root().members()) {
    const auto value = member.key == kMember ? json_text(token.reveal()) : written(member.value);
    if (!value)
      return complaint(path,
                       "its member \"" + member.key + "\" is nested, which is not understood");
    text += (text.size() > 1 ? ",\n " : "\n ") + json_text(member.key) + ": " + *value;
  }
  text += "\n}\n";
  return Secret(std::move(text));
}

Status write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t wrote = ::write(file, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0)
      return Error{.kind = ErrorKind::kInternal, .message = "cannot be written: " + reason(errno)};
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return Done{};
}

// Replaces `target` by a file with this content. The order is the promise: content on disk, then
// name, then the folder that knows the name.
Status replace_file(const std::filesystem::path& target, const Secret& content) {
  const auto failed = [](const std::string& step) {
    return Error{.kind = ErrorKind::kInternal, .message = step + ": " + reason(errno)};
  };
  const auto folder = target.has_parent_path() ? target.parent_path() : std::filesystem::path(".");
  const auto temporary = folder / ("." + target.filename().string() + ".new");
  unlink(temporary.c_str());  // left by a crash; anything else shows in open()
  {
    const Descriptor file(open(temporary.c_str(),
                               O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                               S_IRUSR | S_IWUSR));
    if (!file.valid()) return failed("cannot create " + temporary.string());
    struct stat old {};
    if (stat(target.c_str(), &old) == 0 && (old.st_uid != geteuid() || old.st_gid != getegid())) {
      // Where we may (as root), the file stays its owner's; where we may not, it becomes ours,
      // which we can read too.
      static_cast<void>(fchown(file.number(), old.st_uid, old.st_gid) == 0);
    }
    Status wrote = write_all(file.number(), content.reveal());
    if (wrote && fchmod(file.number(), S_IRUSR | S_IWUSR) != 0)
      wrote = failed("its mode cannot be set");
    if (wrote && fsync(file.number()) != 0) wrote = failed("cannot be flushed to the disk");
    if (!wrote) {
      unlink(temporary.c_str());
      return wrote;
    }
  }
  if (rename(temporary.c_str(), target.c_str()) != 0) {
    const Error error = failed("cannot be put in its place");
    unlink(temporary.c_str());
    return error;
  }
  const Descriptor directory(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.valid() || fsync(directory.number()) != 0)
    return failed("its folder cannot be flushed to the disk");
  return Done{};
}

}  // namespace

Result<Secret> TokenFile::read() const {
  auto content = read_bytes(path_);
  if (!content) return content;
  std::string_view token = content->reveal();
  std::optional<JsonDocument> document;
  if (is_json(*content)) {
    auto parsed = parse_json(token);
    if (!parsed) return complaint(path_, parsed.error().message);
    document.emplace(std::move(*parsed));
    token = document->text_of(kMember);
    if (token.empty()) return complaint(path_, "has no member \"refresh_token\" with text in it");
  }
  while (!token.empty() &&
         std::string_view(" \t\r\n").find(token.back()) != std::string_view::npos) {
    token.remove_suffix(1);
  }
  if (token.empty())
    return complaint(path_, "is empty; run \"partner_center_exporter login\" to fill it");
  if (!std::ranges::all_of(token, [](char c) { return c > 0x20 && c < 0x7F; })) {
    return complaint(path_,
                     "does not hold one refresh token on one line, or a JSON object with one");
  }
  return Secret(std::string(token));
}

Status TokenFile::write(const Secret& refresh_token) const {
  const auto failed = [this](const Error& error) {
    return Error{.kind = ErrorKind::kInternal,
                 .message = "refresh token file " + path_.string() + ": " + error.message};
  };
  std::error_code no_such_file;
  const auto real = std::filesystem::canonical(path_, no_such_file);  // a link stays a link
  const auto target = no_such_file ? path_ : real;
  Secret content(std::string(refresh_token.reveal()) + "\n");
  if (const auto old = read_bytes(target); old && is_json(*old)) {
    auto changed = with_token(*old, refresh_token, path_);
    if (!changed) return Error{.kind = ErrorKind::kInternal, .message = changed.error().message};
    content = std::move(*changed);
  }
  const auto done = replace_file(target, content);
  if (!done) return failed(done.error());
  return done;
}

}  // namespace pce
