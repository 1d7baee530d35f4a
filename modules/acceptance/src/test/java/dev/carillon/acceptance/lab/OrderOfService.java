package dev.carillon.acceptance.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.carillon.protocol.agent.AgentEvent;
import dev.carillon.protocol.queue.QueueEvent;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Whose turn it was, by what Carillon has written down, on its own clock: neither a network nor a phone blurs it. For one queue whose
 * agents all serve it.
 */
public final class OrderOfService {

    /** Two who are told in the same moment are told by two actors side by side. */
    private static final Duration SAME_MOMENT = Duration.ofMillis(50);

    /** All else, word of their phone for example, leaves whoever is ready as they are. */
    private static final Set<AgentEvent.EventCase> END_OF_READINESS = EnumSet.of(
            AgentEvent.EventCase.RESERVED, AgentEvent.EventCase.BECAME_NOT_READY, AgentEvent.EventCase.LOGGED_OUT);

    private record Offer(String number, int entered, int priority, Instant waitingSince, Instant started) {}

    /**
     * A time for which an agent could take a call.
     *
     * @param reserved whether it was a call that ended it
     */
    private record Readiness(String agentId, Instant idleSince, Instant from, Instant to, boolean reserved) {
        boolean during(Instant from, Instant to) {
            return !this.from.isAfter(from) && !this.to.isBefore(to);
        }
    }

    private record Payload(String entity, ByteString bytes) {}

    private final Carillon carillon;
    private final Report report;
    private final Duration sameMoment;

    public OrderOfService(ContactCentre centre) {
        this(centre, SAME_MOMENT);
    }

    /** @param sameMoment by so much who came later may be before who came first, where several are served side by side on a busy machine */
    public OrderOfService(ContactCentre centre, Duration sameMoment) {
        this.sameMoment = sameMoment;
        this.carillon = centre.carillon();
        this.report = centre.report();
    }

    /**
     * Of all calls recorded that were ever offered, the first offer began after those of all who were before it in the queue, and of
     * whom the queue knew first: a call that was slow to tell it may have lost its turn to one that was there.
     */
    public void firstComeFirstServed() {
        var entered = entered();
        var offers = carillon.api().records().stream()
                .filter(record -> record.offers() > 0)
                .map(record -> offer(record.callId(), record.callerNumber(), entered.indexOf(record.callId())))
                .sorted(Comparator.comparingInt(Offer::priority).reversed().thenComparing(Offer::waitingSince))
                .toList();
        var worst = Duration.ZERO;
        for (var i = 0; i < offers.size(); i++) {
            var first = offers.get(i);
            for (var later : offers.subList(i, offers.size())) {
                var early = Duration.between(later.started(), first.started());
                if (later.entered() > first.entered()) {
                    assertThat(early)
                            .as("%s was offered before %s, who was first", later, first)
                            .isLessThanOrEqualTo(sameMoment);
                    worst = early.compareTo(worst) > 0 ? early : worst;
                }
            }
        }
        report.say(
                "by the histories of %d calls: offered in the order of their waiting, worst inversion %d ms",
                offers.size(), worst.toMillis());
    }

    /** The calls in the order in which their queue heard of them. */
    private List<String> entered() {
        var entered = new ArrayList<String>();
        for (var payload : journal("Queue|%")) {
            try {
                var event = QueueEvent.parseFrom(payload.bytes());
                if (event.hasCallEntered()) {
                    entered.add(event.getCallEntered().getCallId());
                }
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException("the journal cannot be read", e);
            }
        }
        return entered;
    }

    private Offer offer(String callId, String number, int entered) {
        var history = carillon.api().history(callId);
        var queued = first(history, "queued");
        return new Offer(
                number,
                entered,
                queued.get("priority").asInt(),
                Instant.parse(queued.get("waitingSince").asText()),
                Instant.parse(first(history, "offer-started").get("at").asText()));
    }

    private static JsonNode first(List<JsonNode> history, String event) {
        return history.stream()
                .filter(one -> one.get("event").asText().equals(event))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + event + " in " + history));
    }

    /**
     * Whenever an agent was reserved, nobody else who was ready just then had been idle for longer.
     *
     * @param choices how often there must have been somebody else, for this to say anything
     */
    public void longestIdleFirst(int choices) {
        var all = new ArrayList<Readiness>();
        agents().forEach((agentId, events) -> all.addAll(readiness(agentId, events)));
        var chosen = 0;
        for (var taken : all.stream().filter(Readiness::reserved).toList()) {
            var others = all.stream()
                    .filter(other -> !other.agentId().equals(taken.agentId()))
                    .filter(other -> other.during(
                            taken.to().minus(sameMoment), taken.to().plus(sameMoment)))
                    .toList();
            chosen += others.isEmpty() ? 0 : 1;
            assertThat(others)
                    .as("the others who were ready when %s was reserved", taken)
                    .allSatisfy(other -> assertThat(other.idleSince()).isAfterOrEqualTo(taken.idleSince()));
        }
        assertThat(chosen).as("times that there was a choice").isGreaterThanOrEqualTo(choices);
        report.say(
                "by the journals of the agents: %d times somebody else was ready too, each time the longest idle was asked",
                chosen);
    }

    private static List<Readiness> readiness(String agentId, List<AgentEvent> events) {
        var found = new ArrayList<Readiness>();
        Instant from = null;
        var idleSince = Instant.EPOCH;
        for (var event : events) {
            var at = Instant.ofEpochMilli(event.getAtMs());
            if (from != null && END_OF_READINESS.contains(event.getEventCase())) {
                found.add(new Readiness(agentId, idleSince, from, at, event.hasReserved()));
                from = null;
            }
            if (event.hasBecameReady()) {
                idleSince = Instant.ofEpochMilli(event.getBecameReady().getIdleSinceMs());
                from = at;
            } else if (event.hasOfferEnded()) {
                from = at;
            }
        }
        if (from != null) {
            found.add(new Readiness(agentId, idleSince, from, Instant.MAX, false));
        }
        return found;
    }

    private Map<String, List<AgentEvent>> agents() {
        var agents = new TreeMap<String, List<AgentEvent>>();
        for (var payload : journal("Agent|%")) {
            try {
                agents.computeIfAbsent(payload.entity(), id -> new ArrayList<>())
                        .add(AgentEvent.parseFrom(payload.bytes()));
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException("the journal cannot be read", e);
            }
        }
        return agents;
    }

    private List<Payload> journal(String entities) {
        var payloads = new ArrayList<Payload>();
        try (var database = carillon.database();
                var statement = database.prepareStatement(
                        """
                        SELECT persistence_id, event_payload FROM event_journal
                        WHERE persistence_id LIKE ? ORDER BY persistence_id, sequence_number
                        """)) {
            statement.setString(1, entities);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    payloads.add(new Payload(rows.getString(1), ByteString.copyFrom(rows.getBytes(2))));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the journal cannot be read", e);
        }
        return payloads;
    }
}
