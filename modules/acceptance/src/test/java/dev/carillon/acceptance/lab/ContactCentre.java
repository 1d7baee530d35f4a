package dev.carillon.acceptance.lab;

import static dev.carillon.acceptance.lab.Waiting.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.acceptance.sip.Callers;
import dev.carillon.acceptance.sip.Phone;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A whole small contact centre: one real Asterisk, one real node or a cluster, one queue behind one number, and some agents, each with a
 * seat of their own. Callers and phones that are made here end with it.
 */
public final class ContactCentre implements AutoCloseable {

    public static final String QUEUE = "sales";
    public static final String NUMBER = "100";
    public static final String BOX = "box-1";

    private static final int FIRST_SEAT = 1001;
    private static final int NODES = 3;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Path folder;
    private final Report report;
    private final AsteriskBox box;
    private final Carillon carillon;
    private final Deque<AutoCloseable> guests = new ArrayDeque<>();

    private ContactCentre(Path folder, Report report, AsteriskBox box, Carillon carillon) {
        this.folder = folder;
        this.report = report;
        this.box = box;
        this.carillon = carillon;
    }

    /**
     * Opens it on one node: the box is connected, and nobody is logged in.
     *
     * @param title of what the test reports
     * @param options of {@code scripts/asterisk up}; those that begin with {@code -D} are the node's
     * @param agents how many there are: {@code agent-1001} and the following, at seats {@code 1001} and the following
     */
    public static ContactCentre open(
            Class<?> test, String title, int agents, int ringSeconds, int wrapUpSeconds, String... options) {
        var ofNode =
                Stream.of(options).filter(option -> option.startsWith("-D")).toArray(String[]::new);
        var ofBox =
                Stream.of(options).filter(option -> !option.startsWith("-D")).toList();
        return open(
                Folders.forTest(test),
                title,
                agents,
                Map.of("ringSeconds", ringSeconds, "wrapUpSeconds", wrapUpSeconds),
                ofBox,
                folder -> CarillonNode.start(folder, ofNode));
    }

    /** As above, on a cluster of three nodes, and without wrap-up. */
    public static ContactCentre openOnCluster(
            Path folder, String title, int agents, int ringSeconds, String... optionsOfBox) {
        return open(
                folder,
                title,
                agents,
                Map.of("ringSeconds", ringSeconds),
                List.of(optionsOfBox),
                place -> CarillonCluster.start(place, NODES));
    }

    private static ContactCentre open(
            Path folder,
            String title,
            int agents,
            Map<String, ?> queue,
            List<String> optionsOfBox,
            Function<Path, Carillon> start) {
        var ofBox = Stream.concat(
                Stream.of("--seats", FIRST_SEAT + "-" + (FIRST_SEAT + agents - 1)), optionsOfBox.stream());
        var box = AsteriskBox.start(folder, ofBox.toArray(String[]::new));
        ContactCentre centre = null;
        try {
            centre = new ContactCentre(folder, new Report(folder, title), box, start.apply(folder));
            centre.configure(agents, queue);
            return centre;
        } catch (Throwable e) {
            if (centre == null) {
                box.close();
            } else {
                centre.close();
            }
            throw e;
        }
    }

    private void configure(int agents, Map<String, ?> queue) {
        var api = api();
        hasTrunk("");
        queue(QUEUE, NUMBER, queue);
        for (var seat : IntStream.range(0, agents).mapToObj(this::seat).toList()) {
            api.put("seats/" + seat, Map.of("boxId", BOX, "endpoint", "PJSIP/" + seat));
        }
        IntStream.range(0, agents).forEach(index -> serves(index, List.of(QUEUE), Map.of()));
        eventually("the box is up", LIMIT, () -> assertThat(api.box(BOX)).isEqualTo("up"));
    }

    // ---- what is set up

    /** As what the box reaches numbers outside, with {@code {number}} in their place; empty when it dials none. */
    public void hasTrunk(String trunk) {
        api().put(
                        "boxes/" + BOX,
                        Map.of(
                                "kind", "asterisk",
                                "address", box.ariUrl(),
                                "user", box.ariUser(),
                                "password", box.ariPassword(),
                                "trunk", trunk));
    }

    /** A queue, now with these settings, and no wrap-up. */
    public void queue(String queueId, Map<String, ?> settings) {
        var all = new HashMap<String, Object>(Map.of("name", queueId, "ringSeconds", 20, "wrapUpSeconds", 0));
        all.putAll(settings);
        api().put("queues/" + queueId, all);
    }

    /** A queue behind a number of its own. */
    public void queue(String queueId, String number, Map<String, ?> settings) {
        queue(queueId, settings);
        api().put("numbers/" + number, Map.of("queueId", queueId));
    }

    /** What the agent of a seat, counted from 0, does, and at which level they can do what. */
    public void serves(int index, List<String> queueIds, Map<String, Integer> skills) {
        api().put(
                        "agents/" + agent(index),
                        Map.of("name", "Agent " + seat(index), "queueIds", queueIds, "skills", skills));
    }

    // ---- people and their phones

    /** The name of a seat, counted from 0. */
    public String seat(int index) {
        return String.valueOf(FIRST_SEAT + index);
    }

    /** The agent of a seat, counted from 0. */
    public String agent(int index) {
        return "agent-" + seat(index);
    }

    /** The phone of a seat, counted from 0; not plugged in yet. */
    public Phone phone(int index) {
        var phone = Phone.at(box, folder, seat(index));
        guests.push(phone);
        return phone;
    }

    /** The agent of a seat, counted from 0, logs in there and is ready. */
    public void work(int index) {
        api().logIn(agent(index), seat(index));
        // A phone that has just been plugged in is known to be there a moment later.
        eventually(agent(index) + " may be ready", LIMIT, () -> api().ready(agent(index)));
        // With callers waiting, ready is soon over.
        eventually(agent(index) + " is at work", LIMIT, () -> assertThat(api().state(agent(index)))
                .isIn("ready", "reserved", "ringing", "talking"));
    }

    /** Callers of the one number; {@code name} is unique within the test. */
    public Callers call(String name, List<String> numbers, Duration apart, Duration patience) {
        return call(name, NUMBER, numbers, apart, patience);
    }

    /** As above, of another number. */
    public Callers call(String name, String dialled, List<String> numbers, Duration apart, Duration patience) {
        var callers = Callers.call(box, folder, name, dialled, numbers, apart, patience);
        guests.push(callers);
        return callers;
    }

    /** One caller. */
    public Callers call(String number, Duration patience) {
        return call("caller-" + number, List.of(number), Duration.ofMillis(100), patience);
    }

    // ---- what one may look at, and break

    public AsteriskBox box() {
        return box;
    }

    public Carillon carillon() {
        return carillon;
    }

    /** Where it is one. */
    public CarillonNode node() {
        return (CarillonNode) carillon;
    }

    /** Where it is one. */
    public CarillonCluster cluster() {
        return (CarillonCluster) carillon;
    }

    public CarillonApi api() {
        return carillon.api();
    }

    public Report report() {
        return report;
    }

    /** Everybody goes home, and everything that was started ends. */
    @Override
    public void close() {
        report.print();
        while (!guests.isEmpty()) {
            closeQuietly(guests.pop());
        }
        closeQuietly(carillon);
        closeQuietly(box);
    }

    private static void closeQuietly(AutoCloseable one) {
        try {
            one.close();
        } catch (Exception | AssertionError e) {
            System.err.println("While clearing up: " + e);
        }
    }
}
