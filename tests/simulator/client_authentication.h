#pragma once
// Who the application is, and whether it proves it as it should. Source: authentication.md 2.4,
// 2.6, 2.7.
#include <optional>
#include <string>

#include "tests/simulator/aadsts.h"
#include "tests/simulator/client_assertion.h"
#include "tests/simulator/grant.h"
#include "tests/simulator/registration.h"
#include "tests/simulator/settings.h"

namespace simulator {

enum class Proof { kNone, kSecret, kAssertion };

struct ClientVerdict {
  std::string client;
  Proof proof = Proof::kNone;
  std::optional<Refusal> refusal;

  ClientKind kind() const {
    return proof == Proof::kNone ? ClientKind::kPublic : ClientKind::kConfidential;
  }
};

class ClientAuthentication {
 public:
  explicit ClientAuthentication(const Registration& registration) : registration_(registration) {}

  // `kind` is what the sign-in made of the client: a public one must not prove itself, a
  // confidential one has to; of unknown ones the registration decides.
  ClientVerdict judge(const Request& request, const Fields& form, ClientKind kind,
                      const Settings& settings);
  // Only whether the client is known.
  std::optional<Refusal> refuse_unknown(const std::string& client) const;
  void reset() { seen_.reset(); }

 private:
  std::optional<Refusal> refuse_secret(const std::string& secret, const Settings& settings) const;
  std::optional<Refusal> refuse_assertion(const Request& request, const Fields& form,
                                          const std::string& client, const Settings& settings);

  const Registration& registration_;
  SeenAssertions seen_;
};

}  // namespace simulator
