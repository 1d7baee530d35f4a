package dev.carillon.acceptance.sip;

import dev.carillon.acceptance.lab.Processes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** One SIPp process: a scenario out of the test resources, its trace, and its end. */
public final class Sipp {

    private static final Pattern PLACE = Pattern.compile("@([A-Z_]+)@");

    /** Where the program is, if this machine has it. */
    public static Optional<Path> program() {
        for (var folder : System.getenv("PATH").split(":", -1)) {
            var candidate = Path.of(folder, "sipp");
            if (Files.isExecutable(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    /**
     * Starts it.
     *
     * @param name of its files in the folder
     * @param box ADDRESS:PORT
     * @param scenario the name of the resource
     * @param values for the places in the scenario that look like @THIS@
     * @param arguments beside those that every SIPp is given here
     */
    static Processes.Running start(
            Path folder,
            String name,
            String box,
            String address,
            int port,
            String scenario,
            Map<String, String> values,
            List<String> arguments) {
        var file = folder.resolve(name + ".xml");
        try {
            Files.createDirectories(folder);
            Files.writeString(file, filled(scenario, values));
            Files.deleteIfExists(trace(folder, name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var command = new ArrayList<>(List.of(program().orElseThrow().toString(), box));
        command.addAll(List.of("-sf", file.toString(), "-i", address, "-mi", address, "-p", String.valueOf(port)));
        command.addAll(List.of(
                "-nostdin",
                "-aa",
                "-trace_msg",
                "-message_file",
                trace(folder, name).toString()));
        command.addAll(List.of(
                "-trace_err", "-error_file", folder.resolve(name + ".errors").toString()));
        // SIPp ends itself when the machine keeps it waiting for some hundred milliseconds; here that is no error.
        command.addAll(List.of("-watchdog_minor_threshold", "60000", "-watchdog_major_threshold", "60000"));
        command.addAll(arguments);
        return Processes.start("sipp " + name, folder, folder.resolve(name + ".out"), Map.of(), command);
    }

    static Path trace(Path folder, String name) {
        return folder.resolve(name + ".messages");
    }

    private static String filled(String scenario, Map<String, String> values) throws IOException {
        try (var resource = Sipp.class.getResourceAsStream("/sipp/" + scenario)) {
            var text = new String(resource.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            return PLACE.matcher(text).replaceAll(place -> values.getOrDefault(place.group(1), place.group())
                    .replace("$", "\\$"));
        }
    }

    private Sipp() {}
}
