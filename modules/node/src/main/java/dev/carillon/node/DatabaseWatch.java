package dev.carillon.node;

import dev.carillon.api.DatabaseState;
import dev.carillon.node.metrics.Latencies;
import dev.carillon.store.Database;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import kamon.Kamon;
import kamon.metric.Timer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the journal can be written, and how long that takes: looked at every second, so that whoever asks is answered at once, also while
 * nobody answers here. The journal itself is not written, since even what is taken back would keep those waiting who read it in its order; but
 * as much is written to the server's log as a small event is, and waits for the disk, and for a standby if commits do, as an event does.
 *
 * <p>On a connection and a thread of its own: a pool whose connections have all died finds out much later that the server is back.
 */
final class DatabaseWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseWatch.class);

    private static final String ASK = "select pg_is_in_recovery() as standby,"
            + " current_setting('transaction_read_only')::boolean as read_only,"
            + " has_table_privilege('event_journal', 'INSERT') as may_write";

    private static final String WRITE = "select pg_logical_emit_message(true, 'carillon', 'can be written')";

    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** While it is away: nobody has to wait longer than this because of the watch. */
    private static final Duration SHORT_PAUSE = Duration.ofMillis(250);

    /** A server that does not answer for so long counts as away. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** A server that takes this long for one small write holds calls up. */
    static final Duration SLOW = Duration.ofMillis(100);

    /** It is said again while it lasts. */
    private static final Duration REMINDER = Duration.ofMinutes(1);

    private final Database.Settings settings;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(run -> {
        var made = new Thread(run, "database-watch");
        made.setDaemon(true);
        return made;
    });
    private final List<Runnable> onBack = new CopyOnWriteArrayList<>();
    private final Latencies writes = new Latencies();
    private final Timer timer = Kamon.timer(
                    "carillon.database.write", "One small write a second, until it is safe: how fast the database is")
            .withoutTags();
    private final LongAdder outages = new LongAdder();

    /** Whether the last question had an answer, whatever it was. */
    private volatile boolean answers;

    private volatile String trouble = "has not been asked yet";

    /** By the nanosecond clock, since when a question waits for its answer; 0 when none does. */
    private volatile long askedAt;

    // Confined to the thread.

    private Connection connection;
    private long awaySince;
    private long slowSaidAt;
    private boolean slow;

    private DatabaseWatch(Database.Settings settings) {
        this.settings = settings;
    }

    /** Looks once, and from then on every second until it is closed. */
    static DatabaseWatch begin(Database.Settings settings) {
        var watch = new DatabaseWatch(settings);
        watch.look();
        return watch;
    }

    /** What is wrong, for people; empty when the journal can be written. May be asked as often as one likes. */
    Optional<String> trouble() {
        var asked = askedAt;
        if (asked != 0 && System.nanoTime() - asked > PATIENCE.toNanos() && trouble.isEmpty()) {
            return Optional.of(settings.place() + " has not answered for more than " + PATIENCE.toSeconds() + " s");
        }
        return Optional.of(trouble).filter(text -> !text.isEmpty());
    }

    /** For the API: what does not answer is not readable, what takes no writes may be. */
    DatabaseState state() {
        var well = trouble().isEmpty();
        return new DatabaseState(well || answers, well);
    }

    /** How long one small write takes until it is safe. */
    Latencies.Summary writes() {
        return writes.summary();
    }

    /** How often it has been away since the start. */
    long outages() {
        return outages.sum();
    }

    /** To be run, on the thread of the watch, whenever the database is back. Must not block for long. */
    void onBack(Runnable listener) {
        onBack.add(listener);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private void look() {
        String found;
        boolean answered;
        try {
            found = ask();
            answered = true;
        } catch (SQLException e) {
            found = Database.explanation(settings, e);
            answered = isOfWriting(e);
        } catch (RuntimeException e) {
            found = e.toString();
            answered = false;
        } finally {
            askedAt = 0;
        }
        answers = answered;
        note(found);
        if (!thread.isShutdown()) {
            // What it throws is caught inside.
            var unused = thread.schedule(
                    this::look, (found.isEmpty() ? PAUSE : SHORT_PAUSE).toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private String ask() throws SQLException {
        if (connection == null) {
            connection = connect();
        }
        askedAt = System.nanoTime();
        try (var statement = connection.createStatement()) {
            var refusal = refusal(statement);
            if (refusal.isEmpty()) {
                var begun = System.nanoTime();
                statement.execute(WRITE);
                var took = System.nanoTime() - begun;
                writes.took(took);
                timer.record(took);
                sayWhenSlow(took);
            }
            return refusal;
        }
    }

    /** By SQLSTATE: 53 is about resources, such as room on the disk. */
    private static boolean isOfWriting(SQLException e) {
        return e.getSQLState() != null && e.getSQLState().startsWith("53");
    }

    private Connection connect() throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", settings.user());
        properties.setProperty("password", settings.password());
        properties.setProperty("ApplicationName", "carillon-watch");
        properties.setProperty("tcpKeepAlive", "true");
        // Seconds.
        properties.setProperty("connectTimeout", "2");
        properties.setProperty("socketTimeout", "5");
        return DriverManager.getConnection(settings.url(), properties);
    }

    private static String refusal(Statement statement) throws SQLException {
        try (var row = statement.executeQuery(ASK)) {
            row.next();
            if (row.getBoolean("standby")) {
                return "is a standby now: nothing can be written";
            }
            if (row.getBoolean("read_only")) {
                return "takes no writes: default_transaction_read_only is on";
            }
            return row.getBoolean("may_write")
                    ? ""
                    : "its user may not write to the journal: grant INSERT on event_journal";
        }
    }

    private void note(String found) {
        trouble = found;
        if (found.isEmpty()) {
            if (awaySince != 0) {
                LOG.info("Database: back after {} s", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - awaySince));
                awaySince = 0;
                onBack.forEach(Runnable::run);
            }
        } else {
            // What a connection was opened with may have changed.
            letGo();
            if (awaySince == 0) {
                awaySince = System.nanoTime();
                outages.increment();
                LOG.warn("Database: {}; calls that are up go on, nothing new can be decided", found);
            }
        }
    }

    private void sayWhenSlow(long nanos) {
        if (nanos < SLOW.toNanos()) {
            if (slow) {
                LOG.info(
                        "Database: answers fast again, a small write took {} ms", TimeUnit.NANOSECONDS.toMillis(nanos));
            }
            slow = false;
        } else if (!slow || System.nanoTime() - slowSaidAt > REMINDER.toNanos()) {
            slow = true;
            slowSaidAt = System.nanoTime();
            LOG.warn(
                    "Database: answers slowly, a small write took {} ms: look at its disk and the network to it, not at the boxes",
                    TimeUnit.NANOSECONDS.toMillis(nanos));
        }
    }

    private void letGo() {
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                LOG.debug("A connection that has ended could not be closed", e);
            }
            connection = null;
        }
    }
}
