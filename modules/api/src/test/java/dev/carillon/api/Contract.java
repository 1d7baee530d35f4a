package dev.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The OpenAPI document, and whether an answer keeps to it. */
final class Contract {

    /** One operation of the document. */
    record Documented(String method, String path, String operationId, JsonNode node) {

        Set<String> statuses() {
            var statuses = new java.util.TreeSet<String>();
            node.path("responses").fieldNames().forEachRemaining(statuses::add);
            statuses.remove("default");
            return statuses;
        }

        /** Whether an address is one of this path. */
        boolean covers(String address) {
            return address.matches(path.replaceAll("\\{[^}]+}", "[^/]+"));
        }
    }

    private static final String DOCUMENT = "openapi/carillon.yaml";
    private static final String LOCATION = "urn:carillon-contract";
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

    private final JsonNode root;
    private final SchemaRegistry registry;

    Contract() {
        try (var stream = Contract.class.getClassLoader().getResourceAsStream(DOCUMENT)) {
            root = new ObjectMapper(new YAMLFactory()).readTree(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        registry = SchemaRegistry.withDialect(
                Dialects.getOpenApi31(), builder -> builder.schemas(Map.of(LOCATION, root.toString()))
                        .schemaRegistryConfig(com.networknt.schema.SchemaRegistryConfig.builder()
                                .formatAssertionsEnabled(true)
                                .build()));
    }

    JsonNode root() {
        return root;
    }

    List<Documented> operations() {
        var operations = new ArrayList<Documented>();
        root.path("paths").properties().forEach(path -> path.getValue().properties().stream()
                .filter(entry -> METHODS.contains(entry.getKey()))
                .forEach(entry -> operations.add(new Documented(
                        entry.getKey().toUpperCase(java.util.Locale.ROOT),
                        path.getKey(),
                        entry.getValue().path("operationId").asText(),
                        entry.getValue()))));
        return operations;
    }

    /** Fails unless the answer has a documented status, content type and body. Of addresses the document does not know, only problems are checked. */
    void check(String method, String address, HttpResponse<String> response) {
        var path = address.replaceAll("\\?.*", "");
        var operation = operations().stream()
                .filter(documented -> documented.method().equals(method) && documented.covers(path))
                .findFirst();
        if (operation.isPresent()) {
            checkDocumented(operation.get(), response);
        } else if (response.statusCode() >= 400) {
            checkProblem(response);
        }
    }

    /** Fails unless the value is what the schema of this name in the document says. */
    void checkSchema(String name, JsonNode value) {
        valid("/components/schemas/" + name, value);
    }

    private void checkDocumented(Documented operation, HttpResponse<String> response) {
        var status = Integer.toString(response.statusCode());
        if (!operation.statuses().contains(status)) {
            assertThat(response.statusCode())
                    .as("%s answers %s, which the contract does not document", operation.operationId(), status)
                    .isGreaterThanOrEqualTo(400);
            checkProblem(response);
            return;
        }
        var pointer = "/paths/" + escaped(operation.path()) + "/"
                + operation.method().toLowerCase(java.util.Locale.ROOT) + "/responses/" + status;
        var answer = root.at(pointer);
        if (answer.has("$ref")) {
            pointer = answer.path("$ref").asText().substring(1);
            answer = root.at(pointer);
        }
        if (!answer.has("content")) {
            assertThat(response.body())
                    .as("body of %s", operation.operationId())
                    .isEmpty();
            return;
        }
        var type = response.headers().firstValue("Content-Type").orElse("").replaceAll(";.*", "");
        assertThat(type).isIn(names(answer.path("content")));
        if (type.endsWith("json")) {
            valid(pointer + "/content/" + escaped(type) + "/schema", json(response.body()));
        }
    }

    private void checkProblem(HttpResponse<String> response) {
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        var problem = json(response.body());
        valid("/components/schemas/Problem", problem);
        assertThat(problem.path("status").asInt()).isEqualTo(response.statusCode());
        assertThat(problem.path("type").asText())
                .isEqualTo("urn:carillon:problem:" + problem.path("code").asText());
    }

    private void valid(String pointer, JsonNode value) {
        assertThat(root.at(pointer).isMissingNode())
                .as("no schema at %s", pointer)
                .isFalse();
        var errors =
                registry.getSchema(SchemaLocation.of(LOCATION + "#" + pointer)).validate(value);
        assertThat(errors).as("%s against %s", value, pointer).isEmpty();
    }

    static JsonNode json(String text) {
        try {
            return Json.MAPPER.readTree(text);
        } catch (IOException e) {
            throw new AssertionError("No JSON: " + text, e);
        }
    }

    private static List<String> names(JsonNode node) {
        return Stream.of(node)
                .flatMap(n -> n.properties().stream())
                .map(Map.Entry::getKey)
                .toList();
    }

    private static String escaped(String part) {
        return part.replace("~", "~0").replace("/", "~1");
    }
}
