package dev.carillon.store;

import dev.carillon.core.Directory;
import dev.carillon.core.Target;
import dev.carillon.core.agent.NotReadyReason;
import dev.carillon.core.inbound.Calendar;
import dev.carillon.core.inbound.CallerEntry;
import dev.carillon.core.inbound.Rule;
import dev.carillon.core.inbound.Treatment;
import dev.carillon.core.queue.LeaveKey;
import dev.carillon.core.queue.Limit;
import dev.carillon.core.routing.ServiceLevel;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.box.BoxSettings;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configuration in PostgreSQL.
 *
 * <p>Every change locks the one row of the version before anything else. So changes come one after the other, what was checked
 * stays true until it is written, and two changes can never wait for each other.
 */
public final class JdbcConfigurationStore implements ConfigurationStore {

    /** Queues with a limit or a key whose target names this one: a queue other than itself, or an agent. */
    private static final String LED_TO =
            """
            SELECT DISTINCT q.queue_id
            FROM queue q, jsonb_array_elements(
              coalesce(q.settings -> 'limits', '[]') || coalesce(q.settings -> 'leaveKey', '[]')) way
            WHERE way ->> 'NAME' = ? AND ('NAME' <> 'queueId' OR q.queue_id <> way ->> 'NAME') ORDER BY 1
            """;

    private static final Logger LOG = LoggerFactory.getLogger(JdbcConfigurationStore.class);

    /** The code of a refusal that only a seed can meet. */
    static final String UNSET_VARIABLE = "UNSET_VARIABLE";

    private final Database database;
    private final Environment environment;
    private final ZoneId zone;

    /** Not static: each store has its own. Removed after every change, so no thread keeps anything. */
    @SuppressWarnings("ThreadLocalUsage")
    private final ThreadLocal<Ongoing> ongoing = new ThreadLocal<>();

    /** With inbound rules in UTC. */
    public JdbcConfigurationStore(Database database) {
        this(database, Environment.OF_THE_PROCESS, ZoneOffset.UTC);
    }

    /**
     * @param environment where boxes' passwords that refer to it are taken from
     * @param zone whose clocks and calendars inbound rules mean
     */
    public JdbcConfigurationStore(Database database, Environment environment, ZoneId zone) {
        this.database = database;
        this.environment = environment;
        this.zone = zone;
    }

    // ---- reading

    @Override
    public Configuration load() {
        return database.inSnapshot(connection -> {
            var sql = new Sql(connection);
            var version = sql.one("SELECT version FROM configuration_version", row -> row.getLong(1));
            var boxes = sql.all(
                    "SELECT * FROM box ORDER BY box_id",
                    row -> new BoxSettings(
                            row.getString("box_id"),
                            row.getString("kind"),
                            row.getString("address"),
                            row.getString("user_name"),
                            password(row.getString("box_id"), row.getString("password")),
                            row.getString("trunk")));
            var seats = sql.all(
                    "SELECT * FROM seat ORDER BY seat_id",
                    row -> new Seat(row.getString("seat_id"), row.getString("box_id"), row.getString("endpoint")));
            var trunks = boxes.stream()
                    .filter(box -> !box.trunk().isEmpty())
                    .collect(Collectors.toMap(BoxSettings::boxId, BoxSettings::trunk));
            return new Configuration(
                    version.orElseThrow(), boxes, seats, directory(sql, seats).withTrunks(trunks));
        });
    }

    private Directory directory(Sql sql, List<Seat> seats) throws SQLException {
        var queues = new HashMap<String, Directory.Queue>();
        for (var queue : sql.all("SELECT * FROM queue", JdbcConfigurationStore::queue)) {
            queues.put(queue.id(), queue);
        }
        Map<String, List<String>> queuesOfAgents = new HashMap<>();
        sql.all("SELECT agent_id, queue_id FROM agent_queue ORDER BY agent_id, place", row -> queuesOfAgents
                .computeIfAbsent(row.getString(1), agent -> new ArrayList<>())
                .add(row.getString(2)));
        var agents = new HashMap<String, Directory.Agent>();
        for (var agent : sql.all(
                "SELECT * FROM agent",
                row -> agent(row, queuesOfAgents.getOrDefault(row.getString("agent_id"), List.of())))) {
            agents.put(agent.id(), agent);
        }
        var numbers = new HashMap<String, Directory.DialledNumber>();
        for (var number : sql.all(
                "SELECT number, queue_id, priority FROM dialled_number",
                row -> new Directory.DialledNumber(row.getString(1), row.getString(2), row.getInt(3)))) {
            numbers.put(number.number(), number);
        }
        return new Directory(
                queues,
                agents,
                numbers,
                seats.stream().collect(Collectors.toMap(Seat::seatId, seat -> seat)),
                InboundTables.load(sql, zone),
                NotReadyReasonTable.load(sql));
    }

