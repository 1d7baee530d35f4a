package dev.carillon.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import dev.carillon.core.agent.AgentDecider;
import dev.carillon.core.call.CallDecider;
import dev.carillon.core.queue.QueueDecider;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.agent.AgentEvent;
import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.protocol.box.EndCause;
import dev.carillon.protocol.call.CallCommand;
import dev.carillon.protocol.call.CallEvent;
import dev.carillon.protocol.call.OfferOutcome;
import dev.carillon.protocol.queue.LeaveReason;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.queue.QueueCommand.Presence;
import dev.carillon.protocol.queue.QueueCommand.Today;
import dev.carillon.protocol.queue.QueueEvent;
import dev.carillon.protocol.seat.SeatCommand;
import dev.carillon.protocol.view.View;
import dev.carillon.protocol.view.View.AgentPhase;
import dev.carillon.protocol.view.View.CallPhase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Journals and snapshots as they are stored somewhere bring to life what they brought to life when they were written. */
class StoredJournalsTest {

    private static final Path FOLDER = Path.of("src/test/resources/journals");

    private static Instant at(long second) {
        return Instant.parse("2026-11-21T08:00:00Z").plusSeconds(second);
    }

    /** An entity of which nothing is left but its journal. */
    private record Stored<C, E extends Message, S>(Decider<C, E, S> decider, String id, List<E> events) {

        static <C, E extends Message, S> Stored<C, E, S> in(
                String file, Decider<C, E, S> decider, String id, E anyEvent) throws IOException {
            return new Stored<>(decider, id, read(file, anyEvent));
        }

        S after(int count) {
            var state = decider.empty(id);
            for (var event : events.subList(0, count)) {
                state = decider.evolve(state, event);
            }
            return state;
        }

        /** How it looks after each event; null while there is nothing to see. */
        List<View> looks() {
            return IntStream.rangeClosed(1, events.size())
                    .mapToObj(count -> decider.view(after(count)).orElse(null))
                    .toList();
        }

        /** The timers that run after each event. */
        List<List<Timer>> timers() {
            return IntStream.rangeClosed(1, events.size())
                    .mapToObj(count -> decider.timers(after(count)))
                    .toList();
        }

        List<Output> owes(int count) {
            return decider.resume(after(count), new Context(at(1_000), Scenario.directory(), () -> "new"));
        }

        List<Output> owes() {
            return owes(events.size());
        }
    }

    // ---- files

    private static <E extends Message> List<E> read(String name, E anyEvent) throws IOException {
        var words = words(name, anyEvent);
        var file = FOLDER.resolve(name + ".binpb");
        if (Boolean.getBoolean("golden.write") && !Files.exists(file)) {
            var bytes = new ByteArrayOutputStream();
            for (var event : words) {
                event.writeDelimitedTo(bytes);
            }
            Files.write(file, bytes.toByteArray());
        }
        var events = new ArrayList<E>();
        var bytes = new ByteArrayInputStream(Files.readAllBytes(file));
        while (bytes.available() > 0) {
            events.add(kind(anyEvent, anyEvent.getParserForType().parseDelimitedFrom(bytes)));
        }
        assertThat(events).as("what the bytes say and what the words say").isEqualTo(words);
        return events;
    }

    private static <E extends Message> List<E> words(String name, E anyEvent) throws IOException {
        var events = new ArrayList<E>();
        for (var text : Files.readString(FOLDER.resolve(name + ".txtpb")).split("\n\n", -1)) {
            var builder = anyEvent.newBuilderForType();
            TextFormat.merge(text, builder);
            events.add(kind(anyEvent, builder.build()));
        }
        return events;
    }

    @SuppressWarnings("unchecked")
    private static <E extends Message> E kind(E anyEvent, Message event) {
        return (E) anyEvent.getClass().cast(event);
    }

    @Nested
    class Agent {

        private final Stored<AgentCommand, AgentEvent, ?> ann = ann("agent");

