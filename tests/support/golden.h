#pragma once
// What a program said, held against a file of tests/golden. UPDATE_GOLDEN=1 rewrites the file.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/support/files.h"

namespace pce {

inline void expect_golden(const std::string& name, const std::string& text) {
  const auto path = source_dir() / "tests/golden" / name;
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }
  const auto found = lines_of(text);
  const auto wanted = lines_of(read_file(path));
  for (std::size_t i = 0; i < std::min(found.size(), wanted.size()); ++i) {
    ASSERT_EQ(found[i], wanted[i])
        << path << ":" << i + 1 << "; UPDATE_GOLDEN=1 rewrites it when the change is meant";
  }
  ASSERT_EQ(found.size(), wanted.size())
      << "lines, those in common are equal; UPDATE_GOLDEN=1 rewrites " << path;
}

}  // namespace pce
