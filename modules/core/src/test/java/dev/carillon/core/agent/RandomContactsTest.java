package dev.carillon.core.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.Directory;
import dev.carillon.core.Output;
import dev.carillon.core.Scenario;
import dev.carillon.core.Timing;
import dev.carillon.core.queue.Waiting;
import dev.carillon.core.routing.Routing;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.agent.AgentEvent;
import dev.carillon.protocol.call.CallCommand;
import dev.carillon.protocol.call.OfferOutcome;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.view.View;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever happens to agents of any capacity, in any order and with crashes in between: their journal, read by itself, never has more contacts
 * than there is capacity, none beside a call and at most one reservation; every bid is answered, unless its queue bids again; and in the end all contacts are over.
 */
class RandomContactsTest {

    private static final int HISTORIES = 80;
    private static final int STEPS = 100;
    private static final Seat SEAT = new Seat("s1", "box1", "PJSIP/1001");
    private static final List<String> QUEUES = List.of("sales", "support", "orders");

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void neverMoreThanTheirCapacityAndAllOfThemEnd(int capacity) {
        int together = 0;
        for (int seed = 0; seed < HISTORIES; seed++) {
            var history = new History(seed, capacity);
            try {
                history.run();
            } catch (AssertionError e) {
                throw new AssertionError("capacity " + capacity + ", seed " + seed + ": " + history.past, e);
            }
            together = Math.max(together, history.journal.mostTogether);
        }
        assertThat(together).as("contacts at once, at most").isEqualTo(capacity);
    }

    /** What the journal says, in this test's own reading. */
    private static final class Journal {

        private record Open(int units, String phase, long untilMs) {}

        private final Map<String, Open> open = new LinkedHashMap<>();
        private final Set<String> coded = new HashSet<>();
        private int capacity;
        private int mostTogether;

        /** @param wished whether people may have ended what the agent may end */
        void read(AgentEvent event, boolean wished) {
            switch (event.getEventCase()) {
                case RESERVED -> {
                    var e = event.getReserved();
                    int taken = open.values().stream().mapToInt(Open::units).sum();
                    assertThat(open.values())
                            .noneMatch(one -> one.units() == 0 || one.phase().equals("reserved"));
                    assertThat(e.getUnits() == 0 ? open.isEmpty() : taken + e.getUnits() <= capacity)
                            .as("%s is reserved beside %s", e, open)
                            .isTrue();
                    open.put(e.getOfferId(), new Open(e.getUnits(), "reserved", 0));
                }
                case OFFER_ENDED -> assertThat(
                                open.remove(event.getOfferEnded().getOfferId()).phase())
                        .isEqualTo("reserved");
                case TALK_STARTED -> {
                    var e = event.getTalkStarted();
                    var before = open.get(e.getOfferId());
                    if (before == null) {
                        assertThat(e.getUnits()).as("adopted").isZero();
                        assertThat(open.values()).allMatch(one -> one.phase().equals("wrap-up"));
                        open.clear();
                    } else {
                        assertThat(before).isEqualTo(new Open(e.getUnits(), "reserved", 0));
                    }
                    open.put(e.getOfferId(), new Open(e.getUnits(), "talking", 0));
                    assertThat(e.getUnits() > 0 || open.size() == 1)
                            .as("a call is alone")
                            .isTrue();
                }
                case WRAP_UP_STARTED -> {
                    var e = event.getWrapUpStarted();
                    assertThat(open.get(e.getOfferId())).isEqualTo(new Open(e.getUnits(), "talking", 0));
                    open.put(e.getOfferId(), new Open(e.getUnits(), "wrap-up", e.getUntilMs()));
                }
                case WRAP_UP_CODED -> coded.add(
                        event.getWrapUpCoded().getCallId().replace('c', 'o'));
                case CONTACT_ENDED -> {
                    var offerId = event.getContactEnded().getOfferId();
                    over(offerId, event, wished);
                    open.remove(offerId);
                    assertThat(open).as("others go on").isNotEmpty();
                }
                case BECAME_READY, BECAME_NOT_READY, LOGGED_OUT, LOGGED_IN -> {
                    boolean isLost = event.getLoggedOut().getLastSeenMs() > 0;
                    open.keySet().forEach(offerId -> over(offerId, event, wished || isLost));
                    open.clear();
                }
                default -> {}
            }
            mostTogether = Math.max(mostTogether, open.size());
        }

