package dev.carillon.acceptance.lab;

import dev.carillon.acceptance.sip.Voice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** A real Asterisk of a test's own, through {@code scripts/asterisk}. Ended with the JVM at the latest. */
public final class AsteriskBox implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Set<AsteriskBox> UP = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> UP.forEach(AsteriskBox::close), "end-of-boxes"));
    }

    private final Path folder;
    private final String name;
    private final List<String> said;
    private final Map<String, String> environment;

    private AsteriskBox(Path folder, String name, List<String> said) {
        this.folder = folder;
        this.name = name;
        this.said = said;
        up();
        this.environment = Map.copyOf(script("env")
                .lines()
                .filter(line -> line.contains("="))
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.indexOf('=')), line -> line.substring(line.indexOf('=') + 1))));
    }

    /**
     * Starts one on free ports.
     *
     * @param folder where its logs are left in the end
     * @param options of {@code scripts/asterisk up}, beside those that say where it listens
     */
    public static AsteriskBox start(Path folder, String... options) {
        var said = new ArrayList<>(List.of(
                "--sip", "127.0.0.1:" + Ports.one(),
                "--ari", "127.0.0.1:" + Ports.one(),
                "--trunk", "127.0.0.2"));
        var rtp = Ports.block(1000);
        said.addAll(List.of("--rtp", rtp + "-" + (rtp + 999)));
        said.addAll(List.of(options));
        return new AsteriskBox(
                folder,
                "acceptance-" + ProcessHandle.current().pid() + "-"
                        + folder.getFileName().toString().toLowerCase(java.util.Locale.ROOT),
                said);
    }

    /** ADDRESS:PORT where it listens for SIP. */
    public String sip() {
        return environment.get("CARILLON_ASTERISK_SIP");
    }

    /** The address from which callers come. */
    public String trunk() {
        return environment.get("CARILLON_ASTERISK_TRUNK");
    }

    public String ariUrl() {
        return environment.get("CARILLON_ASTERISK_URL");
    }

    public String ariUser() {
        return environment.get("CARILLON_ASTERISK_USER");
    }

    public String ariPassword() {
        return environment.get("CARILLON_ASTERISK_PASSWORD");
    }

    public String seatPassword() {
        return environment.get("CARILLON_SEAT_PASSWORD");
    }

    /**
     * Gives it a recording to play, of something that says its name for so long.
     *
     * @return how a queue's settings call it
     */
    public String recording(String named, Duration length) {
        write(folderOfBox().resolve("spool/recording/" + named + ".alaw"), named, length);
        return "recording:" + named;
    }

    /** Gives it a sound of its own language, as those that come with it: of something that says its name for so long. */
    public void sound(String language, String named, Duration length) {
        write(folderOfBox().resolve("data/sounds/" + language + "/" + named + ".alaw"), named, length);
    }

    private static void write(Path file, String name, Duration length) {
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, Voice.announcement(name, length));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path folderOfBox() {
        return Path.of(environment.get("CARILLON_ASTERISK_LOG")).getParent().getParent();
    }

    /** Starts it again as it was. */
    public void up() {
        UP.add(this);
        var all = new ArrayList<>(List.of("up"));
        all.addAll(said);
        script(all.toArray(String[]::new));
    }

    /** Ends it in an orderly way: phones are told. */
    public void down() {
        script("down");
    }

    /** Ends it like a power cut: nobody is told. */
    public void kill9() {
        script("kill");
    }

    /** Its own command line. */
    public String cli(String words) {
        var all = new ArrayList<>(List.of("cli", "--"));
        all.addAll(List.of(words.split(" ")));
        return script(all.toArray(String[]::new));
    }

    @Override
    public void close() {
        if (UP.remove(this)) {
            script("down");
            keepLogs();
        }
    }

    private void keepLogs() {
        var log = Path.of(environment.get("CARILLON_ASTERISK_LOG"));
        try {
            Files.copy(log, folder.resolve("asterisk.log"), StandardCopyOption.REPLACE_EXISTING);
            Folders.delete(folderOfBox());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String script(String... words) {
        var command = new ArrayList<>(
                List.of(Folders.repository().resolve("scripts/asterisk").toString(), words[0], "--name", name));
        command.addAll(List.of(words).subList(1, words.length));
        return Processes.run(
                "scripts/asterisk " + words[0],
                folder,
                folder.resolve("asterisk-" + words[0] + ".out"),
                Map.of(),
                LIMIT,
                command);
    }
}
