package dev.carillon.store;

import dev.carillon.core.routing.Steps.Step;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The tables of agents' skills and of queues' steps. */
final class Skills {

    private Skills() {}

    /** By agent, and by skill; agents without skills are not in it. */
    static Map<String, Map<String, Integer>> ofAgents(Sql sql) throws SQLException {
        var skills = new HashMap<String, Map<String, Integer>>();
        sql.all("SELECT agent_id, skill, level FROM agent_skill", row -> skills.computeIfAbsent(
                        row.getString(1), agent -> new HashMap<>())
                .put(row.getString(2), row.getInt(3)));
        return skills;
    }

    /** By queue, in order of time; queues without steps are not in it. */
    static Map<String, List<Step>> stepsOfQueues(Sql sql) throws SQLException {
        var asked = new HashMap<String, TreeMap<Integer, Map<String, Integer>>>();
        sql.all(
                """
                SELECT queue_id, after_seconds, skill, level
                FROM queue_step LEFT JOIN queue_step_skill USING (queue_id, after_seconds)
                """,
                row -> {
                    var step = asked.computeIfAbsent(row.getString(1), queue -> new TreeMap<>())
                            .computeIfAbsent(row.getInt(2), after -> new HashMap<>());
                    return row.getString(3) == null ? null : step.put(row.getString(3), row.getInt(4));
                });
        var steps = new HashMap<String, List<Step>>();
        asked.forEach((queueId, byTime) -> {
            var ofQueue = new ArrayList<Step>();
            byTime.forEach((after, minimum) -> ofQueue.add(new Step(Duration.ofSeconds(after), minimum)));
            steps.put(queueId, ofQueue);
        });
        return steps;
    }

    static void put(Sql sql, String agentId, Map<String, Integer> skills) throws SQLException {
        sql.update("DELETE FROM agent_skill WHERE agent_id = ?", agentId);
        for (var skill : skills.entrySet()) {
            sql.update(
                    "INSERT INTO agent_skill (agent_id, skill, level) VALUES (?, ?, ?)",
                    agentId,
                    skill.getKey(),
                    skill.getValue());
        }
    }

    static void putSteps(Sql sql, String queueId, List<Step> steps) throws SQLException {
        sql.update("DELETE FROM queue_step WHERE queue_id = ?", queueId);
        for (var step : steps) {
            sql.update(
                    "INSERT INTO queue_step (queue_id, after_seconds) VALUES (?, ?)",
                    queueId,
                    step.after().toSeconds());
            for (var skill : step.minimum().entrySet()) {
                sql.update(
                        "INSERT INTO queue_step_skill (queue_id, after_seconds, skill, level) VALUES (?, ?, ?, ?)",
                        queueId,
                        step.after().toSeconds(),
                        skill.getKey(),
                        skill.getValue());
            }
        }
    }
}
