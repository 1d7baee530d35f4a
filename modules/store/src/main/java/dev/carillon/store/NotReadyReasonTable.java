package dev.carillon.store;

import dev.carillon.core.agent.NotReadyReason;
import dev.carillon.core.agent.NotReadyReasons;
import java.sql.SQLException;
import java.util.List;

/** The table of reasons not to be ready. */
final class NotReadyReasonTable {

    /** As in the table of what was seeded: stored, so it stays. */
    static final String KIND = "not-ready reason";

    /** What a centre begins with that brings no list of its own. Paid is what is work, and the short break. */
    private static final List<NotReadyReason> STANDARD = List.of(
            new NotReadyReason("break", "Break", true, true, 10),
            new NotReadyReason("lunch", "Lunch", false, true, 20),
            new NotReadyReason("meeting", "Meeting", true, true, 30),
            new NotReadyReason("training", "Training", true, true, 40),
            new NotReadyReason("back-office", "Back office", true, true, 50),
            new NotReadyReason("personal", "Personal", false, true, 60));

    private NotReadyReasonTable() {}

    static NotReadyReasons load(Sql sql) throws SQLException {
        return NotReadyReasons.of(sql.all(
                "SELECT * FROM not_ready_reason",
                row -> new NotReadyReason(
                        row.getString("code"),
                        row.getString("name"),
                        row.getBoolean("paid"),
                        row.getBoolean("active"),
                        row.getInt("place"))));
    }

    static int put(Sql sql, NotReadyReason reason) throws SQLException {
        return sql.update(
                """
                INSERT INTO not_ready_reason (code, name, paid, active, place) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (code) DO UPDATE
                SET name = excluded.name, paid = excluded.paid, active = excluded.active, place = excluded.place
                WHERE (not_ready_reason.*) IS DISTINCT FROM (excluded.*)
                """,
                reason.code(),
                reason.name(),
                reason.paid(),
                reason.active(),
                reason.order());
    }

    static int delete(Sql sql, String code) throws SQLException {
        return sql.update("DELETE FROM not_ready_reason WHERE code = ?", code);
    }

    /** Only where there never was any: an operator who has deleted them all does not want them back. */
    static int addStandard(Sql sql) throws SQLException {
        var hadAny = sql.one(
                "SELECT 1 FROM not_ready_reason UNION ALL SELECT 1 FROM configuration_seeded WHERE kind = ? LIMIT 1",
                row -> row.getInt(1),
                KIND);
        if (hadAny.isPresent()) {
            return 0;
        }
        var written = 0;
        for (var reason : STANDARD) {
            written += put(sql, reason);
            sql.update("INSERT INTO configuration_seeded (kind, id) VALUES (?, ?)", KIND, reason.code());
        }
        return written;
    }
}
