package dev.carillon.telephony.asterisk;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.carillon.protocol.box.BoxSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A real Asterisk of the tests' own, started by {@code scripts/asterisk} on ports that are free. Without an Asterisk or SIPp on
 * this machine the test is skipped and says so; where {@code CARILLON_REQUIRE_ASTERISK=1} it fails instead.
 */
final class RealAsterisk implements AutoCloseable {

    private static final Path SCRIPT = repository().resolve("scripts/asterisk");

    private final String name = "adapter-test-" + ProcessHandle.current().pid();
    private Map<String, String> environment = Map.of();

    /** @param settings of the dialplan, like {@code GRACE=4} */
    static RealAsterisk start(String... settings) {
        need(succeeds("sipp", "-v"), "SIPp is not installed (Debian: sip-tester)");
        need(
                required() || succeeds(SCRIPT.toString(), "find"),
                "there is no Asterisk on this machine; scripts/asterisk provide makes one");
        var asterisk = new RealAsterisk();
        var command = new ArrayList<>(List.of(
                "up", "--sip", "127.0.0.1:" + freePort(), "--ari", "127.0.0.1:" + freePort(), "--seats", "1001-1010"));
        for (var setting : settings) {
            command.add("--set");
            command.add(setting);
        }
        asterisk.script(command);
        asterisk.readEnvironment();
        return asterisk;
    }

    BoxSettings settings() {
        return settings(environment.get("CARILLON_ASTERISK_PASSWORD"));
    }

    BoxSettings settings(String password) {
        return new BoxSettings(
                "box1",
                "asterisk",
                environment.get("CARILLON_ASTERISK_URL"),
                environment.get("CARILLON_ASTERISK_USER"),
                password);
    }

    String sip() {
        return environment.get("CARILLON_ASTERISK_SIP");
    }

    String trunk() {
        return environment.get("CARILLON_ASTERISK_TRUNK");
    }

    String seatPassword() {
        return environment.get("CARILLON_SEAT_PASSWORD");
    }

    long pid() {
        return Long.parseLong(environment.get("CARILLON_ASTERISK_PID"));
    }

    /** @return what the box's own command line says */
    String cli(String command) {
        return script(List.of("cli", "--", command));
    }

    void awaitNoChannels() {
        Link.until("no channel is left over", () -> channels().isEmpty(), this::channels);
    }

    /** All channels of the box, one a line. */
    String channels() {
        return cli("core show channels concise").strip();
    }

    void hangUpEverything() {
        cli("channel request hangup all");
        awaitNoChannels();
    }

    void kill() {
        script(List.of("kill"));
    }

    void up() {
        script(List.of("up"));
        readEnvironment();
    }

    void set(String setting) {
        script(List.of("reload", "--set", setting));
    }

    @Override
    public void close() {
        script(List.of("forget"));
    }

    private void readEnvironment() {
        var read = new HashMap<String, String>();
        for (var line : script(List.of("env")).lines().toList()) {
            int equals = line.indexOf('=');
            read.put(line.substring(0, equals), line.substring(equals + 1));
        }
        environment = Map.copyOf(read);
    }

    private String script(List<String> words) {
        var command = new ArrayList<String>();
        command.add(SCRIPT.toString());
        command.add(words.get(0));
        command.add("--name");
        command.add(name);
        command.addAll(words.subList(1, words.size()));
        return run(command);
    }

    static boolean required() {
        return "1".equals(System.getenv("CARILLON_REQUIRE_ASTERISK"));
    }

    private static void need(boolean there, String reason) {
        if (!there && required()) {
            fail("CARILLON_REQUIRE_ASTERISK=1, but " + reason);
        }
        assumeTrue(there, reason);
    }

    private static boolean succeeds(String... command) {
        try {
            // SIPp says its version with an exit code that is not 0.
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(10, TimeUnit.SECONDS) && (command[0].equals("sipp") || process.exitValue() == 0);
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String run(List<String> command) {
        try {
            var output = Files.createTempFile("asterisk", ".out");
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(5, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                return fail("no end in sight: " + command);
            }
            var text = Files.readString(output, StandardCharsets.UTF_8);
            Files.delete(output);
            if (process.exitValue() != 0) {
                return fail(command + " ended with " + process.exitValue() + ":\n" + text);
            }
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Free for TCP and UDP at this moment. */
    static int freePort() {
        for (int attempt = 0; attempt < 100; attempt++) {
            try (var tcp = new ServerSocket()) {
                tcp.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                try (var udp = new DatagramSocket(tcp.getLocalPort(), InetAddress.getLoopbackAddress())) {
                    return udp.getLocalPort();
                }
            } catch (IOException e) {
                // Taken on one of the two: the next one.
            }
        }
        throw new IllegalStateException("no free port");
    }

    private static Path repository() {
        var folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("scripts/asterisk"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("run from within the repository");
            }
        }
        return folder;
    }
}
