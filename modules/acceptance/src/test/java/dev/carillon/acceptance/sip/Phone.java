package dev.carillon.acceptance.sip;

import dev.carillon.acceptance.lab.AsteriskBox;
import dev.carillon.acceptance.lab.Ports;
import dev.carillon.acceptance.lab.Processes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** An agent's phone at a seat: registers at the box, and then does with every call the same. */
public final class Phone implements AutoCloseable {

    private static final String ADDRESS = "127.0.0.1";
    private static final Duration REGISTERED_WITHIN = Duration.ofSeconds(20);

    private final AsteriskBox box;
    private final Path folder;
    private final String seat;
    private final int port = Ports.block(5);
    private final Voice voice;
    private int lives;
    private Processes.Running sipp;

    private Phone(AsteriskBox box, Path folder, String seat) {
        this.box = box;
        this.folder = folder;
        this.seat = seat;
        this.voice = Voice.at(ADDRESS, seat);
    }

    /** A phone that is not plugged in yet. */
    public static Phone at(AsteriskBox box, Path folder, String seat) {
        return new Phone(box, folder, seat);
    }

    /** Rings for a while, is answered, and hung up after a while. */
    public Phone answers(Duration ringing, Duration talk) {
        return answers(ringing, talk, talk);
    }

    /** As above, but for the talk of the first call. */
    public Phone answers(Duration ringing, Duration firstTalk, Duration talk) {
        return plug(
                "seat-answers.xml",
                Map.of(
                        "MEDIA_PORT", String.valueOf(voice.port()),
                        "RING_MS", String.valueOf(ringing.toMillis()),
                        "FIRST_TALK_MS", String.valueOf(firstTalk.toMillis()),
                        "TALK_MS", String.valueOf(talk.toMillis())));
    }

    public Phone ringsForEver() {
        return answers(Callers.FOR_EVER, Duration.ZERO);
    }

    public Phone isBusy() {
        return plug("seat-refuses.xml", Map.of("STATUS", "486 Busy Here"));
    }

    public Phone declines() {
        return plug("seat-refuses.xml", Map.of("STATUS", "603 Decline"));
    }

    /** Is not reachable at the box any more. */
    public void unregister() {
        unplug();
        registration(0);
    }

    /** Is cut off: registered still, and answers nothing any more. */
    public void vanish() {
        unplug();
    }

    /** Everything that rang here so far, in all its lives, oldest first. */
    public List<SipCall> calls() {
        return Stream.iterate(1, life -> life <= lives, life -> life + 1)
                .flatMap(life -> SipCall.in(Sipp.trace(folder, name(life))).stream())
                .toList();
    }

    public String seat() {
        return seat;
    }

    /** How the person at this seat sounds, and what they hear. */
    public Voice voice() {
        return voice;
    }

    /** Goes silent without a word. */
    @Override
    public void close() {
        unplug();
        voice.close();
    }

    private Phone plug(String scenario, Map<String, String> values) {
        unplug();
        registration(3600);
        lives++;
        sipp = Sipp.start(
                folder,
                name(lives),
                box.sip(),
                ADDRESS,
                port,
                scenario,
                values,
                List.of("-mp", String.valueOf(port + 1)));
        return this;
    }

    private void unplug() {
        if (sipp != null) {
            sipp.kill9();
            sipp = null;
        }
    }

    // From the very port at which the phone is rung: a box that suspects a home router rings where the registration
    // came from.
    private void registration(int expires) {
        if (sipp != null) {
            throw new IllegalStateException("SIPp cannot register while it is a phone; unplug it first");
        }
        try (var registering = Sipp.start(
                folder,
                "register-" + seat,
                box.sip(),
                ADDRESS,
                port,
                "register.xml",
                Map.of("USER", seat, "PASSWORD", box.seatPassword(), "EXPIRES", String.valueOf(expires)),
                List.of("-m", "1", "-mp", String.valueOf(port + 1)))) {
            var code = registering.exitCode(REGISTERED_WITHIN);
            if (code != 0) {
                throw new AssertionError("Phone " + seat + " could not register: SIPp ended with " + code + ", see "
                        + folder.resolve("register-" + seat + ".errors"));
            }
        }
    }

    private String name(int life) {
        return "phone-" + seat + "-" + life;
    }
}