        private void over(String offerId, AgentEvent event, boolean wished) {
            var contact = open.get(offerId);
            assertThat(contact.phase()).as("what ends by %s", event).isNotEqualTo("reserved");
            assertThat(!contact.phase().equals("wrap-up")
                            || wished
                            || coded.contains(offerId)
                            || event.getAtMs() >= contact.untilMs())
                    .as("the wrap-up of %s is cut short by %s", offerId, event)
                    .isTrue();
        }
    }

    private static final class History {

        private final Random random;
        private final int capacity;
        private final Journal journal = new Journal();
        private final List<String> past = new ArrayList<>();
        private final Set<String> unanswered = new HashSet<>();
        /** Offers with their queues; what their calls know. */
        private final Map<String, String> offers = new LinkedHashMap<>();

        private final Set<String> talks = new HashSet<>();
        private final Set<String> over = new HashSet<>();
        private final Scenario<AgentCommand, AgentEvent, AgentState> ann;
        private int ids;
        private long words;

        History(int seed, int capacity) {
            this.random = new Random(seed * 31L + capacity);
            this.capacity = capacity;
            this.ann = new Scenario<>(new AgentDecider(), "ann", directory(capacity)).comparingWithJournal();
            journal.capacity = capacity;
        }

        void run() {
            say(new AgentCommand.LogIn(SEAT, Instant.MAX));
            say(new AgentCommand.SetReady());
            for (int i = 0; i < STEPS; i++) {
                step();
            }
            theEnd();
        }

        private void step() {
            switch (random.nextInt(28)) {
                case 0, 1, 2, 3, 4, 19, 20, 21, 22 -> bid();
                case 5 -> say(new AgentCommand.SetReady());
                case 6 -> say(new AgentCommand.SetNotReady("break"));
                case 7 -> say(new AgentCommand.CancelNext());
                case 8 -> say(new AgentCommand.Heartbeat());
                case 9 -> say(new AgentCommand.SeatReachability("s1", random.nextInt(4) > 0, ++words));
                case 10 -> say(random.nextInt(4) > 0 ? new AgentCommand.SetReady() : new AgentCommand.LogOut());
                case 11 -> say(new AgentCommand.LogIn(SEAT, Instant.MAX));
                case 12 -> say(new AgentCommand.EndWrapUp(anyCall()));
                case 13 -> say(new AgentCommand.GiveWrapUpCode("sold", anyCall()));
                case 14 -> say(new AgentCommand.ExtendWrapUp(1 + random.nextInt(3), anyCall()));
                case 15 -> crash();
                case 16, 17 -> pass(Duration.ofMillis(random.nextInt(20_000)));
                case 18 -> say(new AgentCommand.StatusNoted(anyOf(QUEUES), Integer.MAX_VALUE));
                default -> aCallSpeaks();
            }
        }

        private void bid() {
            var offerId = "o" + ++ids;
            var queueId = anyOf(QUEUES);
            // It has given up what it bid before.
            unanswered.removeIf(earlier -> offers.get(earlier).equals(queueId));
            offers.put(offerId, queueId);
            unanswered.add(offerId);
            var since = Instant.ofEpochSecond(random.nextInt(1_000));
            int units = random.nextInt(3) == 0 ? random.nextInt(capacity + 1) : 1;
            say(new AgentCommand.Bid(queueId, offerId, call(offerId), since, since, 0, units));
            if (random.nextBoolean()) {
                pass(Timing.BID_COLLECTION);
                assertThat(unanswered).as("bids without an answer").isEmpty();
            }
            if (random.nextBoolean()) {
                talks.add(offerId);
                say(new AgentCommand.OfferTalking(offerId, call(offerId), queueId));
            }
        }

