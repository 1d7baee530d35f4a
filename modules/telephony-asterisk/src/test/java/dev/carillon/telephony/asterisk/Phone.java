package dev.carillon.telephony.asterisk;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A phone played by SIPp, following one of the scenarios in {@code src/test/resources/sipp}. */
final class Phone implements AutoCloseable {

    private static int calls;

    private final Process process;
    private final String scenario;
    private final String address;
    private final int port;
    private final Path folder;
    private String callId;

    private Phone(Process process, String scenario, String address, int port, Path folder, String callId) {
        this.process = process;
        this.scenario = scenario;
        this.address = address;
        this.port = port;
        this.folder = folder;
        this.callId = callId;
    }

    /** Somebody calls. */
    static Phone caller(RealAsterisk asterisk, String scenario, String number, String name, String dialled) {
        int port = RealAsterisk.freePort();
        String callId = "caller-" + ProcessHandle.current().pid() + "-" + calls++;
        return start(
                asterisk,
                scenario,
                asterisk.trunk(),
                port,
                callId,
                List.of("-s", dialled, "-key", "number", number, "-key", "name", name, "-cid_str", callId));
    }

    static Phone caller(RealAsterisk asterisk) {
        return caller(asterisk, "caller", "+4930123456", "Ann", "4711");
    }

    /** A seat's phone: registers, then does with the first call what the scenario says. */
    static Phone seat(RealAsterisk asterisk, String seat, String scenario) {
        int port = RealAsterisk.freePort();
        register(asterisk, seat, port, 3600);
        return start(asterisk, scenario, "127.0.0.1", port, "", List.of());
    }

    /** Registers a phone that nobody hears: nothing listens on its port. */
    static void registerDeadPhone(RealAsterisk asterisk, String seat) {
        register(asterisk, seat, RealAsterisk.freePort(), 3600);
    }

    private static void register(RealAsterisk asterisk, String seat, int port, int expires) {
        try (var registration = start(
                asterisk,
                "register",
                "127.0.0.1",
                port,
                "",
                List.of("-s", seat, "-au", seat, "-ap", asterisk.seatPassword(), "-key", "expires", "" + expires))) {
            registration.finish();
        }
    }

    private static Phone start(
            RealAsterisk asterisk, String scenario, String address, int port, String callId, List<String> options) {
        try {
            var folder = Files.createTempDirectory("sipp-" + scenario);
            var command = new ArrayList<>(
                    List.of("sipp", asterisk.sip(), "-sf", file(scenario).toString()));
            command.addAll(List.of("-i", address, "-p", "" + port, "-m", "1", "-nostdin", "-trace_err"));
            command.addAll(List.of("-error_file", "errors", "-trace_msg", "-message_file", "messages"));
            command.addAll(options);
            var process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("screen").toFile())
                    .start();
            return new Phone(process, scenario, address, port, folder, callId);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The person hangs up, or gives up. */
    void hangUp() {
        awaitTalk();
        var message = "MESSAGE sip:phone SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKhangup\r\n"
                + "From: <sip:test@test>;tag=1\r\nTo: <sip:phone@test>\r\nCall-ID: " + callId()
                + "\r\nCSeq: 1 MESSAGE\r\nContent-Length: 0\r\n\r\n";
        var bytes = message.getBytes(StandardCharsets.US_ASCII);
        // Nobody answers this message, and SIPp drops it while it is between two steps: on a machine that stalls, that
        // lasts.
        for (int attempt = 0; attempt < 5 && !isDone() && count("BYE ") == 0; attempt++) {
            try (var socket = new DatagramSocket()) {
                socket.send(new DatagramPacket(bytes, bytes.length, new InetSocketAddress(address, port)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            awaitUpTo(Duration.ofSeconds(3), () -> isDone() || count("BYE ") > 0);
        }
    }

    /** The box knows of the answer before the caller's phone does, which would not understand that it is to hang up what never began. */
    private void awaitTalk() {
        awaitUpTo(Duration.ofSeconds(30), () -> !scenario.equals("caller") || count("ACK ") > 0);
    }

    private static void awaitUpTo(Duration limit, BooleanSupplier condition) {
        var deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** A caller's is chosen here, a seat's by the box. */
    private String callId() {
        if (callId.isEmpty()) {
            callId = messages()
                    .lines()
                    .filter(line -> line.startsWith("Call-ID: "))
                    .map(line -> line.substring("Call-ID: ".length()).strip())
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("the phone has not been rung"));
        }
        return callId;
    }

    /** Everything it sent and received so far. */
    String messages() {
        try {
            var file = folder.resolve("messages");
            return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many messages that begin with this were sent or received. */
    long count(String beginning) {
        return messages().lines().filter(line -> line.startsWith(beginning)).count();
    }

    boolean isDone() {
        return !process.isAlive();
    }

    /** Waits until it has followed its scenario to the end, and fails when it could not. */
    void finish() {
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                fail("the phone (" + scenario + ") still waits for something:\n" + messages());
            }
            if (process.exitValue() != 0) {
                var errors = folder.resolve("errors");
                fail("the phone (" + scenario + ") ended with " + process.exitValue() + ":\n"
                        + (Files.exists(errors) ? Files.readString(errors) : "") + messages());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(Duration.ofSeconds(5).toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path file(String scenario) {
        try {
            return Path.of(Phone.class.getResource("/sipp/" + scenario + ".xml").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
