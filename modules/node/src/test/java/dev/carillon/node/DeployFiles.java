package dev.carillon.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The files of {@code deploy/}, as the programs read them for which they are. */
final class DeployFiles {

    static final Path REPOSITORY = Path.of("../..");
    static final Path FOLDER = REPOSITORY.resolve("deploy");

    /** As it is with the settings of a cluster. */
    static final NodeSettings NODE = settings(REPOSITORY.resolve("cluster-config/node.conf"), Map.of());

    /** What a node that is to end may take. Whoever ends it has to wait for longer, or its calls are not handed over. */
    static final Duration PLANNED_END = NODE.drainNotice().plus(Node.END_LIMIT);

    private DeployFiles() {}

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Path> in(Path folder) {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All documents of a YAML file, with what they refer to within it put in its place. */
    static List<Object> documents(Path file) {
        var yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
        return StreamSupport.stream(yaml.loadAll(text(file)).spliterator(), false)
                .toList();
    }

    /** What stands where these keys and places in lists lead. */
    static Object at(Object document, Object... path) {
        var found = document;
        for (var step : path) {
            found = step instanceof Integer place ? ((List<?>) found).get(place) : ((Map<?, ?>) found).get(step);
            if (found == null) {
                throw new AssertionError("there is no " + step + " in " + List.of(path));
            }
        }
        return found;
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> map(Object document, Object... path) {
        return (Map<String, Object>) at(document, path);
    }

    @SuppressWarnings("unchecked")
    static List<Object> list(Object document, Object... path) {
        return (List<Object>) at(document, path);
    }

    /** What the first group matches, every time. */
    static List<String> found(String pattern, String text) {
        return Pattern.compile(pattern, Pattern.MULTILINE)
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    /** The environment variables that some module, or a file in {@code cluster-config/}, reads. */
    static List<String> variablesOfANode() {
        var read = Stream.concat(resourcesOfModules(), in(REPOSITORY.resolve("cluster-config")).stream())
                .filter(file -> file.toString().matches(".*\\.(conf|xml)"))
                .map(DeployFiles::text)
                .collect(Collectors.joining("\n"));
        return Stream.concat(
                        found("\\$\\{\\?(CARILLON_[A-Z0-9_]+)}", read).stream(),
                        found("\\$\\{(CARILLON_[A-Z0-9_]+):-", read).stream())
                .distinct()
                .toList();
    }

    private static Stream<Path> resourcesOfModules() {
        try (var modules = Files.list(REPOSITORY.resolve("modules"))) {
            return modules
                    .map(module -> module.resolve("src/main/resources"))
                    .filter(Files::isDirectory)
                    .toList()
                    .stream()
                    .flatMap(folder -> in(folder).stream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the node makes of a file, and of what is said beside it. */
    static NodeSettings settings(Path file, Map<String, Object> said) {
        var more = new HashMap<>(said);
        more.put("carillon.api.key", "a-key-for-tests-that-is-long-enough");
        more.put("carillon.node.management.token", "a-token-for-tests-that-is-long-enough");
        return NodeSettings.of(config(file, more));
    }

    static Config config(Path file, Map<String, Object> said) {
        return Main.layered(ConfigFactory.parseMap(said), Optional.of(file));
    }
}
