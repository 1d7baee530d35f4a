package dev.carillon.api;

import dev.carillon.core.Directory;
import dev.carillon.core.agent.Handling;
import dev.carillon.core.agent.NotReadyReason;
import dev.carillon.core.inbound.Calendar;
import dev.carillon.core.inbound.CallerEntry;
import dev.carillon.core.inbound.CallerEntry.CallerList;
import dev.carillon.core.inbound.Rule;
import dev.carillon.core.inbound.Rule.Days;
import dev.carillon.core.inbound.Rule.Numbers;
import dev.carillon.core.inbound.Rule.When;
import dev.carillon.core.inbound.Treatment;
import dev.carillon.core.queue.Waiting;
import dev.carillon.core.routing.Routing;
import dev.carillon.protocol.Reply;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.box.BoxSettings;
import dev.carillon.protocol.call.CallArrived;
import dev.carillon.protocol.call.CallEnded;
import dev.carillon.protocol.call.CallEvent;
import dev.carillon.protocol.call.CallOutcome;
import dev.carillon.protocol.call.CallQueued;
import dev.carillon.protocol.call.EndedBy;
import dev.carillon.protocol.call.OfferEnded;
import dev.carillon.protocol.call.OfferOutcome;
import dev.carillon.protocol.call.OfferStarted;
import dev.carillon.protocol.call.TalkStarted;
import dev.carillon.protocol.view.View;
import dev.carillon.protocol.view.View.AgentPhase;
import dev.carillon.protocol.view.View.BoxPhase;
import dev.carillon.protocol.view.View.CallPhase;
import dev.carillon.store.CallRecord;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A small contact centre for tests to look at and to spoil: box-1 with two seats; Li Na logged in at desk-1, Tom logged out; queue sales with
 * a waiting call, number 4000 leading to it; a rule that closes the centre on holidays, and a blacklisted prefix; one call that has ended.
 */
final class World {

    static final Instant NOW = Instant.parse("2026-03-01T08:00:00Z");
    static final String WAITING_CALL = "box-1-1740000000.1";
    static final String ENDED_CALL = "box-1-1740000000.0";

    final FakeEntities entities = new FakeEntities();
    final FakeLiveView live = new FakeLiveView();
    final MemoryConfiguration configuration = new MemoryConfiguration();
    final FakeCallRecords records = new FakeCallRecords();
    final Queue<String> answered = new ConcurrentLinkedQueue<>();
    private final RequestMeter meter = (operation, status, took) -> answered.add(operation + " " + status);
    final FakeCallHistory history = new FakeCallHistory();
    DatabaseState database = DatabaseState.WELL;

    World() {
        configuration.putBox(new BoxSettings("box-1", "asterisk", "http://10.0.0.1:8088", "carillon", "swordfish"));
        configuration.putSeat(new Seat("desk-1", "box-1", "PJSIP/1001"));
        configuration.putSeat(new Seat("desk-2", "box-1", "PJSIP/1002"));
        configuration.putQueue(new Directory.Queue(
                "sales",
                "Sales",
                Routing.by(Directory.Strategy.LONGEST_IDLE),
                new Handling(15, 10),
                new Waiting("default", "sound:queue-thankyou")));
        configuration.putQueue(new Directory.Queue(
                "quiet", "Quiet", Routing.by(Directory.Strategy.LONGEST_IDLE), Handling.PLAIN, Waiting.PLAIN));
        configuration.putAgent(new Directory.Agent("li.na", "Li Na", List.of("sales")));
        configuration.putAgent(new Directory.Agent("tom", "Tom", List.of("sales")));
        configuration.putNumber(new Directory.DialledNumber("4000", "sales", 5));
        configuration.putCalendar(new Calendar("holidays", "Holidays", Set.of(LocalDate.parse("2026-10-01"))));
        configuration.putCalendar(new Calendar("spare", "Spare", Set.of()));
        configuration.putInboundRule(new Rule(
                "closed",
                "Closed on holidays",
                10,
                true,
                false,
                new When(Numbers.ALL, Numbers.ALL, new Days(Set.of(), "holidays", ""), List.of()),
                new Treatment.TurnedAway()));
        configuration.putCaller(new CallerEntry("+4930", CallerList.BLACKLIST, true, "calls all night"));

        configuration.putNotReadyReason(new NotReadyReason("lunch", "Lunch", false, true, 20));
        configuration.putNotReadyReason(new NotReadyReason("break", "Break", true, true, 10));

        live.show(new View.OfBox(
                "box-1", BoxPhase.UP, NOW, "asterisk", "http://10.0.0.1:8088", "22.5.2", "", "", 1, null));
        live.show(agent("li.na", AgentPhase.READY, "desk-1"));
        live.show(new View.OfQueue("sales", 1, 0, NOW.minusSeconds(30), 1, 1));
        live.show(call(WAITING_CALL, CallPhase.WAITING, null));
        entities.queueAnswer = () -> CompletableFuture.completedFuture(new Reply.WaitingCalls(List.of(
                new Reply.WaitingCall(1, WAITING_CALL, 5, NOW.minusSeconds(30), NOW.minusSeconds(2430), null, 0, 0))));
        records.records.add(record(ENDED_CALL));
        history.journals.put(ENDED_CALL, journal(ENDED_CALL));
    }

