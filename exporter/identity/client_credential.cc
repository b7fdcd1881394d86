#include "exporter/identity/client_credential.h"

#include <algorithm>
#include <utility>

#include "exporter/base/file_stamp.h"
#include "exporter/base/utc_text.h"
#include "exporter/identity/client_assertion.h"
#include "exporter/settings/message_text.h"
#include "exporter/settings/secret_file.h"
#include "exporter/telemetry/log.h"

namespace pce {
namespace {

namespace fs = std::filesystem;

constexpr const char* kAssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

ClientCredential::Kind kind_of(const CredentialSettings& settings) {
  using Kind = ClientCredential::Kind;
  if (settings.client_secret_file) return Kind::kSecret;
  if (settings.client_certificate_file) return Kind::kCertificate;
  if (settings.federated_token_file) return Kind::kFederatedToken;
  return Kind::kNone;
}

Error about(const fs::path& file, const std::string& what) {
  return {.kind = ErrorKind::kSettings, .message = path_text(file) + ": " + what};
}

std::vector<fs::path> files_of(const CredentialSettings& settings) {
  std::vector<fs::path> all;
  for (const auto* file :
       {&settings.client_secret_file, &settings.client_certificate_file, &settings.client_key_file,
        &settings.client_certificate_password_file, &settings.federated_token_file}) {
    if (*file) all.push_back(**file);
  }
  return all;
}

bool is_token(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
}

std::vector<FormField> assertion_fields(Secret assertion) {
  std::vector<FormField> fields;
  fields.push_back({"client_assertion_type", Secret(kAssertionType)});
  fields.push_back({"client_assertion", std::move(assertion), true});
  return fields;
}

}  // namespace

ClientCredential::ClientCredential(std::string client_id, CredentialSettings files)
    : client_id_(std::move(client_id)), settings_(std::move(files)), newest_(settings_) {}

ClientCredential::Kind ClientCredential::kind() const { return kind_of(newest_files()); }

void ClientCredential::files_are(CredentialSettings files) {
  const std::scoped_lock lock(mutex_);
  newest_ = std::move(files);
}

CredentialSettings ClientCredential::newest_files() const {
  const std::scoped_lock lock(mutex_);
  return newest_;
}

void ClientCredential::look_for_other_files() {
  const std::scoped_lock lock(mutex_);
  if (newest_ == settings_) return;
  settings_ = newest_;
  text_ = Secret();
  certificate_.reset();
  certificate_end_.reset();
  certificate_since_.reset();
  trouble_.clear();
}

Result<std::vector<FormField>> ClientCredential::proof(const std::string& token_url, WallTime now) {
  if (const Status usable = read(now); !usable) return usable.error();
  const std::string known = notice(now).value_or("");
  if (known != noticed_ && !known.empty()) log_warn(known);
  noticed_ = known;
  switch (kind_of(settings_)) {
    case Kind::kNone:
      break;
    case Kind::kSecret:
      return std::vector<FormField>{{"client_secret", text_, true}};
    case Kind::kFederatedToken:
      return assertion_fields(text_);
    case Kind::kCertificate: {
      auto assertion = client_assertion(*certificate_, client_id_, token_url, now);
      if (!assertion) return assertion.error();
      return assertion_fields(std::move(*assertion));
    }
  }
  return std::vector<FormField>{};
}

Result<std::optional<std::string>> ClientCredential::check(WallTime now) {
  if (const Status usable = read(now); !usable) return usable.error();
  return notice(now);
}

Status ClientCredential::read(WallTime now) {
  look_for_other_files();
  const Kind kind = kind_of(settings_);
  if (kind == Kind::kNone) return Done{};
  const std::vector<fs::path> files = files_of(settings_);
  for (const fs::path& file : files) {
    if (const auto why = complaint_about_access(file)) return about(file, *why);
  }
  const Status done = kind == Kind::kCertificate ? read_certificate(now) : read_text(files.front());
  if (done) {
    if (!trouble_.empty()) log_info("The files of the client credential are good again");
    trouble_.clear();
    return done;
  }
  if (text_.empty() && !certificate_) return done;
  if (trouble_ != done.error().message) {
    trouble_ = done.error().message;
    log_warn("The client credential cannot be read anew; the one of before is used on",
             {{"error", trouble_}});
  }
  return Done{};
}

Status ClientCredential::read_text(const fs::path& file) {
  auto text = read_secret_file(file);
  if (!text) return text.error();
  if (settings_.federated_token_file && !is_token(text->reveal()))
    return about(file, "does not hold one token on one line");
  text_ = std::move(*text);
  return Done{};
}

Status ClientCredential::read_certificate(WallTime now) {
  const fs::path& file = *settings_.client_certificate_file;
  auto bytes = read_secret_bytes(file);
  if (!bytes) return bytes.error();
  ClientCertificate::Content content{.certificate = std::move(*bytes)};
  if (settings_.client_key_file) {
    auto key = read_secret_file(*settings_.client_key_file);
    if (!key) return key.error();
    content.key = std::move(*key);
  }
  if (settings_.client_certificate_password_file) {
    auto password = read_secret_file(*settings_.client_certificate_password_file);
    if (!password) return password.error();
    content.password = std::move(*password);
  }
  auto loaded = ClientCertificate::load(content);
  if (!loaded) return about(file, loaded.error().message);
  if (certificate_ && certificate_->thumbprint() == loaded->thumbprint()) return Done{};
  if (certificate_) {
    log_info("The client certificate was replaced",
             {{"file", path_text(file)}, {"valid_until", utc_day(loaded->not_after())}});
  }
  const std::scoped_lock lock(mutex_);
  certificate_end_ = loaded->not_after();
  certificate_since_ = now;
  certificate_ = std::move(*loaded);
  return Done{};
}

std::optional<std::string> ClientCredential::notice(WallTime now) const {
  if (!certificate_) return std::nullopt;
  const std::string whose =
      "the client certificate in " + path_text(*settings_.client_certificate_file);
  if (now >= certificate_->not_after()) {
    return whose + " expired on " + utc_day(certificate_->not_after()) +
           ": add a new one to the app registration and put it there";
  }
  if (now < certificate_->not_before()) {
    return whose + " is not valid before " + utc_day(certificate_->not_before()) +
           ": is this machine's clock right?";
  }
  return std::nullopt;
}

std::string ClientCredential::stamp() const {
  std::string all;
  for (const fs::path& file : files_of(newest_files())) all += file_stamp(file) + ";";
  return all;
}

std::optional<WallTime> ClientCredential::certificate_end() const {
  const std::scoped_lock lock(mutex_);
  return certificate_end_;
}

std::optional<WallTime> ClientCredential::certificate_since() const {
  const std::scoped_lock lock(mutex_);
  return certificate_since_;
}

}  // namespace pce
