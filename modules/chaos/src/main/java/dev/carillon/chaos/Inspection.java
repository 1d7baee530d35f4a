package dev.carillon.chaos;

import dev.carillon.chaos.Findings.Violation;
import dev.carillon.telephony.simulated.Experience;
import dev.carillon.telephony.simulated.Ring;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Compares what people lived through with what the cluster has written, once everybody has left and all is at rest. The rules are in docs/chaos.md. */
public final class Inspection {

    static final String ONE_RECORD = "one-record";
    static final String TRUE_RECORD = "true-record";
    static final String NOT_CUT = "not-cut";
    static final String ONE_OFFER = "one-offer";
    static final String ONE_CALL = "one-call";

    /** A caller who has just come, or is about to leave, need not have been noticed. */
    private static final Duration BLINK = Duration.ofSeconds(2);

    private final List<Violation> violations = new ArrayList<>();
    private final List<Experience> callers;
    private final List<Ring> rings;
    private final Journal journal;
    private final Function<String, List<Period>> unattended;
    private final List<Period> troubled;
    private long answered;
    private long abandoned;
    private long lost;
    private long missed;
    private long unseen;

    /**
     * @param unattended of a box: when the cluster could not have noticed, or not have written, that somebody came there
     * @param troubled when something was broken, or has just been
     */
    private Inspection(
            List<Experience> callers,
            List<Ring> rings,
            Journal journal,
            Function<String, List<Period>> unattended,
            List<Period> troubled) {
        this.callers = callers;
        this.rings = rings;
        this.journal = journal;
        this.unattended = unattended;
        this.troubled = troubled;
    }

    static Findings of(
            List<Experience> callers,
            List<Ring> rings,
            Journal journal,
            Function<String, List<Period>> unattended,
            List<Period> troubled) {
        return new Inspection(callers, rings, journal, unattended, troubled).inspect();
    }

    private Findings inspect() {
        phones();
        callers();
        var written = new WrittenHistories(journal, troubled);
        violations.addAll(written.violations());
        return new Findings(
                callers.size(),
                answered,
                abandoned,
                lost,
                missed,
                unseen,
                journal.records().size(),
                written.offers(),
                written.judged(),
                violations);
    }

    private void broken(String rule, String about, String what) {
        violations.add(new Violation(rule, about, what));
    }

    // ---- phones

    private void phones() {
        inTurn(ONE_OFFER, rings, Ring::callId, id -> "call " + id);
        inTurn(ONE_CALL, rings, ring -> Plan.agentAt(ring.endpoint()), id -> "agent " + id);
    }

    private void inTurn(String rule, List<Ring> all, Function<Ring, String> by, Function<String, String> about) {
        all.stream().collect(Collectors.groupingBy(by)).forEach((id, some) -> {
            var inOrder =
                    some.stream().sorted(Comparator.comparing(Ring::toldAt)).toList();
            for (var i = 1; i < inOrder.size(); i++) {
                var before = inOrder.get(i - 1);
                var next = inOrder.get(i);
                if (next.toldAt().isBefore(before.endedAt().orElse(Instant.MAX))) {
                    broken(
                            rule,
                            about.apply(id),
                            "phone " + next.endpoint() + " was rung for call " + next.callId() + " at "
                                    + next.toldAt() + ", while phone " + before.endpoint() + " was in use for call "
                                    + before.callId() + " from " + before.toldAt() + " to "
                                    + before.endedAt().map(Instant::toString).orElse("now"));
                }
            }
        });
    }

    // ---- callers and their records

    private void callers() {
        var records = new HashMap<String, List<Journal.Recorded>>();
        var byNumber = new HashMap<String, Set<String>>();
        for (var record : journal.records()) {
            records.computeIfAbsent(record.callId(), id -> new ArrayList<>()).add(record);
            byNumber.computeIfAbsent(record.callerNumber(), number -> new TreeSet<>())
                    .add(record.callId());
        }
        byNumber.forEach((number, ids) -> {
            if (ids.size() > 1) {
                broken(ONE_RECORD, "call " + ids.iterator().next(), "the same caller has records " + ids);
            }
        });
        for (var caller : callers) {
            compare(caller, records.getOrDefault(caller.callId(), List.of()));
        }
        var known = callers.stream().map(Experience::callId).collect(Collectors.toSet());
        records.keySet().stream()
                .filter(id -> !known.contains(id))
                .forEach(id -> broken(ONE_RECORD, "call " + id, "there is a record, and nobody has called"));
        if (journal.setAside() > 0) {
            broken(ONE_RECORD, "records", "of " + journal.setAside() + " events no record could be made");
        }
    }

    private void compare(Experience caller, List<Journal.Recorded> records) {
        var about = "call " + caller.callId();
        if (caller.connections().stream()
                .anyMatch(talk -> talk.endedBy().equals(Optional.of(Experience.Who.CARILLON)))) {
            broken(NOT_CUT, about, "a talk was cut off by Carillon: " + caller.connections());
        }
        if (records.size() > 1) {
            broken(ONE_RECORD, about, "has " + records.size() + " records");
        } else if (records.isEmpty()) {
            withoutRecord(caller, about);
        } else {
            compare(caller, about, records.get(0));
        }
    }

    private void withoutRecord(Experience caller, String about) {
        if (journal.calls().containsKey(caller.callId())
                || !caller.connections().isEmpty()) {
            broken(
                    ONE_RECORD,
                    about,
                    "has no record, and "
                            + journal.calls()
                                    .getOrDefault(caller.callId(), List.of())
                                    .size() + " events");
            return;
        }
        var boxId = caller.callId().substring(0, caller.callId().lastIndexOf('-'));
        var stay = new Period(
                caller.arrivedAt().plus(BLINK),
                caller.endedAt().orElse(Instant.MAX).minus(BLINK));
        if (stay.from().isBefore(stay.to()) && !stay.isWithin(unattended.apply(boxId))) {
            broken(
                    ONE_RECORD,
                    about,
                    "was on the line from " + caller.arrivedAt() + " to "
                            + caller.endedAt().orElse(Instant.MAX) + ", and nobody has noticed");
        } else {
            unseen++;
        }
    }

    private void compare(Experience caller, String about, Journal.Recorded record) {
        if (!caller.caller().number().equals(record.callerNumber())) {
            broken(TRUE_RECORD, about, "the caller is " + caller.caller().number() + ", recorded is " + record);
        }
        if (caller.connections().size() > 1) {
            broken(TRUE_RECORD, about, "the caller has talked to several: " + caller.connections());
        } else if (caller.connections().size() == 1) {
            answered++;
            var agent = Plan.agentAt(caller.connections().get(0).endpoint());
            if (!record.outcome().equals("ANSWERED") || !record.agentId().equals(agent)) {
                broken(TRUE_RECORD, about, "the caller has talked to " + agent + ", recorded is " + record);
            }
        } else if (record.outcome().equals("ANSWERED")) {
            missed++;
        } else if (caller.endedBy().equals(Optional.of(Experience.Who.CARILLON))) {
            broken(NOT_CUT, about, "Carillon hung up on a caller who has talked to nobody, recorded is " + record);
        } else if (record.outcome().equals("LOST")) {
            lost++;
            if (!caller.endedBy().equals(Optional.of(Experience.Who.BOX))) {
                broken(TRUE_RECORD, about, "recorded as lost with its box, which has not lost it: " + caller.endedBy());
            }
        } else if (record.outcome().equals("ABANDONED")) {
            abandoned++;
        } else {
            broken(TRUE_RECORD, about, "the caller has talked to nobody, recorded is " + record);
        }
    }
}
