package dev.carillon.node;

import static dev.carillon.node.DeployFiles.FOLDER;
import static dev.carillon.node.DeployFiles.NODE;
import static dev.carillon.node.DeployFiles.PLANNED_END;
import static dev.carillon.node.DeployFiles.REPOSITORY;
import static dev.carillon.node.DeployFiles.at;
import static dev.carillon.node.DeployFiles.documents;
import static dev.carillon.node.DeployFiles.found;
import static dev.carillon.node.DeployFiles.in;
import static dev.carillon.node.DeployFiles.list;
import static dev.carillon.node.DeployFiles.map;
import static dev.carillon.node.DeployFiles.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import com.typesafe.config.ConfigFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What {@code deploy/} says of a node is true of the node: names, ports, paths, times. */
class DeployFilesTest {

    private static final String AGENT = "kanela-agent.jar";

    private static final List<Integer> PORTS =
            List.of(NODE.api().port(), NODE.management().port(), NODE.remoting().port());

    @TestFactory
    Stream<DynamicTest> every_variable_is_one_that_is_read() {
        var ofNode = DeployFiles.variablesOfANode();
        return Map.of(
                        "systemd", found("\\$(CARILLON_[A-Z0-9_]+)", text(FOLDER.resolve("systemd/carillon.service"))),
                        "container", List.<String>of(),
                        "compose", found("\\$\\{(CARILLON_[A-Z0-9_]+)", text(FOLDER.resolve("compose/compose.yaml"))),
                        "kubernetes", List.<String>of())
                .entrySet()
                .stream()
                .flatMap(folder -> in(FOLDER.resolve(folder.getKey())).stream()
                        .map(file -> DynamicTest.dynamicTest(file.toString(), () -> assertThat(
                                        Stream.concat(ofNode.stream(), folder.getValue().stream()))
                                .containsAll(found("(CARILLON_[A-Z0-9_]*[A-Z0-9])", text(file))))));
    }

    @Nested
    class Systemd {

        /** As {@link Main} says it: the database may not be there yet. */
        private static final int COULD_NOT_START = 1;

        private static final Path UNIT = FOLDER.resolve("systemd/carillon.service");
        private final String unit = text(UNIT).replace("\\\n", " ");

        @Test
        void starts_what_a_node_is() {
            assertThat(only("ExecStart"))
                    .startsWith("/usr/bin/java ")
                    .contains(" " + Main.class.getName() + " --config /etc/carillon/node.conf");
            assertThat(unit).contains("\nEnvironmentFile=/etc/carillon/environment\n");
        }

        @Test
        void starts_with_the_agent_that_the_build_puts_beside_the_libraries() {
            assertThat(only("ExecStart")).contains(" -javaagent:/opt/carillon/lib/" + AGENT + " ");
            assertThat(text(REPOSITORY.resolve("modules/node/pom.xml")))
                    .contains("<destFileName>" + AGENT + "</destFileName>");
            assertThat(text(REPOSITORY.resolve("scripts/lib/build.sh"))).contains("modules/node/target/lib/" + AGENT);
        }

        @Test
        void waits_for_a_planned_end_which_it_begins_as_the_node_wants_it() {
            assertThat(Duration.ofSeconds(Long.parseLong(only("TimeoutStopSec"))))
                    .isGreaterThan(PLANNED_END);
            assertThat(only("KillSignal")).isEqualTo("SIGTERM");
            assertThat(only("KillMode"))
                    .as("an embedded database is ended by its node")
                    .isEqualTo("mixed");
        }

        @Test
        void starts_a_node_anew_that_was_put_out_of_the_cluster_and_not_one_that_was_drained() {
            assertThat(only("Restart")).isEqualTo("on-failure");
            assertThat(EndOfProcess.PLANNED).isZero();
            assertThat(only("SuccessExitStatus").split(" ")).doesNotContain(String.valueOf(EndOfProcess.UNPLANNED));
            assertThat(only("RestartPreventExitStatus").split(" "))
                    .doesNotContain(String.valueOf(EndOfProcess.UNPLANNED), String.valueOf(COULD_NOT_START));
        }

