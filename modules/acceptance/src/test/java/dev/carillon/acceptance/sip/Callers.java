package dev.carillon.acceptance.sip;

import dev.carillon.acceptance.lab.AsteriskBox;
import dev.carillon.acceptance.lab.Ports;
import dev.carillon.acceptance.lab.Processes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.stream.Collectors;

/** Callers who dial one number one after the other and all behave alike. */
public final class Callers implements AutoCloseable {

    /** Longer than any test: such callers stay until somebody else hangs up. */
    public static final Duration FOR_EVER = Duration.ofHours(1);

    private final Path folder;
    private final String name;
    private final Map<String, Voice> voices;
    private final Processes.Running sipp;

    private Callers(Path folder, String name, Map<String, Voice> voices, Processes.Running sipp) {
        this.folder = folder;
        this.name = name;
        this.voices = Map.copyOf(voices);
        this.sipp = sipp;
    }

    /**
     * @param folder for scenario and traces
     * @param name of these callers, unique within the folder
     * @param numbers who calls, in this order
     * @param apart the time between two of them
     * @param patience after being answered by the box they hang up when this has passed
     */
    public static Callers call(
            AsteriskBox box,
            Path folder,
            String name,
            String dialled,
            List<String> numbers,
            Duration apart,
            Duration patience) {
        var voices = new LinkedHashMap<String, Voice>();
        numbers.forEach(number -> voices.put(number, Voice.at(box.trunk(), number)));
        var injected = folder.resolve(name + ".csv");
        try {
            Files.createDirectories(folder);
            Files.writeString(
                    injected,
                    voices.entrySet().stream()
                            .map(one -> one.getKey() + ";" + one.getValue().port() + ";\n")
                            .collect(Collectors.joining("", "SEQUENTIAL\n", "")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // SIPp takes the media port and the three after it.
        var port = Ports.block(5);
        var sipp = Sipp.start(
                folder,
                name,
                box.sip(),
                box.trunk(),
                port,
                "caller.xml",
                Map.of("DIALLED", dialled, "PATIENCE_MS", String.valueOf(patience.toMillis())),
                List.of(
                        "-mp", String.valueOf(port + 1),
                        "-inf", injected.toString(),
                        "-m", String.valueOf(numbers.size()),
                        "-r", "1",
                        "-rp", String.valueOf(apart.toMillis())));
        return new Callers(folder, name, voices, sipp);
    }

    /** All calls made so far, in the order of dialling. */
    public List<SipCall> calls() {
        return SipCall.in(Sipp.trace(folder, name));
    }

    public SipCall call(String number) {
        return calls().stream()
                .filter(call -> call.number().equals(number))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("no call from " + number + " yet"));
    }

    /** Whether one of these has that number. */
    public boolean has(String number) {
        return voices.containsKey(number);
    }

    /** How a caller sounds, and what they hear. */
    public Voice voice(String number) {
        return Objects.requireNonNull(voices.get(number), number);
    }

    /** Waits until everybody has called and hung up or been hung up on; fails when a call went wrong as SIP goes. */
    public List<SipCall> finished(Duration limit) {
        var code = sipp.exitCode(limit);
        if (code != 0) {
            throw new AssertionError(
                    "Callers " + name + ": SIPp ended with " + code + ", see " + folder.resolve(name + ".errors"));
        }
        var calls = calls();
        if (calls.size() != voices.size()) {
            throw new AssertionError(
                    voices.size() + " callers " + name + ", but " + calls.size() + " calls in the trace");
        }
        return calls;
    }

    /** Makes them vanish without a word, if they are still there. */
    @Override
    public void close() {
        sipp.kill9();
        voices.values().forEach(Voice::close);
    }
}
