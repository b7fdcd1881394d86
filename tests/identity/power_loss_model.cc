#include "tests/identity/power_loss_model.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

namespace pce {
namespace {

bool is_one_of(const std::string& name, std::initializer_list<std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

PowerLossModel::PowerLossModel(std::string folder, const std::map<std::string, std::string>& files)
    : folder_(std::move(folder)) {
  for (const auto& [name, content] : files) {
    flushed_names_[name] = names_[name] = files_.size();
    files_.push_back({.flushed = content, .now = content});
  }
}

// The name of a file of ours that a call means by a descriptor (or AT_FDCWD) and a path; an empty
// one for the folder itself.
std::optional<std::string> PowerLossModel::name_in_folder(const std::string& at,
                                                          const std::string& path) const {
  const std::filesystem::path named(path);
  if (named.is_absolute()) {
    if (named == folder_) return "";
    if (named.parent_path() == folder_) return named.filename();
    return std::nullopt;
  }
  const auto open = descriptors_.find(at);
  if (open == descriptors_.end() || open->second != kFolder) return std::nullopt;
  EXPECT_FALSE(named.has_parent_path()) << path;
  return path;
}

PowerLossModel::FileNumber PowerLossModel::named(const std::string& name) const {
  const auto found = names_.find(name);
  return found == names_.end() ? std::nullopt : found->second;
}

void PowerLossModel::name(const std::string& name, FileNumber file) {
  led_to_[name].insert(named(name));
  led_to_[name].insert(file);
  names_[name] = file;
}

void PowerLossModel::open(const TracedCall& call) {
  const std::string descriptor = std::to_string(call.result);
  descriptors_.erase(descriptor);
  const auto path = name_in_folder(call.arguments.at(0), call.arguments.at(1));
  if (!path) return;
  if (path->empty()) {
    descriptors_[descriptor] = kFolder;
    return;
  }
  FileNumber file = named(*path);
  if (!file) {
    file = files_.size();
    files_.emplace_back();
    name(*path, file);
  }
  if (call.arguments.at(2).find("O_TRUNC") != std::string::npos) {
    files_[*file].now.clear();
    files_[*file].emptied = true;
  }
  descriptors_[descriptor] = *file;
}

// Only files that are written from their beginning on, once, are understood.
void PowerLossModel::write(const TracedCall& call) {
  const auto open = descriptors_.find(call.arguments.at(0));
  if (open == descriptors_.end()) return;
  files_.at(open->second).now +=
      call.arguments.at(1).substr(0, static_cast<std::size_t>(call.result));
}

void PowerLossModel::flush(const TracedCall& call) {
  const auto open = descriptors_.find(call.arguments.at(0));
  if (open == descriptors_.end()) return;
  if (open->second == kFolder) {
    flushed_names_ = names_;
    led_to_.clear();
    return;
  }
  File& file = files_.at(open->second);
  file.flushed = file.now;
  file.emptied = false;
}

void PowerLossModel::apply(const TracedCall& call) {
  const auto& arguments = call.arguments;
  if (call.name == "openat") return open(call);
  if (call.name == "write") return write(call);
  if (is_one_of(call.name, {"fsync", "fdatasync"})) return flush(call);
  if (call.name == "close") {
    descriptors_.erase(arguments.at(0));
    return;
  }
  if (is_one_of(call.name, {"renameat", "renameat2"})) {
    const auto from = name_in_folder(arguments.at(0), arguments.at(1));
    const auto to = name_in_folder(arguments.at(2), arguments.at(3));
    if (!from && !to) return;
    ASSERT_TRUE(from && to) << "a file moves into the folder or out of it";
    const FileNumber file = named(*from);
    name(*to, file);
    name(*from, std::nullopt);
    return;
  }
  if (call.name == "unlinkat" || call.name == "unlink") {
    const bool at = call.name == "unlinkat";
    const auto path = name_in_folder(at ? arguments.at(0) : "", arguments.at(at ? 1 : 0));
    if (path) name(*path, std::nullopt);
    return;
  }
  // Whatever else there is must have nothing to do with the folder: none of its descriptors, none
  // of its paths.
  for (const std::string& argument : arguments) {
    EXPECT_FALSE(descriptors_.contains(argument) || argument.starts_with(folder_))
        << call.name << " is not understood";
  }
}

std::set<std::optional<std::string>> PowerLossModel::possible(const std::string& name) const {
  std::set<FileNumber> candidates;
  const auto flushed = flushed_names_.find(name);
  candidates.insert(flushed == flushed_names_.end() ? std::nullopt : flushed->second);
  if (const auto since = led_to_.find(name); since != led_to_.end())
    candidates.insert(since->second.begin(), since->second.end());

  std::set<std::optional<std::string>> contents;
  for (const FileNumber& number : candidates) {
    if (!number) {
      contents.insert(std::nullopt);
      continue;
    }
    const File& file = files_.at(*number);
    contents.insert(file.flushed);
    for (std::size_t cut = file.emptied ? 0 : file.flushed.size(); cut <= file.now.size(); ++cut) {
      const std::string beginning = file.now.substr(0, cut);
      contents.insert(beginning);
      contents.insert(beginning + std::string(file.now.size() - cut, '\0'));
    }
  }
  return contents;
}

}  // namespace pce