        @Test
        void the_example_of_an_environment_is_one_with_which_a_node_knows_whom_to_join() {
            var variables = new HashMap<String, String>();
            text(FOLDER.resolve("systemd/carillon.environment"))
                    .lines()
                    .filter(line -> line.startsWith("CARILLON_"))
                    .forEach(line ->
                            variables.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));

            var joining = (Joining.SeedNodes) Joining.of(ConfigFactory.parseMap(Map.of(
                    "seed-nodes",
                    List.of(variables.get("CARILLON_SEED_NODE_1"), variables.get("CARILLON_SEED_NODE_2")),
                    "discovery.method",
                    "",
                    "remoting.host",
                    variables.get("CARILLON_REMOTING_HOST"))));

            assertThat(joining.nodes()).hasSize(2).allMatch(node -> node.getPort()
                    .orElseThrow()
                    .equals(NODE.remoting().port()));
            assertThat(joining.nodes().get(0).getHost()).contains(variables.get("CARILLON_REMOTING_HOST"));
        }

        /** Where systemd is installed; it is another program on every machine. */
        @Tag("servers")
        @Test
        void systemd_has_nothing_to_object() throws Exception {
            assumeTrue(Files.isExecutable(Path.of("/usr/bin/systemd-analyze")), "no systemd here");
            assumeTrue(Files.isExecutable(Path.of("/usr/bin/java")), "no Java where the unit has it");

            assertThat(run("systemd-analyze", "verify", UNIT.toRealPath().toString())
                            .output())
                    .as("what is said of other units is theirs")
                    .doesNotContain("carillon.service");
        }

