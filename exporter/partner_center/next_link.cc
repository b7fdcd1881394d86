#include "exporter/partner_center/next_link.h"

#include <algorithm>

#include "exporter/json/json_scalar.h"
#include "exporter/partner_center/own_address.h"

namespace pce {
namespace {

// The spelling in which `path` names the resource. Only the spelling is taken over: what is asked
// is our own text, so that a path cannot smuggle anything in.
std::optional<PathSpelling> spelling_of(std::string_view path, std::string_view resource,
                                        const PathSpelling& asked) {
  if (path.empty()) return asked;
  const std::string_view suffix = path.ends_with('/') ? "/" : "";
  if (!path.starts_with('/')) {
    const std::string_view segment = resource.substr(resource.rfind('/') + 1);
    path.remove_suffix(suffix.size());
    if (!same_key(path, segment)) return std::nullopt;
    return PathSpelling{asked.prefix, suffix};
  }
  const std::string plain = plain_path(path);
  for (const PathSpelling& spelling : kPathSpellings) {
    if (spelling.suffix == suffix && same_key(plain, spelled({spelling.prefix, ""}, resource)))
      return spelling;
  }
  return std::nullopt;
}

}  // namespace

std::string spelled(const PathSpelling& spelling, std::string_view resource) {
  std::string path(spelling.prefix);
  return path.append(resource).append(spelling.suffix);
}

std::optional<NextPage> resolve_next_link(std::string_view link, std::string_view api_base,
                                          std::string_view resource, const PathSpelling& asked) {
  while (link.starts_with(' ')) link.remove_prefix(1);
  while (link.ends_with(' ')) link.remove_suffix(1);
  const auto below = below_api_base(link, api_base);
  if (!below || below->empty()) return std::nullopt;
  const auto query_at = std::min(below->find('?'), below->size());
  const auto spelling = spelling_of(below->substr(0, query_at), resource, asked);
  const auto query = sendable_query(below->substr(query_at));
  if (!spelling || !query) return std::nullopt;
  return NextPage{*spelling, *query};
}

}  // namespace pce
