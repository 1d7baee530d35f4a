package dev.carillon.node;

import static dev.carillon.node.DeployFiles.FOLDER;
import static dev.carillon.node.DeployFiles.NODE;
import static dev.carillon.node.DeployFiles.PLANNED_END;
import static dev.carillon.node.DeployFiles.REPOSITORY;
import static dev.carillon.node.DeployFiles.at;
import static dev.carillon.node.DeployFiles.config;
import static dev.carillon.node.DeployFiles.documents;
import static dev.carillon.node.DeployFiles.found;
import static dev.carillon.node.DeployFiles.in;
import static dev.carillon.node.DeployFiles.list;
import static dev.carillon.node.DeployFiles.map;
import static dev.carillon.node.DeployFiles.settings;
import static dev.carillon.node.DeployFiles.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code deploy/kubernetes} says of nodes is true of them, and its files fit each other. */
class KubernetesFilesTest {

    private static final Path FILES = FOLDER.resolve("kubernetes");
    private final Object kustomization =
            documents(FILES.resolve("kustomization.yaml")).get(0);
    private final Object pod = at(only("Deployment"), "spec", "template");
    private final Object container = at(pod, "spec", "containers", 0);

    @Test
    void everything_is_applied_but_the_example_of_a_secret() {
        var files = new ArrayList<>(list(kustomization, "resources"));
        files.add("kustomization.yaml");
        files.add("secret.example.yaml");
        files.addAll(list(kustomization, "configMapGenerator", 0, "files"));

        assertThat(in(FILES).stream().map(file -> file.getFileName().toString()))
                .containsExactlyInAnyOrderElementsOf(
                        files.stream().map(Object::toString).toList());
    }

    @Test
    void everything_lies_in_the_namespace_that_is_chosen_when_it_is_applied() {
        assertThat(all())
                .allSatisfy(document -> assertThat(map(document, "metadata")).doesNotContainKey("namespace"));
    }

    @Test
    void its_ports_are_the_nodes() {
        assertThat(ports())
                .isEqualTo(Map.of(
                        "api", NODE.api().port(),
                        "management", NODE.management().port(),
                        "remoting", NODE.remoting().port()));
        assertThat(at(only("Service"), "spec", "ports", 0, "targetPort")).isEqualTo("api");
        assertThat(at(only("Service"), "spec", "ports", 0, "port"))
                .isEqualTo(NODE.api().port());
    }

    @Test
    void it_is_asked_for_its_health_where_that_is() {
        assertThat(map(container, "startupProbe", "httpGet")).isEqualTo(Map.of("path", "/alive", "port", "management"));
        assertThat(map(container, "livenessProbe", "httpGet"))
                .isEqualTo(Map.of("path", "/alive", "port", "management"));
        assertThat(map(container, "readinessProbe", "httpGet"))
                .isEqualTo(Map.of("path", "/ready", "port", "management"));
    }

    @Test
    void it_has_the_time_to_end() {
        assertThat(Duration.ofSeconds((int) at(pod, "spec", "terminationGracePeriodSeconds")))
                .isGreaterThan(PLANNED_END);
    }

    @Test
    void whoever_means_the_nodes_means_these_pods() {
        var labels = map(pod, "metadata", "labels");
        var others = List.of(
                map(only("Deployment"), "spec", "selector", "matchLabels"),
                map(only("Service"), "spec", "selector"),
                map(only("PodDisruptionBudget"), "spec", "selector", "matchLabels"),
                map(only("NetworkPolicy"), "spec", "podSelector", "matchLabels"),
                map(only("NetworkPolicy"), "spec", "ingress", 0, "from", 0, "podSelector", "matchLabels"),
                map(apart("required"), "labelSelector", "matchLabels"),
                map(apart("preferred"), "podAffinityTerm", "labelSelector", "matchLabels"));

        assertThat(others).allSatisfy(selected -> assertThat(labels).isEqualTo(selected));
    }

    @Test
    void they_keep_apart_and_one_at_a_time_may_be_missing() {
        assertThat(at(apart("required"), "topologyKey")).isEqualTo("kubernetes.io/hostname");
        assertThat(at(apart("preferred"), "podAffinityTerm", "topologyKey")).isEqualTo("topology.kubernetes.io/zone");
        assertThat(at(only("PodDisruptionBudget"), "spec", "maxUnavailable")).isEqualTo(1);
        assertThat(map(only("Deployment"), "spec", "strategy", "rollingUpdate"))
                .as("one more than machines would never find a place")
                .isEqualTo(Map.of("maxSurge", 0, "maxUnavailable", 1));
    }