        private String only(String key) {
            var values = found("^" + key + "=(.*)$", unit);
            assertThat(values).as(key).hasSize(1);
            return values.get(0).strip();
        }
    }

    @Nested
    class Container {

        private final String containerfile =
                text(FOLDER.resolve("container/Containerfile")).replace("\\\n", " ");

        @Test
        void runs_java_itself_so_that_it_hears_when_it_is_to_end() {
            var entrypoint = jsonArray("ENTRYPOINT");

            assertThat(entrypoint.get(0)).isEqualTo("java");
            assertThat(entrypoint.get(entrypoint.size() - 1)).isEqualTo(Main.class.getName());
            assertThat(jsonArray("CMD")).containsExactly("--config", "/etc/carillon/node.conf");
            assertThat(REPOSITORY.resolve(copiedTo("/etc/carillon")).resolve("node.conf"))
                    .exists();
        }

        @Test
        void starts_with_the_agent_that_the_build_puts_beside_the_libraries() {
            assertThat(jsonArray("ENTRYPOINT")).contains("-javaagent:/opt/carillon/lib/" + AGENT);
            assertThat(copiedTo("/opt/carillon/lib")).isEqualTo("modules/node/target/lib");
        }

        @Test
        void says_which_ports_a_node_has() {
            assertThat(found("^EXPOSE (.*)$", containerfile))
                    .containsExactly(
                            String.join(" ", PORTS.stream().map(String::valueOf).toList()));
        }

        @Test
        void copies_what_is_there_and_what_its_build_is_given() {
            var ofRepository = found("^COPY --from=build .*/build/(\\S+) ", containerfile).stream()
                    .filter(source -> !source.contains("/target/"))
                    .toList();

            assertThat(ofRepository).hasSize(3).allSatisfy(source -> {
                assertThat(REPOSITORY.resolve(source)).exists();
                assertThat(text(REPOSITORY.resolve(".dockerignore")).lines()).contains("!" + source);
            });
        }

        @Test
        void what_asks_for_its_health_tells_well_from_ill() throws Exception {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/alive", exchange -> {
                exchange.sendResponseHeaders(200, -1);
                exchange.close();
            });
            server.createContext("/ready", exchange -> {
                var body = "the database does not answer".getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(503, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            server.start();
            try {
                var port = server.getAddress().getPort();

                assertThat(ask("/alive", port).code()).isZero();
                assertThat(ask("/ready", port).code()).isEqualTo(1);
                assertThat(ask("/ready", port).output()).contains("the database does not answer");
            } finally {
                server.stop(0);
            }
            assertThat(jsonArray("HEALTHCHECK .* CMD")).containsExactly("/opt/carillon/ask", "/alive");
        }

        private Run ask(String path, int port) throws Exception {
            return run(
                    Map.of("CARILLON_MANAGEMENT_PORT", String.valueOf(port)),
                    FOLDER.resolve("container/ask").toRealPath().toString(),
                    path);
        }

        private List<String> jsonArray(String instruction) {
            var arrays = found("^" + instruction + " \\[(.*)]$", containerfile);
            assertThat(arrays).as(instruction).hasSize(1);
            return found("\"([^\"]*)\"", arrays.get(0));
        }

        private String copiedTo(String target) {
            var sources = found("^COPY .*/build/(\\S+) " + target + "$", containerfile);
            assertThat(sources).as(target).hasSize(1);
            return sources.get(0);
        }
    }

    @Nested
    class Compose {

        private final String text = text(FOLDER.resolve("compose/compose.yaml"));
        private final Object compose =
                documents(FOLDER.resolve("compose/compose.yaml")).get(0);

        @Test
        void every_node_is_reached_by_the_name_of_its_service_and_joins_two_of_them() {
            var nodes = nodes();

            assertThat(nodes).hasSize(3).allSatisfy((name, node) -> {
                assertThat(at(node, "environment", "CARILLON_REMOTING_HOST")).isEqualTo(name);
                assertThat(List.of(
                                at(node, "environment", "CARILLON_SEED_NODE_1"),
                                at(node, "environment", "CARILLON_SEED_NODE_2")))
                        .isEqualTo(nodes.keySet().stream()
                                .sorted()
                                .limit(2)
                                .map(seed -> "akka://carillon@" + seed + ":"
                                        + NODE.remoting().port())
                                .toList());
            });
        }

        @Test
        void a_node_is_asked_whether_it_is_ready_and_has_the_time_to_end() {
            assertThat(nodes()).allSatisfy((name, node) -> {
                assertThat(list(node, "healthcheck", "test")).containsExactly("CMD", "/opt/carillon/ask", "/ready");
                assertThat(seconds(at(node, "stop_grace_period"))).isGreaterThan(PLANNED_END);
                assertThat(at(node, "restart")).isEqualTo("on-failure");
            });
        }

        @Test
        void the_api_alone_is_open_and_only_to_this_machine() {
            assertThat(nodes()).allSatisfy((name, node) -> assertThat(list(node, "ports"))
                    .singleElement()
                    .asString()
                    .matches("127\\.0\\.0\\.1:\\d+:" + NODE.api().port()));
        }

        @Test
        void what_has_to_be_filled_in_is_in_the_example_and_a_secret_that_is_not_is_missed() {
            var wanted = new TreeSet<>(found("\\$\\{([A-Z0-9_]+)", text));

            assertThat(found("^([A-Z0-9_]+)=", text(FOLDER.resolve("compose/.env.example"))))
                    .containsExactlyInAnyOrderElementsOf(wanted);
            assertThat(found("(\\$\\{CARILLON_(?:API_KEY|MANAGEMENT_TOKEN|DATABASE_PASSWORD)[^}]*})", text))
                    .hasSizeGreaterThanOrEqualTo(3)
                    .allMatch(secret -> secret.contains(":?"));
        }

        @Test
        void the_first_configuration_of_the_example_is_in_the_container() {
            var seed = found("^CARILLON_SEED=/etc/carillon/(.*)$", text(FOLDER.resolve("compose/.env.example")));

            assertThat(REPOSITORY.resolve("cluster-config").resolve(seed.get(0)))
                    .exists();
        }

        private Map<String, Object> nodes() {
            var nodes = new HashMap<>(map(compose, "services"));
            nodes.keySet().removeIf(name -> !name.startsWith("node-"));
            return nodes;
        }

        private static Duration seconds(Object said) {
            assertThat(said).asString().endsWith("s");
            return Duration.parse("PT" + said);
        }
    }

    private record Run(int code, String output) {}

    private static Run run(String... command) throws Exception {
        return run(Map.of(), command);
    }

    private static Run run(Map<String, String> environment, String... command) throws Exception {
        var output = Files.createTempFile("carillon-", ".out");
        try {
            var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            var process = builder.start();
            var ended = process.waitFor(60, TimeUnit.SECONDS);
            process.destroyForcibly();
            assertThat(ended).as("it ends: %s", List.of(command)).isTrue();
            return new Run(process.exitValue(), Files.readString(output));
        } finally {
            Files.delete(output);
        }
    }
}
