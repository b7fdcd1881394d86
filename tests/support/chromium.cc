#include "tests/support/chromium.h"

#include <signal.h>

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
      "POST", "/session", {{"capabilities", {{"alwaysMatch", {{"goog:chromeOptions", options}}}}}});
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

std::string Chromium::text() {
  return command("POST", "/execute/sync",
                 {{"script", "return document.body.innerText"}, {"args", json::array()}})
      .get<std::string>();
}

}  // namespace pce
