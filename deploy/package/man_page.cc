#include "deploy/package/documents.h"
#include "exporter/settings/flags.h"

namespace pce {
namespace {

// A dash is one to be typed, a backslash is none of troff's, and a line that begins with a dot or
// an apostrophe is no request.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (out.empty() && (c == '.' || c == '\'')) out += "\\&";
    if (c == '-') {
      out += "\\-";
    } else if (c == '\\') {
      out += "\\e";
    } else {
      out += c;
    }
  }
  return out;
}

std::string paragraph(std::string_view term, std::string_view value, std::string_view text) {
  std::string out = ".TP\n\\fB" + escaped(term) + "\\fR";
  if (!value.empty()) out += "\\fI" + escaped(value) + "\\fR";
  return out + "\n" + escaped(text) + "\n";
}

std::string flags_of(std::string_view group) {
  std::string out;
  for (const FlagInfo& flag : flags()) {
    if (flag.help.empty() || flag.group != group) continue;
    const std::string term = std::string(flag.name) + (flag.value.empty() ? "" : "=");
    out += paragraph(term, flag.value, flag.help);
  }
  return out;
}

}  // namespace

std::string man_page(std::string_view version, std::string_view date) {
  std::string out = ".TH PARTNER_CENTER_EXPORTER 1 ";
  out.append(date).append(" \"partner_center_exporter ").append(version);
  out += "\" \"User Commands\"\n.SH NAME\npartner_center_exporter \\- ";
  out += escaped(purpose());
  out +=
      "\n.SH SYNOPSIS\n"
      ".B partner_center_exporter\n[\\fIFLAG\\fR]...\n.br\n"
      ".B partner_center_exporter\n\\fICOMMAND\\fR [\\fIFLAG\\fR]...\n"
      ".SH DESCRIPTION\n"
      "Polls the licence deployment and usage insights of Microsoft Partner Center and\n"
      "publishes them as gauges for Prometheus, labelled by customer, product and channel.\n"
      "Without a command it runs until it is told to end.\n"
      ".SH FLAGS\n";
  std::string_view group;
  for (const FlagInfo& flag : flags()) {
    if (flag.group == group) continue;
    group = flag.group;
    out += ".SS " + escaped(group) + "\n" + flags_of(group);
  }
  out += ".SH COMMANDS\n";
  for (const CommandInfo& command : commands()) {
    const std::string term = std::string(command.name) + (command.operand.empty() ? "" : " ");
    out += paragraph(term, command.operand, command.help);
  }
  out +=
      ".SH SIGNALS\n" +
      paragraph("SIGTERM, SIGINT", "", "End: calls under way are given up, scrapes are answered.") +
      paragraph("SIGHUP", "",
                "The configuration is read again; one that is no good changes nothing. Accounts that "
                "wait for a human try again at once.");
  out += ".SH FILES\n" +
         paragraph("/etc/partner-center-exporter/config.yml", "",
                   "The configuration the service reads; every key is explained in it.") +
         paragraph("/etc/default/partner-center-exporter", "", "More flags for the service.") +
         paragraph("/var/lib/partner-center-exporter", "",
                   "What the service keeps: refresh tokens and its last answers.") +
         paragraph("/usr/share/partner-center-exporter", "",
                   "Dashboards for Grafana, rules for Prometheus.");
  out += ".SH EXIT STATUS\n" + escaped(exit_status()) + "\n";
  out += ".SH SEE ALSO\n.BR prometheus (1),\n.BR promtool (1),\n.BR systemctl (1)\n";
  return out;
}

}  // namespace pce
