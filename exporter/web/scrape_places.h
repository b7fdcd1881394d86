#pragma once
// The scrapes under way, from the first byte made to the last byte taken. Each holds a body, which
// may be of data replaced long ago, so clients that do not read must not be able to pile them up;
// nor take the places of those at another address. Any thread.
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace pce {

class ScrapePlaces : public std::enable_shared_from_this<ScrapePlaces> {
 public:
  // `count`: for one address; half as many more (rounded up) for the others. 0: no limit.
  explicit ScrapePlaces(int count) : count_(count) {}

  // Null when there is none. It is given back with the last pointer to it, and may outlive us.
  std::shared_ptr<const void> take(const std::string& client);

 private:
  void give_back(const std::string& client);

  const int count_;
  std::mutex mutex_;
  int taken_ = 0;
  std::map<std::string, int> by_client_;  // those that have one
};

}  // namespace pce
