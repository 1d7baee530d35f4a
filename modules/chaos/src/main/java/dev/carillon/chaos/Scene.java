package dev.carillon.chaos;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A cluster, its boxes and its people: what a run or a test breaks something in, and looks at afterwards. */
public final class Scene implements AutoCloseable {

    /** Who has left is off the line at once; but those who stay behind alone wait a while, and a busy machine is slow. */
    private static final Duration MARGIN = Duration.ofMinutes(2);

    /** The check for missing records looks every minute at what is older than one. */
    private static final Duration RECORDS_WITHIN = Duration.ofMinutes(4);

    /** A node that is lost has been replaced by then, and calls have told their queues that they wait. */
    private static final Duration SETTLES = Duration.ofSeconds(20);

    /** When the database is back, its nodes are connected to it again soon. */
    private static final Duration DATABASE_BACK = Duration.ofSeconds(15);

    private final Plan plan;
    private final Network network;
    private final List<AutoCloseable> parts = new ArrayList<>();
    private final List<Period> databaseAway = new ArrayList<>();
    private final List<Period> troubled = new ArrayList<>();
    private final Cluster cluster;
    private final People people;
    private final Desks desks;

    /**
     * Everybody is at work when this returns, and nobody calls yet.
     *
     * @param network is closed with this
     * @param folder for data and logs
     * @param options of the JVM of each node
     */
    public Scene(Plan plan, Network network, int nodes, Path folder, List<String> options) {
        this.plan = plan;
        this.network = network;
        parts.add(network);
        try {
            this.people = new People(plan, network.ofServices());
            parts.add(people);
            this.cluster = new Cluster(folder, network, nodes, options);
            parts.add(cluster);
            this.desks = new Desks(plan, cluster, people.address());
            parts.add(desks);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    public Network network() {
        return network;
    }

    public Cluster cluster() {
        return cluster;
    }

    public People people() {
        return people;
    }

    public Desks desks() {
        return desks;
    }

    /** PostgreSQL is stopped for so long, and started again. */
    public void withoutDatabase(Duration length) {
        var from = Instant.now();
        cluster.stopDatabase();
        Patience.pause(length);
        cluster.startDatabase();
        databaseAway(new Period(from, Instant.now()));
    }

    /** Nobody could write in this time: who came and left in it could not be noted down. */
    public void databaseAway(Period period) {
        synchronized (databaseAway) {
            databaseAway.add(new Period(period.from(), period.to().plus(DATABASE_BACK)));
        }
    }

    /** Something was broken then: messages were lost, so that whose turn it was is not judged, also for a while afterwards. */
    public void troubled(Period period) {
        troubled.add(new Period(period.from(), period.to().plus(SETTLES)));
    }

    /** Nobody calls any more; waits until everybody has left, all is recorded, and all agents are ready. */
    public void settle() {
        people.noMore();
        Patience.until(
                "everybody has left",
                Duration.ofMillis(2 * (plan.talkMillis() + plan.patienceMillis()))
                        .plus(MARGIN),
                () -> people.onTheLine() == 0
                        ? Optional.empty()
                        : Optional.of(people.onTheLine() + " are on the line"));
        Patience.until("all agents are at work", MARGIN, desks::sit);
    }

    /** After {@link #settle}: what became of everybody. */
    public Findings inspect() {
        var deadline = System.nanoTime() + RECORDS_WITHIN.toNanos();
        while (Journal.withoutRecord(cluster.database()) > 0 && System.nanoTime() - deadline < 0) {
            Patience.pause(Duration.ofSeconds(1));
        }
        // The last who talked wraps up, and is free.
        Patience.pause(Duration.ofSeconds(3));
        List<Period> away;
        synchronized (databaseAway) {
            away = List.copyOf(databaseAway);
        }
        var unattended = people.unattended();
        return Inspection.of(
                people.left(),
                people.rings(),
                Journal.read(cluster.database()),
                boxId -> {
                    var all = new ArrayList<>(unattended.getOrDefault(boxId, List.of()));
                    all.addAll(away);
                    return all;
                },
                troubled);
    }

    @Override
    public void close() {
        for (var i = parts.size() - 1; i >= 0; i--) {
            try {
                parts.get(i).close();
            } catch (Exception e) {
                System.err.println("While clearing up: " + e);
            }
        }
    }
}
