package dev.carillon.load;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Compares what callers and agents lived through with the records of their calls. */
final class CallCheck {

    private static final String ANSWERED = "ANSWERED";
    private static final String ABANDONED = "ABANDONED";
    private static final String SEAT = "SEAT";
    private static final String AGENT = "AGENT";
    private static final String CALLER = "CALLER";

    /** A conversation as the record has it. */
    record Recorded(
            String callId, String callerNumber, String agentId, String outcome, String endedBy, long talkMillis) {}

    /**
     * How the calls of a run ended.
     *
     * @param missed the agent picked up in the very moment in which the caller hung up, and heard nobody
     * @param refused were not let in; there is no record of them
     */
    record Sums(long calls, long records, long answered, long abandoned, long missed, long refused) {}

    private final Map<String, News.Lived> lived = new HashMap<>();
    private final Set<String> recorded = new HashSet<>();
    private final Map<Integer, Long> silentAt = new HashMap<>();
    private final List<String> differences = new ArrayList<>();
    private long answered;
    private long abandoned;
    private long missed;
    private long records;
    private long refused;

    void lived(News.Lived one) {
        lived.put(one.callId(), one);
        if (one.refused()) {
            refused++;
        }
    }

    /** In the order in which phones of one agent became silent. */
    void rang(News.Ring ring) {
        var before = silentAt.put(ring.agent(), ring.overAt());
        if (before != null && ring.toldAt() < before) {
            differences.add("The phone of " + Centre.agentId(ring.agent()) + " was rung for call " + ring.callId()
                    + " while it was in use for another");
        }
    }

    int calls() {
        return lived.size();
    }

    /** Of so many there is to be a record. */
    long letIn() {
        return lived.size() - refused;
    }

    void recorded(Recorded record) {
        records++;
        var one = lived.get(record.callId());
        if (one == null) {
            differences.add("There is a record of call " + record.callId() + ", which nobody has made");
        } else if (!recorded.add(record.callId())) {
            differences.add("Call " + record.callId() + " has more than one record");
        } else if (one.refused()) {
            differences.add("There is a record of call " + record.callId() + ", whose caller was refused");
        } else {
            compare(one, record);
        }
    }

    private void compare(News.Lived one, Recorded record) {
        if (!record.callerNumber().equals(BoxTraffic.callerNumber(one.number()))) {
            differ(one, record, "the caller is " + BoxTraffic.callerNumber(one.number()));
        }
        if (one.talks() > 1) {
            differ(one, record, "the caller talked to " + one.talks() + " agents");
        } else if (one.talks() == 1) {
            answered++;
            var endedBy = one.talkEndedBy().equals(SEAT) ? AGENT : CALLER;
            if (!record.outcome().equals(ANSWERED)
                    || !record.agentId().equals(Centre.agentId(one.agent()))
                    || !record.endedBy().equals(endedBy)) {
                differ(
                        one,
                        record,
                        "it was answered by " + Centre.agentId(one.agent()) + " and ended by the "
                                + endedBy.toLowerCase(java.util.Locale.ROOT));
            }
        } else if (!record.endedBy().equals(CALLER)) {
            differ(one, record, "the caller hung up without having talked to anybody");
        } else if (record.outcome().equals(ANSWERED) && record.talkMillis() <= one.patienceMillis()) {
            missed++;
        } else if (record.outcome().equals(ABANDONED)) {
            abandoned++;
        } else {
            differ(one, record, "the caller hung up without having talked to anybody");
        }
    }

    private void differ(News.Lived one, Recorded record, String truth) {
        differences.add("Call " + one.callId() + " is recorded as " + record + ", but " + truth);
    }

    /** Once everybody has left and every record was seen: what does not agree. */
    List<String> differences() {
        var all = new ArrayList<>(differences);
        lived.values().stream()
                .filter(one -> !one.refused() && !recorded.contains(one.callId()))
                .map(one -> "Call " + one.callId() + " has no record")
                .sorted()
                .forEach(all::add);
        return all;
    }

    Sums sums() {
        return new Sums(lived.size(), records, answered, abandoned, missed, refused);
    }
}