        /** About any offer of the last ones: what it says may be late, repeated, or of one that was never taken. */
        private void aCallSpeaks() {
            if (offers.isEmpty()) {
                return;
            }
            var all = List.copyOf(offers.keySet());
            var offerId = all.get(Math.max(0, all.size() - 1 - random.nextInt(6)));
            var queueId = offers.get(offerId);
            switch (random.nextInt(5)) {
                case 0 -> say(new AgentCommand.OfferRinging(offerId, call(offerId), queueId));
                case 1, 2 -> {
                    if (!over.contains(offerId)) {
                        talks.add(offerId);
                        say(new AgentCommand.OfferTalking(offerId, call(offerId), queueId));
                    }
                }
                case 3 -> end(offerId);
                default -> say(new AgentCommand.ReleaseReservation(offerId));
            }
        }

        private void end(String offerId) {
            over.add(offerId);
            var failures = List.of(OfferOutcome.UNANSWERED, OfferOutcome.CALLER_LEFT, OfferOutcome.REFUSED);
            var outcome = talks.contains(offerId) ? OfferOutcome.COMPLETED : anyOf(failures);
            say(new AgentCommand.OfferOver(offerId, call(offerId), offers.get(offerId), outcome));
        }

        private void crash() {
            past.add("crash");
            // Queues bid again to who does not answer.
            unanswered.clear();
            if (random.nextBoolean()) {
                ann.crash();
            } else {
                ann.crashToSnapshot();
            }
        }

        private void theEnd() {
            pass(Timing.BID_COLLECTION);
            List.copyOf(offers.keySet()).forEach(this::end);
            List.copyOf(offers.keySet()).forEach(offer -> say(new AgentCommand.GiveWrapUpCode("sold", call(offer))));
            pass(Duration.ofMinutes(10));
            assertThat(journal.open).as("contacts in the end").isEmpty();
            assertThat(unanswered).as("bids without an answer").isEmpty();
            assertThat(ann.view(View.OfAgent.class).callId()).isNull();
            assertThat(ann.timers())
                    .noneMatch(
                            timer -> timer.id().startsWith("ask") || timer.id().startsWith("wrap"));
        }

        private void say(AgentCommand command) {
            past.add(command.toString());
            ann.when(command);
            read(command instanceof AgentCommand.SetReady
                    || command instanceof AgentCommand.SetNotReady
                    || command instanceof AgentCommand.EndWrapUp
                    || command instanceof AgentCommand.LogOut);
        }

        private void pass(Duration time) {
            past.add("+" + time);
            ann.pass(time);
            read(false);
        }

        private void read(boolean wished) {
            ann.events().forEach(event -> journal.read(event, wished));
            for (var output : List.copyOf(ann.said())) {
                if (output instanceof Output.ToQueue said && said.command() instanceof QueueCommand.Reserved yes) {
                    unanswered.remove(yes.offerId());
                } else if (output instanceof Output.ToQueue said && said.command() instanceof QueueCommand.Refused no) {
                    unanswered.remove(no.offerId());
                } else if (output instanceof Output.ToCall said
                        && said.command() instanceof CallCommand.OfferVoid none) {
                    talks.remove(none.offerId());
                }
            }
        }

        private String anyCall() {
            var wrapUps = journal.open.entrySet().stream()
                    .filter(one -> one.getValue().phase().equals("wrap-up"))
                    .map(one -> call(one.getKey()))
                    .toList();
            return wrapUps.isEmpty() || random.nextInt(3) == 0 ? "" : anyOf(wrapUps);
        }

        private <T> T anyOf(List<T> all) {
            return all.get(random.nextInt(all.size()));
        }

        private static String call(String offerId) {
            return offerId.replace('o', 'c');
        }
    }

    private static Directory directory(int capacity) {
        return new Directory(
                Map.of(
                        "sales", queue("sales", new Handling(20, WrapUp.of(WrapUp.Mode.EXTENDABLE, 30), 15)),
                        "support", queue("support", new Handling(20, WrapUp.of(WrapUp.Mode.FIXED, 10), 0)),
                        "orders", queue("orders", new Handling(20, WrapUp.of(WrapUp.Mode.MANDATORY, 10), 15))),
                Map.of("ann", new Directory.Agent("ann", "Ann", QUEUES, Map.of(), Set.of(), Map.of(), 0, capacity)),
                Map.of(),
                Map.of());
    }

    private static Directory.Queue queue(String id, Handling handling) {
        return new Directory.Queue(id, id, Routing.PLAIN, handling, Waiting.PLAIN);
    }
}
