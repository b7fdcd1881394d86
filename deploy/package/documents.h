#pragma once
// What the package says about the command line, made of the table the parser and --help are made
// of.
#include <string>
#include <string_view>

namespace pce {

// troff with the man macros. `date`: of the commit, YYYY-MM-DD.
std::string man_page(std::string_view version, std::string_view date);
// To be sourced by bash; needs nothing of the bash-completion package.
std::string bash_completion();
// /etc/default/partner-center-exporter, read by systemd.
std::string defaults_file();

}  // namespace pce
