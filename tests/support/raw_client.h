#pragma once
// One TCP connection to a server under test, with nothing between the test and the bytes. Waits at
// most 30 s for anything; then the answer counts as not given.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pce {

struct RawAnswer {
  int status = 0;
  std::string head;  // status line and headers, with their line ends
  std::string body;

  std::string header(std::string_view name) const;  // empty: absent
};

enum class Expect { kBody, kNoBody };  // kNoBody: the answer to a HEAD

class RawClient {
 public:
  // `from`: the address to come from; empty: the usual one.
  RawClient(const std::string& host, std::uint16_t port, const std::string& from = {});
  RawClient(RawClient&& other) noexcept;
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;
  RawClient& operator=(RawClient&&) = delete;
  ~RawClient();

  bool connected() const { return descriptor_ >= 0; }
  bool send(std::string_view bytes);
  // nullopt: the other side closed before an answer was complete, or none came.
  std::optional<RawAnswer> read_answer(Expect expect = Expect::kBody);
  // Whether the other side closes without a further byte.
  bool read_end();
  // Everything up to the other side's close; nullopt if it does not close.
  std::optional<std::string> read_rest();
  std::optional<RawAnswer> get(std::string_view path);

 private:
  enum class Received { kBytes, kEnd, kNothing };
  Received read_more();

  int descriptor_ = -1;
  std::string received_;
};

// "GET path HTTP/1.1" with a Host, further header lines (each ending in CR LF) and the empty line.
std::string request_text(std::string_view method, std::string_view path,
                         std::string_view header_lines = {});

}  // namespace pce
