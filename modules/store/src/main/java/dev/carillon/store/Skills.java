package dev.carillon.store;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** The table of agents' skills. */
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
}
