#pragma once
// Lists of names in the configuration: of customers, of products.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/settings/customer_pattern.h"
#include "exporter/settings/section.h"

namespace pce {

// Complains where `text` is longer than a name may be, or not of one line. `wanted`: see section.h.
bool is_name(const SettingField& field, const std::string& text, const std::string& wanted,
             SettingComplaints& complaints);

// At most 10,000 customers' ids or names, with * for any text, none twice. Nothing that it
// complains of is in it.
std::vector<CustomerPattern> pattern_list_of(const SettingField& field,
                                             SettingComplaints& complaints);

// The same for names of `what`, such as "product", in which a * is refused: nobody expands it.
std::vector<std::string> name_list_of(const SettingField& field, const std::string& what,
                                      SettingComplaints& complaints);

}  // namespace pce
