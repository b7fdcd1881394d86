#pragma once
// Asks the running exporter why a customer has, or lacks, series.
#include "exporter/commands/terminal.h"
#include "exporter/http/transport.h"
#include "exporter/settings/command_line.h"

namespace pce {

// Exit status: 0 it was answered, whatever the answer is; 1 nobody of this id or name is known, or
// the exporter cannot be asked; 2 the exporter does not understand the question.
int explain(const CommandLine& command_line);

// The same; complaints go to `complaints`.
int explain(const CommandLine& command_line, Transport& transport, Terminal& terminal,
            std::FILE* complaints);

}  // namespace pce
