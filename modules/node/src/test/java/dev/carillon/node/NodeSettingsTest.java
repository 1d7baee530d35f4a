package dev.carillon.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.Address;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeSettingsTest {

    private static final String KEY = "a-key-for-tests-that-is-long-enough";
    private static final Path FILES = Path.of("../../cluster-config");

    @Test
    void without_a_key_a_node_does_not_start_and_says_what_to_do() {
        assertThatThrownBy(() -> settings(Map.of("carillon.api.key", "")))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining("CARILLON_API_KEY")
                .hasMessageContaining("openssl rand");
    }

    @Test
    void the_demonstration_goes_without_a_key() {
        assertThat(settings(Map.of("carillon.api.key", "", "carillon.node.demo", true))
                        .api()
                        .key())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.2", "localhost", "::1"})
    void the_demonstration_goes_without_a_key_where_only_this_machine_reaches_it(String host) {
        assertThat(settings(Map.of("carillon.api.key", "", "carillon.node.demo", true, "carillon.api.host", host))
                        .api()
                        .host())
                .isEqualTo(host);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1", "", " "})
    void the_demonstration_is_not_opened_to_a_network_without_a_key(String host) {
        Map<String, Object> open =
                Map.of("carillon.api.key", "", "carillon.node.demo", true, "carillon.api.host", host);

        assertThatThrownBy(() -> settings(open))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining("listen at " + host + " without a key")
                .hasMessageContaining("CARILLON_API_KEY")
                .hasMessageContaining("127.0.0.1");
    }

    @Test
    void nor_is_it_by_the_settings_of_a_cluster() {
        var options = ConfigFactory.parseMap(Map.of("carillon.api.key", "", "carillon.node.demo", true));

        assertThatThrownBy(() -> NodeSettings.of(Main.layered(options, Optional.of(FILES.resolve("node.conf")))))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining("listen at 0.0.0.0 without a key");
    }

    @Test
    void listens_on_this_machine_alone_unless_told_otherwise() {
        var settings = settings(Map.of("carillon.api.key", KEY));

        assertThat(settings.api().host()).isEqualTo("127.0.0.1");
        assertThat(settings.management().host()).isEqualTo("127.0.0.1");
        assertThat(settings.remoting().host()).isEqualTo("127.0.0.1");
    }

    @Test
    void the_centre_is_where_the_machine_is_unless_told_otherwise() {
        assertThat(settings(Map.of("carillon.api.key", KEY)).zone()).isEqualTo(ZoneId.systemDefault());
        assertThat(settings(Map.of("carillon.api.key", KEY, "carillon.node.time-zone", "Asia/Shanghai"))
                        .zone())
                .isEqualTo(ZoneId.of("Asia/Shanghai"));
        assertThatThrownBy(() -> settings(Map.of("carillon.api.key", KEY, "carillon.node.time-zone", "Atlantis")))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining("There is no time zone Atlantis");
    }

    @Nested
    class Joins {

        @Test
        void a_cluster_of_its_own_unless_told_otherwise() {
            assertThat(joining(Map.of())).isEqualTo(new Joining.Alone());
        }

        @Test
        void the_seed_nodes_that_are_listed() {
            assertThat(joining(Map.of("seed-nodes", List.of("akka://carillon@10.0.0.1:2551", ""))))
                    .as("a variable that is empty names no node")
                    .isEqualTo(new Joining.SeedNodes(List.of(new Address("akka", "carillon", "10.0.0.1", 2551))));
        }

        @Test
        void whom_it_discovers() {
            assertThat(joining(Map.of("discovery.method", "dns", "discovery.name", "nodes.example")))
                    .isEqualTo(new Joining.Discovery(Joining.Method.DNS, "nodes.example", 2));
            assertThat(joining(Map.of("discovery.method", "kubernetes", "discovery.contacts", 3)))
                    .isEqualTo(new Joining.Discovery(Joining.Method.KUBERNETES, "carillon", 3));
        }

        @Test
        void not_by_a_discovery_that_does_not_exist() {
            assertThatThrownBy(() -> joining(Map.of("discovery.method", "zeroconf")))
                    .isInstanceOf(StartupFailure.class)
                    .hasMessageContaining("no discovery \"zeroconf\"")
                    .hasMessageContaining("CARILLON_DISCOVERY")
                    .hasMessageContaining("dns, kubernetes");
        }

        @Test
        void not_by_both() {
            assertThatThrownBy(() -> joining(
                            Map.of("discovery.method", "dns", "seed-nodes", List.of("akka://carillon@10.0.0.1:2551"))))
                    .isInstanceOf(StartupFailure.class)
                    .hasMessageContaining("CARILLON_SEED_NODE_1")
                    .hasMessageContaining("CARILLON_DISCOVERY");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "10.0.0.1:2551",
                    "akka://carillon@10.0.0.1",
                    "akka://other@10.0.0.1:2551",
                    "akka.tcp://carillon@a:1"
                })
        void not_a_seed_node_without_a_whole_address(String address) {
            assertThatThrownBy(() -> joining(Map.of("seed-nodes", List.of(address))))
                    .isInstanceOf(StartupFailure.class)
                    .hasMessageContaining(address)
                    .hasMessageContaining("akka://carillon@host:2551");
        }

        @ParameterizedTest
        @ValueSource(strings = {"0.0.0.0", "::", ""})
        void nobody_where_they_could_not_reach_it(String host) {
            assertThatThrownBy(() -> joining(Map.of("discovery.method", "dns", "remoting.host", host)))
                    .isInstanceOf(StartupFailure.class)
                    .hasMessageContaining("CARILLON_REMOTING_HOST");
        }

        @Test
        void not_nobody_and_not_without_a_name() {
            assertThatThrownBy(() -> joining(Map.of("discovery.method", "dns", "discovery.contacts", 0)))
                    .isInstanceOf(StartupFailure.class)
                    .hasMessageContaining("CARILLON_DISCOVERY_CONTACTS");
            assertThatThrownBy(() -> joining(Map.of("discovery.method", "dns", "discovery.name", " ")))
                    .isInstanceOf(StartupFailure.class)
                    .hasMessageContaining("CARILLON_DISCOVERY_NAME");
        }

        private static Joining joining(Map<String, Object> ofNode) {
            return settings(Map.of(
                            "carillon.api.key",
                            KEY,
                            "carillon.node",
                            ConfigFactory.parseMap(ofNode).root().unwrapped()))
                    .joining();
        }
    }

    @Test
    void never_empties_a_database_it_was_given() {
        assertThatThrownBy(() -> settings(Map.of(
                        "carillon.api.key",
                        KEY,
                        "carillon.node.fresh",
                        true,
                        "carillon.node.database.url",
                        "jdbc:postgresql://db/carillon")))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining("--fresh");
    }

    @ParameterizedTest
    @ValueSource(strings = {"local.conf", "node.conf"})
    void the_files_that_come_along_say_nothing_that_nobody_reads(String file) {
        var known = Main.layered(ConfigFactory.empty(), Optional.empty());

        ConfigFactory.parseFile(FILES.resolve(file).toFile())
                .resolve()
                .entrySet()
                .forEach(said -> assertThat(known.hasPathOrNull(said.getKey()))
                        .as("%s in %s is a key that some module reads", said.getKey(), file)
                        .isTrue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"local.conf", "node.conf"})
    void a_node_can_be_started_with_the_files_that_come_along(String file) {
        var options = ConfigFactory.parseMap(Map.of("carillon.api.key", KEY, "carillon.node.management.token", KEY));

        assertThat(NodeSettings.of(Main.layered(options, Optional.of(FILES.resolve(file))))
                        .roles())
                .contains("core", "api");
    }

    @Test
    void a_node_of_a_cluster_wants_a_token_for_its_operators_and_says_so() {
        var options = ConfigFactory.parseMap(Map.of("carillon.api.key", KEY, "carillon.node.management.token", ""));

        assertThatThrownBy(() -> NodeSettings.of(Main.layered(options, Optional.of(FILES.resolve("node.conf")))))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining("listen at 0.0.0.0 without a token")
                .hasMessageContaining("CARILLON_MANAGEMENT_TOKEN")
                .hasMessageContaining("openssl rand");
    }

    @Test
    void the_token_is_not_shown_with_the_settings() {
        var settings =
                settings(Map.of("carillon.api.key", KEY, "carillon.node.management.token", "for-operators-only"));

        assertThat(settings.toString()).doesNotContain("for-operators-only").doesNotContain(KEY);
    }

    @Test
    void the_site_is_a_role_of_the_member() {
        var settings = settings(Map.of("carillon.api.key", KEY, "carillon.node.site", "shanghai-2"));

        assertThat(settings.roles()).doesNotContain("site-shanghai-2");
        assertThat(settings.memberRoles()).contains("core", "telephony").contains("site-shanghai-2");
    }

    @Test
    void without_a_site_there_is_no_such_role() {
        var settings = settings(Map.of("carillon.api.key", KEY));

        assertThat(settings.site()).isEmpty();
        assertThat(settings.memberRoles()).isEqualTo(settings.roles());
    }

    @ParameterizedTest
    @ValueSource(strings = {"shanghai 2", "上海", "a_b", "a.b", "west/1"})
    void a_site_that_could_not_be_a_role_is_said_plainly(String site) {
        assertThatThrownBy(() -> settings(Map.of("carillon.api.key", KEY, "carillon.node.site", site)))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining("The site \"" + site + "\"")
                .hasMessageContaining("CARILLON_SITE");
    }

    @Test
    void a_planned_end_is_announced_for_as_long_as_is_said() {
        assertThat(settings(Map.of("carillon.api.key", KEY)).drainNotice()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings(Map.of("carillon.api.key", KEY, "carillon.node.drain.notice", "0 s"))
                        .drainNotice())
                .isZero();
    }

    @Test
    void akka_neither_hooks_on_the_end_of_the_process_nor_ends_it() {
        var akka = Main.layered(ConfigFactory.empty(), Optional.empty()).getConfig("akka");

        assertThat(akka.getBoolean("jvm-shutdown-hooks"))
                .as("the hook of its remoting would cut a member off that is leaving")
                .isFalse();
        assertThat(akka.getBoolean("coordinated-shutdown.run-by-jvm-shutdown-hook"))
                .isFalse();
        assertThat(akka.getBoolean("coordinated-shutdown.exit-jvm")).isFalse();
        assertThat(akka.getBoolean("jvm-exit-on-fatal-error")).isFalse();
    }

    @Test
    void a_file_that_is_not_there_is_said_plainly(@TempDir Path folder) {
        assertThatThrownBy(() -> Main.layered(ConfigFactory.empty(), Optional.of(folder.resolve("none.conf"))))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining("none.conf cannot be read");
    }

    private static NodeSettings settings(Map<String, Object> said) {
        return NodeSettings.of(Main.layered(ConfigFactory.parseMap(said), Optional.empty()));
    }
}
