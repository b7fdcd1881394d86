// Keeps the house standing: who may include whom, and which library has which room.
#include <map>
#include <set>

#include "tests/support/files.h"

namespace pce {
namespace {

namespace fs = std::filesystem;

const std::map<std::string, int> kFloors{
    {"base", 0},      {"compression", 1}, {"json", 1},     {"http", 1},           {"settings", 1},
    {"telemetry", 1}, {"insights", 2},    {"identity", 2}, {"partner_center", 3}, {"store", 3},
    {"polling", 4},   {"exposition", 4},  {"web", 5},      {"commands", 6}};

struct Include {
  fs::path file;  // below the source folder
  std::string what;
};

bool is_source(const fs::path& path) {
  return path.extension() == ".h" || path.extension() == ".cc" || path.extension() == ".in";
}

std::vector<Include> includes_below(const fs::path& folder) {
  std::vector<Include> all;
  for (const auto& entry : fs::recursive_directory_iterator(source_dir() / folder)) {
    if (!entry.is_regular_file() || !is_source(entry.path())) continue;
    for (const std::string& line : lines_of(read_file(entry.path()))) {
      if (!line.starts_with("#include ") || line.size() < 12) continue;
      const auto end = line.find_first_of("\">", 10);
      all.push_back({fs::relative(entry.path(), source_dir()), line.substr(10, end - 10)});
    }
  }
  EXPECT_FALSE(all.empty()) << folder;
  return all;
}

std::string room_of(const fs::path& path) {
  auto part = path.begin();
  return (++part)->string();
}

TEST(House, IncludesOnlyFromTheSameRoomOrALowerFloor) {
  std::set<std::string> seen;
  for (const auto& [file, what] : includes_below("exporter")) {
    if (!what.starts_with("exporter/") || file.filename() == "main.cc") continue;
    const std::string from = room_of(file);
    const std::string to = room_of(what);
    ASSERT_TRUE(kFloors.contains(from)) << file << ": a room without a floor";
    ASSERT_TRUE(kFloors.contains(to)) << file << " includes " << what;
    seen.insert(from);
    EXPECT_TRUE(from == to || kFloors.at(to) < kFloors.at(from)) << file << " includes " << what;
  }
  EXPECT_EQ(seen.size(), kFloors.size())
      << "a room was moved or emptied: the table of floors is no longer true";
}

TEST(House, LinksOnlyLowerFloors) {
  for (const auto& [room, floor] : kFloors) {
    const std::string text = read_file(source_dir() / "exporter" / room / "CMakeLists.txt");
    for (std::size_t at = text.find("pce_"); at != std::string::npos;
         at = text.find("pce_", at + 1)) {
      const auto end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_", at);
      const std::string other = text.substr(at + 4, end - at - 4);
      if (other == room || other == "library" || other == "options") continue;
      ASSERT_TRUE(kFloors.contains(other)) << room << " links pce_" << other;
      EXPECT_LT(kFloors.at(other), floor) << room << " links pce_" << other;
    }
  }
}

TEST(House, GivesEachLibraryOneRoom) {
  struct Home {
    std::string prefix;              // of the included header
    std::set<std::string> may_know;  // files or rooms
  };
  const std::vector<Home> homes{
      {"curl/", {"exporter/http"}},
      {"gnutls/",
       {"exporter/http/peer_certificate.cc", "exporter/identity/client_certificate.cc",
        "exporter/base/seal.cc", "exporter/base/sha256.cc", "exporter/web/bcrypt.cc",
        "exporter/web/client_names.cc", "exporter/web/client_names.h", "exporter/web/keyed_hash.cc",
        "exporter/web/tls_credentials.cc", "exporter/web/tls_door.cc", "exporter/web/tls_parts.cc",
        "exporter/web/tls_parts.h"}},
      {"crypt.h", {"exporter/web/bcrypt.cc"}},
      {"microhttpd",
       {"exporter/web/clients.h", "exporter/web/held_request.h", "exporter/web/tls_door.h",
        "exporter/web/http_server.cc", "exporter/web/library_request.h", "exporter/web/reply.h",
        "exporter/web/reply.cc"}},
      {"nlohmann/", {"exporter/json"}},
      {"sqlite3", {"exporter/store/sqlite.cc"}},
      {"spdlog/", {"exporter/telemetry/log.cc"}},
      {"yaml-cpp/", {"exporter/settings"}},
      {"CLI/", {"exporter/settings"}},
      {"zlib.h", {"exporter/compression"}},
      {"isa-l", {"exporter/compression"}},
      {"prometheus/", {"exporter/telemetry", "exporter/exposition", "exporter/commands"}},
  };
  for (const auto& [file, what] : includes_below("exporter")) {
    for (const Home& home : homes) {
      if (!what.starts_with(home.prefix)) continue;
      const std::string folder = file.parent_path().string();
      EXPECT_TRUE(home.may_know.contains(file.string()) || home.may_know.contains(folder))
          << file << " knows " << what;
    }
  }
}

TEST(House, LetsTheSimulatorShareNothingWithTheExporter) {
  for (const auto& [file, what] : includes_below("tests/simulator")) {
    EXPECT_FALSE(what.starts_with("exporter/")) << file << " includes " << what;
  }
  EXPECT_EQ(read_file(source_dir() / "tests/simulator/CMakeLists.txt").find("pce_base"),
            std::string::npos);
}

TEST(House, KeepsPollingAndExpositionStrangers) {
  for (const auto& [file, what] : includes_below("exporter")) {
    const std::string room = room_of(file);
    if (room == "polling") {
      EXPECT_FALSE(what.starts_with("exporter/exposition/")) << file;
    }
    if (room == "exposition") {
      EXPECT_FALSE(what.starts_with("exporter/polling/")) << file;
    }
  }
}

}  // namespace
}  // namespace pce
