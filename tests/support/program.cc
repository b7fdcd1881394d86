#include "tests/support/program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

#include <sys/wait.h>

extern char** environ;

namespace pce {

Program::Program(const std::vector<std::string>& argv, Input input) {
  int ends[2];
  int typed[2] = {-1, -1};
  EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (input == Input::kTyped) {
    EXPECT_EQ(pipe2(typed, O_CLOEXEC), 0);
    posix_spawn_file_actions_adddup2(&actions, typed[0], 0);
  } else {
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  }
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
  std::vector<char*> words;
  for (const auto& word : argv) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const int failed = posix_spawnp(&pid_, words[0], &actions, nullptr, words.data(), environ);
  EXPECT_EQ(failed, 0) << argv[0] << ": " << strerror(failed);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  pipe_ = ends[0];
  if (input == Input::kTyped) close(typed[0]);
  input_ = typed[1];
  if (failed != 0) pid_ = -1;
  reader_ = std::thread([this] {
    char piece[4096];
    for (ssize_t got = 0; (got = read(pipe_, piece, sizeof piece)) > 0;) {
      const std::scoped_lock lock(mutex_);
      output_.append(piece, static_cast<std::size_t>(got));
    }
    const std::scoped_lock lock(mutex_);
    ended_ = true;
  });
}

Program::~Program() {
  if (pid_ > 0 && !status_) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  reader_.join();
  close(pipe_);
  if (input_ >= 0) close(input_);
}

std::string Program::output() const {
  const std::scoped_lock lock(mutex_);
  return output_;
}

std::string Program::line_with(const std::string& text, std::chrono::milliseconds deadline) {
  std::string line;
  eventually(
      [&] {
        const std::scoped_lock lock(mutex_);
        const auto at = output_.find(text);
        const auto end = at == std::string::npos ? at : output_.find('\n', at);
        if (end == std::string::npos) return ended_;
        const auto before = output_.rfind('\n', at);
        const auto start = before == std::string::npos ? 0 : before + 1;
        line = output_.substr(start, end - start);
        return true;
      },
      deadline);
  return line;
}

void Program::type(const std::string& text) const {
  EXPECT_EQ(write(input_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
}

void Program::signal(int number) const {
  if (pid_ > 0) kill(pid_, number);
}

std::optional<int> Program::wait(std::chrono::milliseconds deadline) {
  if (status_ || pid_ <= 0) return status_;
  eventually(
      [&] {
        int raw = 0;
        if (waitpid(pid_, &raw, WNOHANG) != pid_) return false;
        status_ = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
        return true;
      },
      deadline);
  return status_;
}

Finished run_program(const std::vector<std::string>& argv, std::chrono::milliseconds deadline) {
  Program program(argv);
  const auto status = program.wait(deadline);
  EXPECT_TRUE(status) << argv[0] << " still runs after the deadline";
  program.wait_for_last_word();
  return {.status = status.value_or(-1), .output = program.output()};
}

void Program::wait_for_last_word() {
  eventually([&] {
    const std::scoped_lock lock(mutex_);
    return ended_;
  });
}

void breathe() { poll(nullptr, 0, 10); }

}  // namespace pce
