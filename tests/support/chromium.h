#pragma once
// A person's browser: Chromium without a window, led by chromedriver. Source: W3C WebDriver.
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/support/program.h"
#include "tests/support/temporary_folder.h"

namespace pce {

// Whatever goes wrong is a test failure that says what to install, or what the driver said.
class Chromium {
 public:
  Chromium();
  ~Chromium();
  Chromium(const Chromium&) = delete;
  Chromium& operator=(const Chromium&) = delete;

  bool is_there() const { return !session_.empty(); }
  void open(const std::string& address);
  // A click may return before the next page is there; elements are waited for, titles are not.
  void type(const std::string& id, const std::string& text);  // into the element with this id
  void click(const std::string& id);
  std::string address();
  std::string title();
  std::string text();  // what the page shows
  // The value of `return …;`, evaluated in the page.
  nlohmann::json run(const std::string& script);
  void press(const std::string& key);  // a character, or one of WebDriver's ("\uE004" is Tab)

  struct Look {
    int width = 1280;
    int height = 800;
    bool dark = false;
    bool touch = false;  // a telephone
    int scale = 1;       // pixels of the screen for one of these
  };
  void look(const Look& look);
  void forbid_scripts();  // of pages opened from now on
  // Of the page, or of so much of its beginning, a PNG.
  std::string picture(int height_max);
  // What the page complained of since it was asked last, such as violations of its policy.
  std::vector<std::string> complaints();

 private:
  nlohmann::json devtools(const std::string& method, const nlohmann::json& parameters);
  nlohmann::json command(const std::string& method, const std::string& path,
                         const nlohmann::json& body = nullptr);
  std::string element(const std::string& id);

  TemporaryFolder folder_;
  int port_ = 0;
  std::unique_ptr<Program> driver_;
  std::string session_;
};

}  // namespace pce
