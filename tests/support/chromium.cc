#include "tests/support/chromium.h"

#include <algorithm>
#include <signal.h>

#include "exporter/base/base64url.h"
#include "tests/support/web_client.h"

namespace pce {
namespace {

using nlohmann::json;

const std::string kElement = "element-6066-11e4-a52e-4f735466cecf";  // the standard's name
constexpr std::chrono::seconds kPatience{120};

bool is_in_path(const std::string& program) {
  return run_program({"sh", "-c", "command -v " + program}).status == 0;
}

}  // namespace

Chromium::Chromium() : port_(free_port()) {
  for (const char* program : {"chromedriver", "chromium"}) {
    if (is_in_path(program)) continue;
    ADD_FAILURE() << program
                  << " is not in PATH. This test wants a real browser: tests/run.sh installs it "
                     "(apt-get install chromium chromium-driver).";
    return;
  }
  driver_ = std::make_unique<Program>(
      std::vector<std::string>{"chromedriver", "--port=" + std::to_string(port_)});
  if (driver_->line_with("started successfully", kPatience).empty()) {
    ADD_FAILURE() << "chromedriver does not start: " << driver_->output();
    return;
  }
  // Without a window it would take itself for hidden, and its pages for less urgent than everything
  // else on a busy machine.
  const json options{
      {"args",
       {"--headless=new", "--no-sandbox", "--disable-gpu", "--disable-software-rasterizer",
        "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--disable-extensions",
        "--disable-default-apps", "--disable-dev-shm-usage", "--disable-crash-reporter",
        "--disable-breakpad", "--disable-renderer-backgrounding",
        "--disable-backgrounding-occluded-windows",
        "--user-data-dir=" + (folder_.path() / "profile").string()}}};
  const json value = command(
      "POST", "/session",
      {{"capabilities",
        {{"alwaysMatch",
          {{"goog:chromeOptions", options}, {"goog:loggingPrefs", {{"browser", "ALL"}}}}}}}});
  if (!value.contains("sessionId")) return;
  session_ = value.at("sessionId").get<std::string>();
  command("POST", "/timeouts", {{"implicit", 60'000}});  // for elements of the page to come
}

Chromium::~Chromium() {
  if (is_there()) command("DELETE", "");
  if (!driver_) return;
  driver_->signal(SIGTERM);
  driver_->wait();
}

json Chromium::command(const std::string& method, const std::string& path, const json& body) {
  const std::string place = session_.empty() ? path : "/session/" + session_ + path;
  const WebAnswer answer =
      ask(port_,
          {.method = method,
           .path = place,
           .headers = "Content-Type: application/json\r\n",
           .body = method == "POST" ? (body.is_null() ? "{}" : body.dump()) : ""},
          kPatience);
  const json parsed = json::parse(answer.body, nullptr, false);
  EXPECT_EQ(answer.status, 200) << method << " " << place << ": " << answer.body;
  return parsed.is_object() && parsed.contains("value") ? parsed.at("value") : json();
}

void Chromium::open(const std::string& address) { command("POST", "/url", {{"url", address}}); }

std::string Chromium::element(const std::string& id) {
  const json found =
      command("POST", "/element", {{"using", "css selector"}, {"value", "[id='" + id + "']"}});
  return found.is_object() ? found.value(kElement, "") : "";
}

void Chromium::type(const std::string& id, const std::string& text) {
  command("POST", "/element/" + element(id) + "/value", {{"text", text}});
}

void Chromium::click(const std::string& id) {
  command("POST", "/element/" + element(id) + "/click");
}

std::string Chromium::address() { return command("GET", "/url").get<std::string>(); }

std::string Chromium::title() { return command("GET", "/title").get<std::string>(); }

std::string Chromium::text() { return run("return document.body.innerText").get<std::string>(); }

json Chromium::run(const std::string& script) {
  return command("POST", "/execute/sync", {{"script", script}, {"args", json::array()}});
}

void Chromium::press(const std::string& key) {
  const json strokes{{{"type", "keyDown"}, {"value", key}}, {{"type", "keyUp"}, {"value", key}}};
  command("POST", "/actions",
          {{"actions", {{{"type", "key"}, {"id", "keyboard"}, {"actions", strokes}}}}});
}

json Chromium::devtools(const std::string& method, const json& parameters) {
  return command("POST", "/goog/cdp/execute", {{"cmd", method}, {"params", parameters}});
}

void Chromium::look(const Look& look) {
  devtools("Emulation.setDeviceMetricsOverride", {{"width", look.width},
                                                  {"height", look.height},
                                                  {"deviceScaleFactor", look.scale},
                                                  {"mobile", look.touch}});
  devtools("Emulation.setEmulatedMedia",
           {{"features",
             {{{"name", "prefers-color-scheme"}, {"value", look.dark ? "dark" : "light"}}}}});
}

void Chromium::forbid_scripts() {
  devtools("Emulation.setScriptExecutionDisabled", {{"value", true}});
}

std::string Chromium::picture(int height_max) {
  const json size =
      run("return [document.documentElement.clientWidth, document.documentElement.scrollHeight]");
  if (!size.is_array()) return {};
  const json clip{{"x", 0},
                  {"y", 0},
                  {"width", size.at(0)},
                  {"height", std::min(size.at(1).get<int>(), height_max)},
                  {"scale", 1}};
  const json taken = devtools("Page.captureScreenshot",
                              {{"format", "png"}, {"captureBeyondViewport", true}, {"clip", clip}});
  std::string text = taken.is_object() ? taken.value("data", "") : "";
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  text.erase(text.find_last_not_of('=') + 1);
  return from_base64url(text).value_or("");
}

std::vector<std::string> Chromium::complaints() {
  std::vector<std::string> messages;
  for (const json& entry : command("POST", "/se/log", {{"type", "browser"}}))
    messages.push_back(entry.value("message", ""));
  return messages;
}

}  // namespace pce