    @Test
    void nodes_find_each_other_by_the_label_of_their_pods(@TempDir Path folder) throws IOException {
        var file = folder.resolve("carillon.conf");
        var nodeConf =
                REPOSITORY.resolve("cluster-config/node.conf").toRealPath().toString();
        Files.writeString(file, text(FILES.resolve("carillon.conf")).replace("/etc/carillon/node.conf", nodeConf));

        var settings = settings(file, Map.of("carillon.node.remoting.host", "127.0.0.1"));
        var joining = (Joining.Discovery) settings.joining();
        var replicas = (int) at(only("Deployment"), "spec", "replicas");

        assertThat(joining.method()).isEqualTo(Joining.Method.KUBERNETES);
        assertThat(map(pod, "metadata", "labels")).containsEntry(podLabel(file), joining.name());
        assertThat(joining.contacts()).isGreaterThan(replicas / 2).isLessThanOrEqualTo(replicas);
        assertThat(settings.management().host()).isEqualTo("0.0.0.0");
    }

    @Test
    void they_may_ask_for_pods() {
        assertThat(at(pod, "spec", "serviceAccountName")).isEqualTo(nameOf("ServiceAccount"));
        assertThat(at(only("RoleBinding"), "subjects", 0, "name")).isEqualTo(nameOf("ServiceAccount"));
        assertThat(at(only("RoleBinding"), "roleRef", "name")).isEqualTo(nameOf("Role"));
        assertThat(list(only("Role"), "rules")).singleElement().satisfies(rule -> {
            assertThat(list(rule, "resources")).containsExactly("pods");
            assertThat(list(rule, "verbs")).contains("list");
        });
    }

    @Test
    void the_secrets_they_want_are_in_the_example() {
        var secret = only("Secret");

        assertThat(list(container, "env"))
                .filteredOn(variable -> map(variable, "valueFrom").containsKey("secretKeyRef"))
                .hasSize(5)
                .allSatisfy(variable -> {
                    var reference = map(variable, "valueFrom", "secretKeyRef");
                    assertThat(reference).containsEntry("name", nameOf("Secret"));
                    assertThat(map(secret, "stringData"))
                            .containsKey(reference.get("key").toString());
                });
    }

    @Test
    void the_configuration_is_where_the_node_is_told_to_read_it() {
        assertThat(list(container, "args"))
                .containsExactly(
                        "--config",
                        at(container, "volumeMounts", 0, "mountPath") + "/"
                                + at(kustomization, "configMapGenerator", 0, "files", 0));
        assertThat(at(pod, "spec", "volumes", 0, "configMap", "name"))
                .isEqualTo(at(kustomization, "configMapGenerator", 0, "name"));
    }

    @Test
    void it_is_nobody_just_as_in_the_container() {
        var user = map(pod, "spec", "securityContext");

        assertThat(found("^USER (.*)$", text(FOLDER.resolve("container/Containerfile"))))
                .containsExactly(user.get("runAsUser") + ":" + user.get("runAsGroup"));
        assertThat(user).containsEntry("runAsNonRoot", true);
    }

    @Test
    void other_nodes_alone_reach_the_port_that_nothing_else_protects() {
        assertThat(list(only("NetworkPolicy"), "spec", "ingress"))
                .filteredOn(rule -> list(rule, "ports").contains(Map.of("port", "remoting")))
                .singleElement()
                .satisfies(
                        rule -> assertThat(list(rule, "from")).singleElement().satisfies(from -> assertThat(map(from))
                                .containsOnlyKeys("podSelector")));
        assertThat(list(only("NetworkPolicy"), "spec", "ingress"))
                .flatMap(rule -> list(rule, "ports"))
                .allSatisfy(
                        port -> assertThat(ports()).containsKey(at(port, "port").toString()));
    }

    private Map<String, Object> ports() {
        var ports = new HashMap<String, Object>();
        list(container, "ports").forEach(port -> ports.put(at(port, "name").toString(), at(port, "containerPort")));
        return ports;
    }

    private Object apart(String how) {
        return at(pod, "spec", "affinity", "podAntiAffinity", how + "DuringSchedulingIgnoredDuringExecution", 0);
    }

    private static String podLabel(Path file) {
        return config(file, Map.of()).getString("carillon.node.discovery.pod-label");
    }

    private static String nameOf(String kind) {
        return at(only(kind), "metadata", "name").toString();
    }

    private static Object only(String kind) {
        var found = all().stream()
                .filter(document -> at(document, "kind").equals(kind))
                .toList();
        assertThat(found).as(kind).hasSize(1);
        return found.get(0);
    }

    private static List<Object> all() {
        return in(FILES).stream()
                .filter(file -> file.toString().endsWith(".yaml") && !file.endsWith("kustomization.yaml"))
                .flatMap(file -> documents(file).stream())
                .toList();
    }
}
