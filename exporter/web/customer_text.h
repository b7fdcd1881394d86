#pragma once
// How pages and answers spell a customer. Nothing else in this room turns its name into text.
#include <string>

#include "exporter/base/label.h"

namespace pce {

inline std::string customer_text(const LabelText& name) { return name.plain(); }

}  // namespace pce