    private static Directory.Queue queue(ResultSet row) throws SQLException {
        var id = row.getString("queue_id");
        var form = JsonForm.parse(row.getString("settings"));
        var queue = QueueForm.stored(id, row.getString("name"), form);
        checkStored("queue " + id, form);
        return queue;
    }

    private static Directory.Agent agent(ResultSet row, List<String> queueIds) throws SQLException {
        var id = row.getString("agent_id");
        var form = JsonForm.parse(row.getString("settings"));
        var agent = AgentForm.read(id, row.getString("name"), queueIds, form);
        checkStored("agent " + id, form);
        return agent;
    }

    /** What this version cannot read was written by a newer one, and must not be taken for something else. */
    private static void checkStored(String what, JsonForm form) {
        form.troubles().stream()
                .filter(trouble -> !trouble.unknown())
                .findFirst()
                .ifPresent(trouble -> {
                    throw new DatabaseException(what + ": " + trouble.field() + " " + trouble.detail()
                            + "; it was written by a newer version");
                });
    }

    /** One box without its password must not keep a node from serving the others: the box itself will refuse, plainly. */
    private String password(String boxId, String stored) {
        return SecretReference.variable(stored)
                .map(name -> environment.get(name).orElseGet(() -> {
                    LOG.warn(
                            "box {}: its password is to come from the environment variable {}, which is not set on this node;"
                                    + " set it and start the node again",
                            boxId,
                            name);
                    return "";
                }))
                .orElse(stored);
    }

    @Override
    public long version() {
        return database.inTransaction(connection -> new Sql(connection)
                .one("SELECT version FROM configuration_version", row -> row.getLong(1))
                .orElseThrow());
    }

    // ---- changing

    @Override
    public void putBox(BoxSettings box) {
        Rules.check(box);
        if (SecretReference.variable(box.password()).isPresent()) {
            throw Rules.invalid(
                    "box " + box.boxId(),
                    "password",
                    "refers to the environment, which only a seed file may; give the password itself");
        }
        putCheckedBox(box);
    }

    @Override
    public void putBoxKeepingPassword(BoxSettings box) {
        Rules.check(box);
        change(sql -> putCheckedBox(new BoxSettings(
                box.boxId(),
                box.kind(),
                box.address(),
                box.user(),
                sql.one("SELECT password FROM box WHERE box_id = ?", row -> row.getString(1), box.boxId())
                        .orElse(""),
                box.trunk())));
    }

    private void putCheckedBox(BoxSettings box) {
        change(sql -> changedIf(sql.update(
                """
                INSERT INTO box (box_id, kind, address, user_name, password, trunk) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (box_id) DO UPDATE
                SET kind = excluded.kind, address = excluded.address, user_name = excluded.user_name, password = excluded.password,
                    trunk = excluded.trunk
                WHERE (box.kind, box.address, box.user_name, box.password, box.trunk)
                   <> (excluded.kind, excluded.address, excluded.user_name, excluded.password, excluded.trunk)
                """,
                box.boxId(),
                box.kind(),
                box.address(),
                box.user(),
                box.password(),
                box.trunk())));
    }

    @Override
    public void putSeat(Seat seat) {
        Rules.check(seat);
        change(sql -> {
            known(sql, "box", seat.boxId(), "seat " + seat.seatId(), "box");
            var other = sql.one(
                    "SELECT seat_id FROM seat WHERE box_id = ? AND endpoint = ? AND seat_id <> ?",
                    row -> row.getString(1),
                    seat.boxId(),
                    seat.endpoint(),
                    seat.seatId());
            if (other.isPresent()) {
                throw Rules.invalid(
                        "seat " + seat.seatId(),
                        "endpoint",
                        seat.endpoint() + " of box " + seat.boxId() + " is already seat " + other.get()
                                + "; one phone is one seat");
            }
            changedIf(sql.update(
                    """
                    INSERT INTO seat (seat_id, box_id, endpoint) VALUES (?, ?, ?)
                    ON CONFLICT (seat_id) DO UPDATE SET box_id = excluded.box_id, endpoint = excluded.endpoint
                    WHERE (seat.box_id, seat.endpoint) <> (excluded.box_id, excluded.endpoint)
                    """,
                    seat.seatId(),
                    seat.boxId(),
                    seat.endpoint()));
        });
    }

