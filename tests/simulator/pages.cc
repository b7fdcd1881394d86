#include "tests/simulator/pages.h"

#include <fmt/format.h>

namespace simulator {
namespace {

std::string escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

Response page(int status, std::string_view title, std::string_view content) {
  Response response;
  response.status = status;
  response.headers = {{"Content-Type", "text/html; charset=utf-8"}, {"Cache-Control", "no-store"}};
  response.body = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">"
      // Keeps browsers from asking for an icon, which would count as a call.
      "<link rel=\"icon\" href=\"data:,\"><title>{0}</title></head>\n"
      "<body>\n<h1>{0}</h1>\n<p>A simulator. Any password will do; do not type a real one.</p>\n"
      "{1}</body>\n</html>\n",
      escape(title), content);
  return response;
}

std::string fields_of(const Fields& hidden) {
  std::string out;
  for (const auto& [name, value] : hidden) {
    out += fmt::format("<input type=\"hidden\" name=\"{}\" value=\"{}\">\n", escape(name),
                       escape(value));
  }
  return out;
}

std::string complaint_of(std::string_view complaint) {
  if (complaint.empty()) return "";
  return fmt::format("<p id=\"error\">{}</p>\n", escape(complaint));
}

std::string button(std::string_view step, std::string_view text) {
  return fmt::format(
      "<button type=\"submit\" id=\"{0}\" name=\"step\" value=\"{0}\">{1}</button>\n", step, text);
}

}  // namespace

Response sign_in_page(const SignInForm& form) {
  std::string content = complaint_of(form.complaint);
  content += fmt::format("<p>to application <span id=\"application\">{}</span></p>\n",
                         escape(form.application));
  content += "<form method=\"post\">\n" + fields_of(form.hidden);
  content += fmt::format(
      "<p><label>User name <input type=\"text\" id=\"loginfmt\" name=\"loginfmt\" value=\"{}\">"
      "</label></p>\n"
      "<p><label>Password <input type=\"password\" id=\"passwd\" name=\"passwd\"></label></p>\n",
      escape(form.user));
  if (form.asks_for_second_factor) {
    content +=
        "<p><label><input type=\"checkbox\" id=\"second_factor\" name=\"second_factor\" "
        "value=\"yes\"> Second factor given</label></p>\n";
  }
  content += button("sign_in", "Sign in") + button("cancel", "Cancel") + "</form>\n";
  return page(200, "Sign in", content);
}

Response consent_page(const std::string& application, const Fields& hidden) {
  return page(200, "Permissions requested",
              fmt::format("<p>Application <span id=\"application\">{}</span> wants: Access Partner "
                          "Center API.</p>\n<form method=\"post\">\n{}{}{}</form>\n",
                          escape(application), fields_of(hidden), button("accept", "Accept"),
                          button("cancel", "Cancel")));
}

Response user_code_page(const std::string& complaint) {
  return page(200, "Enter code",
              fmt::format("{}<form method=\"post\">\n<p><label>Code <input type=\"text\" "
                          "id=\"user_code\" name=\"user_code\"></label></p>\n{}</form>\n",
                          complaint_of(complaint), button("next", "Next")));
}

Response message_page(int status, std::string_view title, std::string_view text) {
  return page(status, title, fmt::format("<p id=\"message\">{}</p>\n", escape(text)));
}

Response posting_page(const std::string& address, const Fields& hidden) {
  return page(200, "Signed in",
              fmt::format("<form method=\"post\" action=\"{}\">\n{}<button type=\"submit\" "
                          "id=\"continue\">Continue</button>\n</form>\n",
                          escape(address), fields_of(hidden)));
}

}  // namespace simulator
