#pragma once
// Secrets live in files of their own, readable by their owner only.
#include <filesystem>
#include <optional>
#include <string>

#include <sys/types.h>

#include "exporter/base/result.h"
#include "exporter/base/secret.h"

namespace pce {

// The content of `path` without a UTF-8 byte order mark in front and one line ending (LF or CRLF)
// behind. Refused: anything but a regular file, more than 64 KiB, nothing, a zero byte, a file that
// others may use or own. Never waits. Errors: kSettings; the message begins with the path and says
// what to do, and never holds any of the content.
Result<Secret> read_secret_file(const std::filesystem::path& path);

// The same for what is no text, such as PKCS#12: the content as it is, zero bytes included.
Result<Secret> read_secret_bytes(const std::filesystem::path& path);

// What speaks against trusting a secret to a file with these permission bits and this owner when we
// run as `self`. In credentials_directory() its group may read it.
std::optional<std::string> complaint_about_access(const std::filesystem::path& path, mode_t mode,
                                                  uid_t owner, uid_t self);

// The same for the file there is now; nullopt also where there is no file to look at.
std::optional<std::string> complaint_about_access(const std::filesystem::path& path);

// Where systemd puts what a unit's LoadCredential= names: $CREDENTIALS_DIRECTORY, an absolute path;
// nullopt outside such a unit.
std::optional<std::filesystem::path> credentials_directory();

// What speaks against a file in `folder` that is replaced again and again: others who may put
// theirs in its place. A sticky folder such as /tmp, where they may not touch ours, is good enough;
// root may use anybody's.
std::optional<std::string> complaint_about_folder(const std::filesystem::path& folder);

}  // namespace pce