    @Override
    public void putQueue(Directory.Queue queue) {
        Rules.check(queue);
        change(sql -> {
            var limits = queue.waiting().limits().stream().map(Limit::target);
            known(sql, queue.id(), limits, "limits");
            var key = queue.waiting().leaveKey().stream().map(LeaveKey::target);
            known(sql, queue.id(), key, "leave-key");
            for (var borrower :
                    queue.routing().serviceLevel().map(ServiceLevel::lendTo).orElse(List.of())) {
                known(sql, "queue", borrower, "queue " + queue.id(), "service-level.lend-to");
            }
            changedIf(sql.update(
                    """
                    INSERT INTO queue (queue_id, name, settings) VALUES (?, ?, ?::jsonb)
                    ON CONFLICT (queue_id) DO UPDATE SET name = excluded.name, settings = excluded.settings
                    WHERE (queue.name, queue.settings) <> (excluded.name, excluded.settings)
                    """,
                    queue.id(),
                    queue.name(),
                    JsonForm.document(QueueForm.written(queue))));
        });
    }

    /** The other queues and the agents that its callers may be sent to. */
    private static void known(Sql sql, String queueId, Stream<Target> targets, String field) throws SQLException {
        for (var target : targets.distinct().toList()) {
            if (target instanceof Target.OtherQueue other && !other.queueId().equals(queueId)) {
                known(sql, "queue", other.queueId(), "queue " + queueId, field);
            } else if (target instanceof Target.ToAgent agent) {
                known(sql, "agent", agent.agentId(), "queue " + queueId, field);
            }
        }
    }

    @Override
    public void putAgent(Directory.Agent agent) {
        Rules.check(agent);
        change(sql -> {
            for (var queueId : agent.queueIds()) {
                known(sql, "queue", queueId, "agent " + agent.id(), "queues");
            }
            changedIf(sql.update(
                    """
                    INSERT INTO agent (agent_id, name, settings) VALUES (?, ?, ?::jsonb)
                    ON CONFLICT (agent_id) DO UPDATE SET name = excluded.name, settings = excluded.settings
                    WHERE (agent.name, agent.settings) <> (excluded.name, excluded.settings)
                    """,
                    agent.id(),
                    agent.name(),
                    JsonForm.document(AgentForm.written(agent))));
            var present = sql.all(
                    "SELECT queue_id FROM agent_queue WHERE agent_id = ? ORDER BY place",
                    row -> row.getString(1),
                    agent.id());
            if (!present.equals(agent.queueIds())) {
                sql.update("DELETE FROM agent_queue WHERE agent_id = ?", agent.id());
                for (var place = 0; place < agent.queueIds().size(); place++) {
                    sql.update(
                            "INSERT INTO agent_queue (agent_id, queue_id, place) VALUES (?, ?, ?)",
                            agent.id(),
                            agent.queueIds().get(place),
                            place);
                }
                changedIf(1);
            }
        });
    }

    @Override
    public void putNumber(Directory.DialledNumber number) {
        Rules.check(number);
        change(sql -> {
            known(sql, "queue", number.queueId(), "number " + number.number(), "queue");
            changedIf(sql.update(
                    """
                    INSERT INTO dialled_number (number, queue_id, priority) VALUES (?, ?, ?)
                    ON CONFLICT (number) DO UPDATE SET queue_id = excluded.queue_id, priority = excluded.priority
                    WHERE (dialled_number.queue_id, dialled_number.priority) <> (excluded.queue_id, excluded.priority)
                    """,
                    number.number(),
                    number.queueId(),
                    number.priority()));
        });
    }

    @Override
    public void putCalendar(Calendar calendar) {
        Rules.check(calendar);
        change(sql -> changedIf(InboundTables.put(sql, calendar)));
    }

