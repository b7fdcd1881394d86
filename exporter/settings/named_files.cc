#include "exporter/settings/named_files.h"

#include <system_error>
#include <utility>

#include "exporter/settings/message_text.h"
#include "exporter/settings/secret_file.h"

namespace pce {
namespace {

namespace fs = std::filesystem;

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::symlink_status(path, ignored).type() != fs::file_type::not_found;
}

// A name is a file's only, never a way out of the folder.
bool is_bare(const std::string& text) {
  return !text.empty() && text.find('/') == std::string::npos && text != "." && text != "..";
}

}  // namespace

std::optional<fs::path> NamedFiles::find(const std::optional<SettingField>& field,
                                         const Wanted& wanted) {
  if (!field) return std::nullopt;
  const auto text = text_of(*field, wanted.what, complaints_);
  if (!text) return std::nullopt;
  if (text->find('\0') != std::string::npos) {
    complaints_.add(field->place, field->path, "found a zero byte, wanted " + wanted.what);
    return std::nullopt;
  }
  const bool bare = is_bare(*text);
  fs::path path = (folder_ / *text).lexically_normal();
  if (const auto credentials = credentials_directory();
      bare && credentials && is_there(*credentials / *text)) {
    path = *credentials / *text;
  }
  files_.push_back({.field = *field, .path = std::move(path), .rewritten = wanted.rewritten});
  if (secret_files_ == SecretFiles::kCheck) check(files_.back(), wanted, bare);
  return files_.back().path;
}

void NamedFiles::check(const Named& named, const Wanted& wanted, bool bare) const {
  if (wanted.rewritten) {
    const fs::path folder = named.path.has_parent_path() ? named.path.parent_path() : fs::path(".");
    if (const auto why = complaint_about_folder(folder)) {
      complaints_.add(named.field.place, named.field.path, path_text(named.path) + ": " + *why);
    }
  }
  const bool missing = !is_there(named.path);
  if (missing && wanted.rewritten) return;
  const auto secret = wanted.content == Content::kBytes ? read_secret_bytes(named.path)
                                                        : read_secret_file(named.path);
  if (secret && secret->reveal().size() >= wanted.bytes_min) return;
  std::string message = secret ? path_text(named.path) + ": holds too little, wanted at least " +
                                     std::to_string(wanted.bytes_min) + " characters"
                               : secret.error().message;
  if (missing) {
    const auto credentials = credentials_directory();
    if (bare && credentials) message += ", nor is it in " + path_text(*credentials);
    message += ": " + wanted.when_missing;
  }
  complaints_.add(named.field.place, named.field.path, message);
}

void NamedFiles::refuse_shared_token_files() const {
  for (std::size_t i = 0; i < files_.size(); ++i) {
    const Named& token = files_[i];
    if (!token.rewritten) continue;
    for (std::size_t j = 0; j < files_.size(); ++j) {
      const Named& other = files_[j];
      const bool told_there =
          other.rewritten && j > i;  // of two tokens the later one is complained of
      if (j == i || told_there || other.path != token.path) continue;
      complaints_.add(token.field.place, token.field.path,
                      "found " + in_quotes(token.path.string()) +
                          ", wanted a file of its own: " + other.field.path +
                          " names it, too, and renewing the token would overwrite it");
      break;
    }
  }
}

}  // namespace pce