        private Stored<AgentCommand, AgentEvent, ?> ann(String file) {
            try {
                return Stored.in(file, new AgentDecider(), "ann", AgentEvent.getDefaultInstance());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Test
        void looksAsTheyDidAfterEachEvent() {
            assertThat(ann.looks())
                    .containsExactly(
                            idle(AgentPhase.NOT_READY, 0, "1001", "login"),
                            idle(AgentPhase.READY, 1, "1001", null),
                            busy(AgentPhase.RESERVED, 2, "1001", "c1", "sales", null),
                            idle(AgentPhase.READY, 5, "1001", null),
                            busy(AgentPhase.RESERVED, 6, "1001", "c2", "sales", null),
                            busy(AgentPhase.RESERVED, 6, "1001", "c2", "sales", null),
                            busy(AgentPhase.TALKING, 9, "1001", "c2", "sales", null),
                            busy(AgentPhase.TALKING, 9, "1001", "c2", "sales", "lunch"),
                            new View.OfAgent(
                                    "ann",
                                    AgentPhase.WRAP_UP,
                                    at(39),
                                    "1001",
                                    null,
                                    "c2",
                                    "sales",
                                    at(69),
                                    "lunch",
                                    null,
                                    new View.WrapUp("OPTIONAL", 0, null),
                                    null),
                            idle(AgentPhase.NOT_READY, 69, "1001", "lunch"),
                            idle(AgentPhase.READY, 100, "1001", null),
                            busy(AgentPhase.RESERVED, 101, "1001", "c3", "support", null),
                            idle(AgentPhase.READY, 121, "1001", null),
                            idle(AgentPhase.NOT_READY, 121, "1001", "no-answer"),
                            idle(AgentPhase.LOGGED_OUT, 130, null, null),
                            idle(AgentPhase.NOT_READY, 140, "1002", "login"),
                            idle(AgentPhase.READY, 141, "1002", null),
                            busy(AgentPhase.RESERVED, 142, "1002", "c4", "support", null),
                            busy(AgentPhase.TALKING, 145, "1002", "c4", "support", null),
                            busy(AgentPhase.TALKING, 145, "1002", "c4", "support", "ready"));
        }

        @Test
        void hasTheTimersTheyHadAfterEachEvent() {
            var none = List.<Timer>of();
            assertThat(ann.timers())
                    .containsExactly(
                            none,
                            none,
                            asks("o1", 2),
                            none,
                            asks("o2", 6),
                            asks("o2", 6),
                            asks("o2", 9),
                            asks("o2", 9),
                            List.of(new Timer("wrap-up:" + at(69).toEpochMilli(), at(69))),
                            none,
                            none,
                            asks("o3", 101),
                            none,
                            none,
                            none,
                            none,
                            none,
                            asks("o4", 142),
                            asks("o4", 145),
                            asks("o4", 145));
        }

        private static List<Timer> asks(String offerId, long since) {
            return List.of(new Timer("ask:" + offerId, at(since).plus(Duration.ofSeconds(3))));
        }

        @Test
        void isIdleForAsLongAsBeforeAnOfferThatFailedByTheCallersDoing() {
            assertThat(ann.owes(4))
                    .containsExactly(
                            howIsSeat("1001"),
                            status("sales", 4, Presence.READY, at(1), "box-1"),
                            status("support", 4, Presence.READY, at(1), "box-1"));
        }

        @Test
        void saysAReservationAgainWithTheSeatAsItIsNow() {
            assertThat(ann.owes(6))
                    .containsExactly(
                            new Output.ToQueue(
                                    "sales",
                                    new QueueCommand.Reserved(
                                            "o2", "c2", "ann", new Seat("1001", "box-1", "PJSIP/2001"), 6)),
                            howIsSeat("1001"),
                            occupied("sales", 6, "sales"),
                            occupied("support", 6, "sales"));
        }

        @Test
        void owesTheQueuesHowTheyStandInTheEnd() {
            assertThat(ann.owes())
                    .containsExactly(
                            howIsSeat("1002"), occupied("sales", 20, "support"), occupied("support", 20, "support"));
        }

        @Test
        void isTheSameFromASnapshot() {
            var stored = ann("agent-snapshot");

            same(ann, stored);
        }

        private static <S, T> void same(
                Stored<AgentCommand, AgentEvent, S> journal, Stored<AgentCommand, AgentEvent, T> snapshot) {
            var fromJournal = journal.after(journal.events().size());
            var fromSnapshot = snapshot.after(snapshot.events().size());
            assertThat(fromSnapshot).isEqualTo(fromJournal);
            assertThat(journal.decider().compact(fromJournal)).isEqualTo(snapshot.events());
            assertThat(snapshot.owes()).isEqualTo(journal.owes());
        }

        private static View idle(AgentPhase phase, long since, String seatId, String reason) {
            return new View.OfAgent("ann", phase, at(since), seatId, reason, null, null, null, null, null, null, null);
        }

        private static View busy(
                AgentPhase phase, long since, String seatId, String callId, String queueId, String next) {
            return new View.OfAgent(
                    "ann", phase, at(since), seatId, null, callId, queueId, null, next, null, null, null);
        }

        /** Asked by whoever has not heard of it since they are there. */
        private static Output howIsSeat(String seatId) {
            return new Output.ToSeat(seatId, new SeatCommand.TellReachability("ann"));
        }

        private static Output status(String queueId, long version, Presence presence, Instant idleSince, String boxId) {
            return new Output.ToQueue(
                    queueId, new QueueCommand.AgentStatus("ann", version, presence, idleSince, boxId, Today.NONE));
        }

        private static Output occupied(String queueId, long version, String worksFor) {
            var status = new QueueCommand.AgentStatus(
                    "ann", version, Presence.OCCUPIED, null, null, Today.NONE, worksFor, 0);
            return new Output.ToQueue(queueId, status);
        }
    }

    @Nested
    class Call {

        private static final String ID = "box-1-17";

        private final Stored<CallCommand, CallEvent, ?> answered = call("call-answered");
        private final Stored<CallCommand, CallEvent, ?> abandoned = call("call-abandoned");

        private Stored<CallCommand, CallEvent, ?> call(String file) {
            try {
                return Stored.in(file, new CallDecider(), ID, CallEvent.getDefaultInstance());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Test
        void looksAsItDidAfterEachEvent() {
            assertThat(answered.looks())
                    .containsExactly(
                            null,
                            view(CallPhase.WAITING, at(0).plusMillis(100), null, 0),
                            view(CallPhase.RINGING, at(2), "bob", 1),
                            view(CallPhase.WAITING, at(22), null, 1),
                            view(CallPhase.RINGING, at(23), "ann", 2),
                            view(CallPhase.TALKING, at(25), "ann", 2),
                            view(CallPhase.ENDED, at(85), null, 2));
        }

        private static View view(CallPhase phase, Instant since, String agentId, int offers) {
            return new View.OfCall(ID, phase, since, "box-1", "4930123", "100", "sales", 5, agentId, at(0), offers);
        }

        @Test
        void hasTheTimersItHadAfterEachEvent() {
            var beat = List.of(new Timer("beat", Instant.EPOCH));
            assertThat(answered.timers())
                    .containsExactly(
                            List.of(),
                            beat,
                            beat,
                            beat,
                            beat,
                            beat,
                            List.of(new Timer("give-up", at(85).plusSeconds(60))));
        }

        @Test
        void waitingAgainItKeepsItsPlaceAndTellsTheAgentWhoDidNotAnswer() {
            assertThat(answered.owes(4))
                    .containsExactly(
                            toBox(new BoxCommand.HangUp(ID, "leg-1", EndCause.NORMAL)),
                            over("bob", "o1", OfferOutcome.UNANSWERED),
                            toBox(new BoxCommand.Answer(ID, "17")),
                            toBox(new BoxCommand.PlayMusic(ID, "17", "default")),
                            toQueue(new QueueCommand.Enqueue(ID, "box-1", 5, at(0), "4930123", 2)),
                            toBox(new BoxCommand.TakeStock(ID)));
        }

        @Test
        void talkingItBridgesTheTwoAgain() {
            assertThat(answered.owes(6))
                    .containsExactly(
                            toBox(new BoxCommand.HangUp(ID, "leg-1", EndCause.NORMAL)),
                            over("bob", "o1", OfferOutcome.UNANSWERED),
                            toBox(new BoxCommand.Answer(ID, "17")),
                            toBox(new BoxCommand.Bridge(ID, "br-1", List.of("17", "leg-2"))),
                            new Output.ToAgent("ann", new AgentCommand.OfferTalking("o2", ID, "sales")),
                            toQueue(new QueueCommand.Leave(ID, LeaveReason.CONNECTED, 3, "ann")),
                            toBox(new BoxCommand.TakeStock(ID)));
        }

        @Test
        void endedItTellsEverybody() {
            assertThat(answered.owes())
                    .containsExactly(
                            toBox(new BoxCommand.HangUp(ID, "17", EndCause.NORMAL)),
                            toBox(new BoxCommand.HangUp(ID, "leg-2", EndCause.NORMAL)),
                            over("ann", "o2", OfferOutcome.COMPLETED),
                            toQueue(new QueueCommand.Leave(ID, LeaveReason.CONNECTED, 5, "ann")));
            assertThat(abandoned.owes())
                    .containsExactly(
                            toBox(new BoxCommand.HangUp(ID, "17", EndCause.NORMAL)),
                            toBox(new BoxCommand.HangUp(ID, "leg-1", EndCause.NORMAL)),
                            over("bob", "o1", OfferOutcome.CALLER_LEFT),
                            toQueue(new QueueCommand.Leave(ID, LeaveReason.LOST, 3, "")));
        }

        private static Output toBox(BoxCommand command) {
            return new Output.ToBox("box-1", command);
        }

        private static Output toQueue(QueueCommand command) {
            return new Output.ToQueue("sales", command);
        }

        private static Output over(String agentId, String offerId, OfferOutcome outcome) {
            return new Output.ToAgent(agentId, new AgentCommand.OfferOver(offerId, ID, "sales", outcome));
        }
    }

    @Nested
    class Queue {

        private final Stored<QueueCommand, QueueEvent, ?> sales = sales("queue");

        private Stored<QueueCommand, QueueEvent, ?> sales(String file) {
            try {
                return Stored.in(file, new QueueDecider(), "sales", QueueEvent.getDefaultInstance());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Test
        void looksAsItDidAfterEachEvent() {
            assertThat(sales.looks())
                    .containsExactly(
                            view(0, null, 1),
                            view(0, null, 2),
                            view(1, at(1), 2),
                            view(2, at(1), 2),
                            view(3, at(1), 2),
                            view(2, at(2), 2),
                            view(2, at(2), 1));
        }

        private static View view(int waiting, Instant longest, int members) {
            return new View.OfQueue("sales", waiting, 0, longest, members, 0);
        }

        @Test
        void hasTheTimersItHadAfterEachEvent() {
            var check = List.of(new Timer("check", Instant.EPOCH));
            assertThat(sales.timers()).containsExactly(List.of(), List.of(), check, check, check, check, check);
        }

        @Test
        void asksItsCallsAndItsMembersHowTheyStand() {
            assertThat(sales.owes())
                    .containsExactlyInAnyOrder(
                            new Output.ToCall("c2", new CallCommand.AreYouWaiting("sales")),
                            new Output.ToCall("c3", new CallCommand.AreYouWaiting("sales")),
                            new Output.ToAgent("ann", new AgentCommand.TellStatus("sales")));
        }

        @Test
        void keepsTheOrderInASnapshotAndFromOne() {
            same(sales, sales("queue-snapshot"));
        }

        private static <S, T> void same(
                Stored<QueueCommand, QueueEvent, S> journal, Stored<QueueCommand, QueueEvent, T> snapshot) {
            var fromJournal = journal.after(journal.events().size());
            var fromSnapshot = snapshot.after(snapshot.events().size());
            assertThat(journal.decider().compact(fromJournal)).isEqualTo(snapshot.events());
            assertThat(snapshot.decider().compact(fromSnapshot)).isEqualTo(snapshot.events());
            assertThat(snapshot.decider().view(fromSnapshot))
                    .isEqualTo(journal.decider().view(fromJournal));
            assertThat(snapshot.owes()).containsExactlyInAnyOrderElementsOf(journal.owes());
        }
    }
}