    @Override
    public void putInboundRule(Rule rule) {
        Rules.check(rule);
        change(sql -> {
            var what = "inbound rule " + rule.id();
            var days = rule.when().days();
            if (!days.on().isEmpty()) {
                known(sql, "calendar", days.on(), what, "on-days-of");
            }
            if (!days.notOn().isEmpty()) {
                known(sql, "calendar", days.notOn(), what, "not-on-days-of");
            }
            if (rule.target() instanceof Treatment.ToQueue target) {
                known(sql, "queue", target.queueId(), what, "queue");
            } else if (rule.target() instanceof Treatment.ToAgent target) {
                known(sql, "agent", target.agentId(), what, "agent");
                knownIfNamed(sql, target.then(), what);
            } else if (rule.target() instanceof Treatment.ToNumber target) {
                knownIfNamed(sql, target.then(), what);
            }
            changedIf(InboundTables.put(sql, rule));
        });
    }

    private static void knownIfNamed(Sql sql, Treatment.ToQueue then, String what) throws SQLException {
        if (!then.queueId().isEmpty()) {
            known(sql, "queue", then.queueId(), what, "queue");
        }
    }

    @Override
    public boolean switchInboundRule(String ruleId, boolean active) {
        return inChange(sql -> {
            changedIf(sql.update(
                    "UPDATE inbound_rule SET active = ? WHERE rule_id = ? AND active <> ?", active, ruleId, active));
            return sql.one("SELECT 1 FROM inbound_rule WHERE rule_id = ?", row -> row.getInt(1), ruleId)
                    .isPresent();
        });
    }

    @Override
    public void putCaller(CallerEntry caller) {
        Rules.check(caller);
        change(sql -> {
            if (!caller.agentId().isEmpty()) {
                known(sql, "agent", caller.agentId(), "caller " + caller.number(), "agent");
            }
            changedIf(InboundTables.put(sql, caller));
        });
    }

    @Override
    public void putNotReadyReason(NotReadyReason reason) {
        Rules.check(reason);
        change(sql -> changedIf(NotReadyReasonTable.put(sql, reason)));
    }

    @Override
    public boolean deleteNotReadyReason(String code) {
        return delete(sql -> NotReadyReasonTable.delete(sql, code));
    }

    /** For the start of a node, after the seed file: the usual reasons not to be ready, where there never was any. */
    public void addStandardReasons() {
        change(sql -> changedIf(NotReadyReasonTable.addStandard(sql)));
    }

    @Override
    public boolean deleteBox(String boxId) {
        return delete(sql -> {
            unused(sql, "box " + boxId, "seat", "SELECT seat_id FROM seat WHERE box_id = ? ORDER BY 1", boxId);
            return sql.update("DELETE FROM box WHERE box_id = ?", boxId);
        });
    }

    @Override
    public boolean deleteSeat(String seatId) {
        return delete(sql -> sql.update("DELETE FROM seat WHERE seat_id = ?", seatId));
    }

    @Override
    public boolean deleteQueue(String queueId) {
        return delete(sql -> {
            var what = "queue " + queueId;
            unused(sql, what, "number", "SELECT number FROM dialled_number WHERE queue_id = ? ORDER BY 1", queueId);
            unused(
                    sql,
                    what,
                    "inbound rule",
                    "SELECT rule_id FROM inbound_rule WHERE queue_id = ? ORDER BY 1",
                    queueId);
            unused(sql, what, "agent", "SELECT agent_id FROM agent_queue WHERE queue_id = ? ORDER BY 1", queueId);
            unused(sql, what, "queue", LED_TO.replace("NAME", "queueId"), queueId);
            unused(
                    sql,
                    what,
                    "queue that lends to it",
                    """
                    SELECT queue_id FROM queue WHERE settings #> '{serviceLevel,lendTo}' @> to_jsonb(?::text) ORDER BY 1
                    """,
                    queueId);
            return sql.update("DELETE FROM queue WHERE queue_id = ?", queueId);
        });
    }

    @Override
    public boolean deleteAgent(String agentId) {
        return delete(sql -> {
            var what = "agent " + agentId;
            unused(
                    sql,
                    what,
                    "inbound rule",
                    "SELECT rule_id FROM inbound_rule WHERE agent_id = ? ORDER BY 1",
                    agentId);
            unused(sql, what, "caller", "SELECT number FROM caller_entry WHERE agent_id = ? ORDER BY 1", agentId);
            unused(sql, what, "queue", LED_TO.replace("NAME", "agentId"), agentId);
            return sql.update("DELETE FROM agent WHERE agent_id = ?", agentId);
        });
    }

    @Override
    public boolean deleteNumber(String number) {
        return delete(sql -> sql.update("DELETE FROM dialled_number WHERE number = ?", number));
    }

