#pragma once
// A program under test: started with a pipe for what it says, stopped at the latest when the test
// ends.
#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <sys/types.h>

namespace pce {

class Program {
 public:
  enum class Input { kEmpty, kTyped };
  // argv[0] is a path, or a name to look for in PATH. Standard input is empty, or what type() says.
  explicit Program(const std::vector<std::string>& argv, Input input = Input::kEmpty);
  ~Program();  // kills it where it still runs
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  pid_t pid() const { return pid_; }
  // Everything written to standard output and standard error so far.
  std::string output() const;
  // The first line of the output that contains `text`, as soon as there is one; empty when the
  // program ends or the deadline passes first.
  std::string line_with(const std::string& text,
                        std::chrono::milliseconds deadline = std::chrono::seconds(20));
  void type(const std::string& text) const;
  void signal(int number) const;
  // The exit status (128 + signal when killed by one); nullopt when it still runs at the deadline.
  std::optional<int> wait(std::chrono::milliseconds deadline = std::chrono::seconds(20));
  // Until everything the ended program wrote is in output().
  void wait_for_last_word();

 private:
  pid_t pid_ = -1;
  int pipe_ = -1;
  int input_ = -1;
  mutable std::mutex mutex_;
  std::string output_;
  bool ended_ = false;  // the pipe is closed
  std::optional<int> status_;
  std::thread reader_;
};

// Runs to the end; the exit status and everything it said.
struct Finished {
  int status = -1;
  std::string output;
};
Finished run_program(const std::vector<std::string>& argv,
                     std::chrono::milliseconds deadline = std::chrono::seconds(60));

// Asks again and again until `done()` or the deadline; true when done.
template <typename Done>
bool eventually(Done&& done, std::chrono::milliseconds deadline = std::chrono::seconds(20));

void breathe();  // a short pause between two questions

template <typename Done>
bool eventually(Done&& done, std::chrono::milliseconds deadline) {
  const auto end = std::chrono::steady_clock::now() + deadline;
  while (!done()) {
    if (std::chrono::steady_clock::now() > end) return false;
    breathe();
  }
  return true;
}

}  // namespace pce
