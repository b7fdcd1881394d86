#include "exporter/exposition/text_encoder.h"

#include <charconv>
#include <cmath>

namespace pce {
namespace {

void append_sample(std::string& out, const Family& family, const Slice& slice, const Record& record,
                   const Number& value) {
  out += family.name;
  char separator = '{';
  for (const LabelPlace& place : family.labels) {
    out += separator;
    out += place.name;
    out += "=\"";
    out += place.value(slice, record).escaped();
    out += '"';
    separator = ',';
  }
  out += "} ";
  append_number(out, value);
  out += '\n';
}

}  // namespace

void append_family(std::string& out, const Family& family, const Snapshot& snapshot) {
  bool headed = false;
  snapshot.each_slice(*family.data_set, [&](const Slice& slice) {
    for (const Record& record : slice.records) {
      const Number& value = record.values[family.metric];
      if (!value.known()) continue;
      if (!headed) append_head(out, family.name, family.help, "gauge");
      headed = true;
      append_sample(out, family, slice, record, value);
    }
  });
}

void append_head(std::string& out, std::string_view name, std::string_view help,
                 std::string_view type) {
  out.append("# HELP ").append(name) += ' ';
  for (const char c : help) {
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  out.append("\n# TYPE ").append(name).append(" ").append(type) += '\n';
}

void append_number(std::string& out, const Number& number) {
  if (!number.is_whole()) return append_number(out, number.value());
  char buffer[24];
  out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, number.whole()).ptr);
}

void append_number(std::string& out, double number) {
  if (std::isnan(number)) {
    out += "NaN";
  } else if (std::isinf(number)) {
    out += number > 0 ? "+Inf" : "-Inf";
  } else {
    char buffer[32];
    out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, number).ptr);
  }
}

}  // namespace pce
