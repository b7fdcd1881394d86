// What a container's health check learns from the exit status.
#include "tests/end_to_end/stage.h"
#include "tests/support/files.h"

namespace pce {
namespace {

Finished healthcheck(int port) {
  return run_program({binary_dir() / "partner_center_exporter", "healthcheck",
                      "--exporter.url=http://127.0.0.1:" + std::to_string(port)});
}

TEST(HealthCheck, IsSilentAboutAHealthyExporter) {
  Stage stage;
  stage.start_simulator();
  stage.start_exporter({});
  const Finished said = healthcheck(stage.exporter_port());
  EXPECT_EQ(said.status, 0);
  EXPECT_EQ(said.output, "");
}

TEST(HealthCheck, FailsWhereNobodyAnswers) {
  const Finished said = healthcheck(free_port());
  EXPECT_EQ(said.status, 1);
  EXPECT_THAT(said.output, testing::HasSubstr("cannot be asked"));
}

TEST(HealthCheck, FailsWhereAnotherAnswers) {
  Stage stage;
  stage.start_simulator();
  const Finished said = healthcheck(stage.simulator_port());
  EXPECT_EQ(said.status, 1);
  EXPECT_THAT(said.output, testing::HasSubstr("HTTP 404"));
}

}  // namespace
}  // namespace pce