    @Override
    public boolean deleteCalendar(String calendarId) {
        return delete(sql -> {
            unused(
                    sql,
                    "calendar " + calendarId,
                    "inbound rule",
                    "SELECT rule_id FROM inbound_rule WHERE ? IN (on_days_of, not_on_days_of) ORDER BY 1",
                    calendarId);
            return sql.update("DELETE FROM calendar WHERE calendar_id = ?", calendarId);
        });
    }

    @Override
    public boolean deleteInboundRule(String ruleId) {
        return delete(sql -> sql.update("DELETE FROM inbound_rule WHERE rule_id = ?", ruleId));
    }

    @Override
    public boolean deleteCaller(String number) {
        return delete(sql -> sql.update("DELETE FROM caller_entry WHERE number = ?", number));
    }

    // ---- for the seed

    /** Here a password may refer to the environment, and is stored as such; the variable must be set on this node. */
    void putBoxOfSeed(BoxSettings box) {
        Rules.check(box);
        SecretReference.variable(box.password())
                .filter(name -> environment.get(name).isEmpty())
                .ifPresent(name -> {
                    throw new Refused(
                            UNSET_VARIABLE,
                            "password",
                            "box " + box.boxId() + ": password refers to the environment variable " + name
                                    + ", which is not set; set it");
                });
        putCheckedBox(box);
    }

    boolean wasSeeded(String kind, String id) {
        return database.inTransaction(connection -> new Sql(connection)
                .one("SELECT 1 FROM configuration_seeded WHERE kind = ? AND id = ?", row -> row.getInt(1), kind, id)
                .isPresent());
    }

    void noteSeeded(String kind, String id) {
        database.inTransaction(connection -> new Sql(connection)
                .update("INSERT INTO configuration_seeded (kind, id) VALUES (?, ?) ON CONFLICT DO NOTHING", kind, id));
    }

    // ---- one change, or several as one

    @Override
    public <T> T together(Supplier<T> changes) {
        return inChange(sql -> changes.get());
    }

    private interface Change<T> {
        T make(Sql sql) throws SQLException;
    }

    private interface Step {
        void make(Sql sql) throws SQLException;
    }

    private void change(Step step) {
        inChange(sql -> {
            step.make(sql);
            return null;
        });
    }

    private boolean delete(Change<Integer> rows) {
        return inChange(sql -> {
            var deleted = rows.make(sql);
            changedIf(deleted);
            return deleted > 0;
        });
    }

    /** The change that this thread is making. */
    private static final class Ongoing {
        private boolean effective;
    }

    private <T> T inChange(Change<T> change) {
        if (ongoing.get() != null) {
            return database.inTransaction(connection -> change.make(new Sql(connection)));
        }
        var outermost = new Ongoing();
        ongoing.set(outermost);
        try {
            return database.inTransaction(connection -> {
                var sql = new Sql(connection);
                sql.one("SELECT version FROM configuration_version FOR UPDATE", row -> row.getLong(1));
                var result = change.make(sql);
                if (outermost.effective) {
                    sql.update("UPDATE configuration_version SET version = version + 1");
                }
                return result;
            });
        } finally {
            ongoing.remove();
        }
    }

    /** To be called within a change, with the number of rows that it wrote. */
    private void changedIf(int rows) {
        if (rows > 0) {
            ongoing.get().effective = true;
        }
    }

    private static void known(Sql sql, String kind, String id, String what, String field) throws SQLException {
        var found = sql.one("SELECT 1 FROM " + kind + " WHERE " + kind + "_id = ?", row -> row.getInt(1), id);
        if (found.isEmpty()) {
            throw new Refused(
                    "UNKNOWN_REFERENCE",
                    field,
                    what + ": " + field + " names the " + kind + " '" + id + "', which does not exist; add it first");
        }
    }

    private static void unused(Sql sql, String what, String user, String query, String id) throws SQLException {
        var users = sql.all(query, row -> row.getString(1), id);
        if (!users.isEmpty()) {
            var several = users.size() > 1;
            var shown = String.join(", ", users.subList(0, Math.min(10, users.size())))
                    + (users.size() > 10 ? ", and " + (users.size() - 10) + " more" : "");
            throw new Refused(
                    "IN_USE",
                    String.format(
                            Locale.ROOT,
                            "%s is in use by %s %s; delete %s or point %s elsewhere first",
                            what,
                            user + (several ? "s" : ""),
                            shown,
                            several ? "them" : "it",
                            several ? "them" : "it"));
        }
    }
}