    ApiServices services() {
        return new ApiServices(
                entities,
                live,
                configuration,
                records,
                history,
                meter,
                () -> database,
                Clock.fixed(NOW, ZoneOffset.UTC));
    }

    static View.OfAgent agent(String id, AgentPhase phase, String seatId) {
        return new View.OfAgent(
                id, phase, NOW.minusSeconds(60), seatId, null, null, null, null, null, null, null, null);
    }

    static View.OfCall call(String id, CallPhase phase, String agentId) {
        return new View.OfCall(
                id,
                phase,
                NOW.minusSeconds(30),
                "box-1",
                "13800138000",
                "4000",
                "sales",
                5,
                agentId,
                NOW.minusSeconds(31),
                0);
    }

    static CallRecord record(String callId) {
        return new CallRecord(
                callId,
                "box-1",
                "13800138000",
                "",
                "4000",
                "sales",
                5,
                "li.na",
                "desk-1",
                NOW.minusSeconds(100),
                NOW.minusSeconds(99),
                NOW.minusSeconds(90),
                NOW.minusSeconds(60),
                9_000,
                30_000,
                2,
                "ANSWERED",
                "CALLER",
                false,
                16,
                "hotline",
                "LONGEST_WAIT",
                "queue:sales",
                "night",
                "sold");
    }

    /** The whole life of an answered call: the first agent's phone was busy. */
    static List<CallEvent> journal(String callId) {
        return List.of(
                event(100)
                        .setArrived(CallArrived.newBuilder()
                                .setCallId(callId)
                                .setBoxId("box-1")
                                .setLegId("1740000000.0")
                                .setCallerNumber("13800138000")
                                .setDialledNumber("4000")
                                .setArrivedMs(NOW.minusSeconds(100).toEpochMilli()))
                        .build(),
                event(99)
                        .setQueued(CallQueued.newBuilder()
                                .setQueueId("sales")
                                .setPriority(5)
                                .setWaitingSinceMs(NOW.minusSeconds(99).toEpochMilli()))
                        .build(),
                event(98)
                        .setOfferStarted(OfferStarted.newBuilder()
                                .setOfferId("o1")
                                .setAgentId("tom")
                                .setSeatId("desk-2")
                                .setLegId("l1")
                                .setQueueId("sales"))
                        .build(),
                event(97)
                        .setOfferEnded(OfferEnded.newBuilder().setOfferId("o1").setOutcome(OfferOutcome.BUSY))
                        .build(),
                event(96)
                        .setOfferStarted(OfferStarted.newBuilder()
                                .setOfferId("o2")
                                .setAgentId("li.na")
                                .setSeatId("desk-1")
                                .setLegId("l2")
                                .setQueueId("sales"))
                        .build(),
                event(90)
                        .setTalkStarted(
                                TalkStarted.newBuilder().setOfferId("o2").setBridgeId("b1"))
                        .build(),
                event(60)
                        .setEnded(CallEnded.newBuilder()
                                .setCallId(callId)
                                .setBoxId("box-1")
                                .setCallerNumber("13800138000")
                                .setDialledNumber("4000")
                                .setQueueId("sales")
                                .setPriority(5)
                                .setAgentId("li.na")
                                .setSeatId("desk-1")
                                .setArrivedMs(NOW.minusSeconds(100).toEpochMilli())
                                .setQueuedMs(NOW.minusSeconds(99).toEpochMilli())
                                .setAnsweredMs(NOW.minusSeconds(90).toEpochMilli())
                                .setEndedMs(NOW.minusSeconds(60).toEpochMilli())
                                .setOffers(2)
                                .setOutcome(CallOutcome.ANSWERED)
                                .setEndedBy(EndedBy.CALLER)
                                .setQ850Cause(16))
                        .build());
    }

    private static CallEvent.Builder event(int secondsAgo) {
        return CallEvent.newBuilder().setAtMs(NOW.minusSeconds(secondsAgo).toEpochMilli());
    }
}
