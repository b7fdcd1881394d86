#include "deploy/package/documents.h"
#include "exporter/settings/flags.h"

namespace pce {
namespace {

// The line may be cut at "=" or not, as COMP_WORDBREAKS has it: both are understood.
constexpr std::string_view kBegin =
    R"bash(# bash completion for partner_center_exporter, made of the table of its flags

_partner_center_exporter() {
  local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} flag='' word i
  local command=run with_value words=''
  COMPREPLY=()
)bash";

constexpr std::string_view kMiddle = R"bash(
  if [[ $current == --*=* ]]; then
    flag=${current%%=*}
    current=${current#*=}
  elif [[ $current == '=' ]]; then
    flag=$before
    current=''
  elif [[ $before == '=' ]]; then
    flag=${COMP_WORDS[COMP_CWORD - 2]}
  elif [[ " $with_value " == *" $before "* ]]; then
    flag=$before
  fi
  for ((i = 1; i < COMP_CWORD; ++i)); do
    word=${COMP_WORDS[i]}
    if [[ $word == '=' || ${COMP_WORDS[i - 1]} == '=' || " $with_value " == *" ${COMP_WORDS[i - 1]} "* ]]; then
      continue
    fi
    if [[ $word != -* ]]; then
      command=$word
      break
    fi
  done

  case $flag in
)bash";

constexpr std::string_view kEnd = R"bash(  esac
  if [[ -n $flag ]]; then
    if [[ ${COMP_WORDS[COMP_CWORD]} == --*=* ]]; then COMPREPLY=("${COMPREPLY[@]/#/$flag=}"); fi
    return
  fi
  if ((${#COMPREPLY[@]} == 1)) && [[ ${COMPREPLY[0]} == *= ]]; then compopt -o nospace 2>/dev/null; fi
}
complete -F _partner_center_exporter partner_center_exporter
)bash";

std::string joined(std::span<const std::string_view> words) {
  std::string out;
  for (const std::string_view word : words) {
    if (!out.empty()) out += ' ';
    out += word;
  }
  return out;
}

std::string flags_of(std::string_view command) {
  std::string out;
  for (const FlagInfo& flag : flags()) {
    if (flag.help.empty() || !takes(command, flag)) continue;
    if (!out.empty()) out += ' ';
    out += std::string(flag.name) + (flag.value.empty() ? "" : "=");
  }
  return out;
}

std::string reply(std::string_view pattern, const std::string& generator) {
  return "    " + std::string(pattern) + ")\n      mapfile -t COMPREPLY < <(compgen " + generator +
         " -- \"$current\")\n      ;;\n";
}

// Files, folders or words; nothing where the value is free.
std::string value_of(const FlagInfo& flag) {
  if (const auto words = choices(flag.name); !words.empty())
    return reply(flag.name, "-W '" + joined(words) + "'");
  for (const auto& [value, kind] : {std::pair("FILE", "-f"), std::pair("DIR", "-d")}) {
    if (flag.value != value) continue;
    return "    " + std::string(flag.name) +
           ")\n      compopt -o filenames 2>/dev/null\n      mapfile -t COMPREPLY < <(compgen " +
           kind + " -- \"$current\")\n      ;;\n";
  }
  return {};
}

}  // namespace

std::string bash_completion() {
  std::string out(kBegin);
  out += "  with_value='";
  std::string separator;
  for (const FlagInfo& flag : flags()) {
    if (flag.value.empty()) continue;
    out += separator + std::string(flag.name);
    separator = " ";
  }
  out += "'\n";
  out += kMiddle;
  for (const FlagInfo& flag : flags()) out += value_of(flag);
  std::string names;
  for (const CommandInfo& command : commands()) names += " " + std::string(command.name);
  out += "    '')\n      case $command in\n";
  out += "        run) words='" + flags_of("run") + names + "' ;;\n";
  for (const CommandInfo& command : commands()) {
    const std::string words = flags_of(command.name);
    if (!words.empty())
      out += "        " + std::string(command.name) + ") words='" + words + "' ;;\n";
  }
  out +=
      "      esac\n      mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n      "
      ";;\n";
  out += kEnd;
  return out;
}

}  // namespace pce
