package dev.carillon.store;

import dev.carillon.core.Directory;
import dev.carillon.core.Timing;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The settings of an agent: as {@link QueueForm} for queues. */
public final class AgentForm {

    private static final int LONGEST_NAME = 100;
    private static final int MOST_QUEUES = 1000;
    private static final int MOST_RANK = 1000;

    /** With their name and queues, as the API wants it. */
    public static Directory.Agent read(String id, Form form) {
        return read(id, form.text("name", LONGEST_NAME), form.ids("queueIds", Ids.ENTITY, MOST_QUEUES), form);
    }

    /** @param name what people call them */
    static Directory.Agent read(String id, String name, List<String> queueIds, Form form) {
        var ranks = form.numbers("ranks", 1, MOST_RANK);
        var reserveOf = form.ids("reserveOf", Ids.ENTITY, MOST_QUEUES);
        among(queueIds, reserveOf, "reserveOf", form);
        among(queueIds, List.copyOf(ranks.keySet()), "ranks", form);
        return new Directory.Agent(
                id,
                name,
                queueIds,
                form.numbers("skills", QueueForm.LEAST_LEVEL, QueueForm.MOST_LEVEL),
                new TreeSet<>(reserveOf),
                ranks,
                form.wholeNumber("maxCallsPerHour", 0, Timing.MOST_CALLS_WINDOW, 0));
    }

    private static void among(List<String> queueIds, List<String> named, String setting, Form form) {
        named.stream()
                .filter(queueId -> !queueIds.contains(queueId))
                .findFirst()
                .ifPresent(queueId ->
                        form.invalid(setting, "names " + queueId + ", which is not among the queues of the agent"));
    }

    /** So that reading it gives the same agent; without id, name and queues. */
    public static Map<String, Object> written(Directory.Agent agent) {
        var written = new LinkedHashMap<String, Object>();
        written.put("skills", new TreeMap<>(agent.skills()));
        written.put("reserveOf", List.copyOf(new TreeSet<>(agent.reserveOf())));
        written.put("ranks", new TreeMap<>(agent.ranks()));
        written.put("maxCallsPerHour", agent.maxCallsPerHour());
        return written;
    }

    private AgentForm() {}
}
