#include "exporter/commands/sign_in_listener.h"

#include <string>
#include <utility>

namespace pce {
namespace {

WebResponse page(int status, const std::string& title, const std::string& text) {
  return WebResponse{
      .status = status,
      .content_type = "text/html; charset=utf-8",
      .headers = {{"Cache-Control", "no-store"},
                  {"Content-Security-Policy",
                   "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors "
                   "'none'"},
                  {"Referrer-Policy", "no-referrer"},
                  {"X-Content-Type-Options", "nosniff"},
                  {"Connection", "close"}},
      .body = "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>" + title +
              "</title></head>\n<body>\n<h1>" + title + "</h1>\n<p>" + text +
              "</p>\n</body>\n</html>\n"};
}

// The server knows one flag that chooses an address, which is not the one here.
Error with_our_flag(Error error) {
  constexpr std::string_view kTheirs = "--web.listen-address";
  const auto at = error.message.find(kTheirs);
  if (at != std::string::npos) error.message.replace(at, kTheirs.size(), "--port");
  return error;
}

}  // namespace

Result<std::unique_ptr<SignInListener>> SignInListener::start(const Application& application,
                                                              std::uint16_t port) {
  std::unique_ptr<SignInListener> listener(new SignInListener());
  auto server = HttpServer::start(
      {{.host = "127.0.0.1", .port = port}},
      [&self = *listener](const WebRequest& request) { return self.respond(request); },
      {.threads = 2,
       .connections = 32,
       .connections_per_client = 32,
       .idle = std::chrono::seconds(10)});
  if (!server) return with_our_flag(server.error());
  {
    const std::scoped_lock lock(listener->mutex_);
    listener->server_ = std::move(*server);
    listener->sign_in_.emplace(application, listener->port());
  }
  return listener;
}

Status SignInListener::take(std::string_view redirected) {
  const std::scoped_lock lock(mutex_);
  if (!sign_in_) return Error{.kind = ErrorKind::kRejected, .message = "nobody has asked yet"};
  auto answer = sign_in_->read(redirected);
  if (!answer) return answer.error();
  if (answer_) {
    return Error{.kind = ErrorKind::kRejected,
                 .message = "found a second answer to this sign-in, which is not used"};
  }
  answer_ = std::move(*answer);
  answered_.set();
  return Done{};
}

std::optional<RedirectAnswer> SignInListener::answer() const {
  const std::scoped_lock lock(mutex_);
  return answer_;
}

WebResponse SignInListener::respond(const WebRequest& request) {
  if (request.path != "/") return page(404, "Not here", "There is only one page here.");
  if (request.method != "GET") {
    WebResponse refused = page(405, "Not so", "This page is only read.");
    refused.headers.push_back({"Allow", "GET"});
    return refused;
  }
  if (answer()) {
    return page(409, "Already signed in",
                "This sign-in has had its answer. You can close this window; the terminal says "
                "how it went on.");
  }
  if (!take("?" + request.query)) {
    return page(400, "Not this sign-in",
                "Nothing was taken from this address: it does not answer the sign-in that is "
                "waiting. Open the address that the terminal shows.");
  }
  if (answer()->refused) {
    return page(200, "Not signed in",
                "The sign-in was refused. You can close this window; the terminal says why.");
  }
  return page(200, "Back from signing in",
              "You can close this window. The terminal says whether everything is as it should "
              "be.");
}

}  // namespace pce
