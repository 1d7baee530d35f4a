package dev.carillon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.agent.AgentBecameReady;
import dev.carillon.protocol.agent.AgentEvent;
import dev.carillon.protocol.agent.AgentReserved;
import dev.carillon.protocol.agent.AgentTalkStarted;
import dev.carillon.protocol.call.CallArrived;
import dev.carillon.protocol.call.CallEnded;
import dev.carillon.protocol.call.CallEvent;
import dev.carillon.protocol.call.CallQueued;
import dev.carillon.protocol.call.OfferEnded;
import dev.carillon.protocol.call.OfferStarted;
import dev.carillon.protocol.call.TalkStarted;
import dev.carillon.protocol.queue.CallEntered;
import dev.carillon.protocol.queue.CallLeft;
import dev.carillon.protocol.queue.LeaveReason;
import dev.carillon.protocol.queue.QueueEvent;
import dev.carillon.telephony.simulated.Caller;
import dev.carillon.telephony.simulated.Experience;
import dev.carillon.telephony.simulated.Experience.Who;
import dev.carillon.telephony.simulated.Ring;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Each thing that must not be is planted once into a run in which all was well, and found. */
class InspectionTest {

    private static final long START = 1_000_000;

    private final List<Experience> callers = new ArrayList<>();
    private final List<Ring> rings = new ArrayList<>();
    private final Map<String, List<CallEvent>> calls = new TreeMap<>();
    private final List<AgentEvent> agent = new ArrayList<>();
    private final List<QueueEvent> queue = new ArrayList<>();
    private final List<Journal.Recorded> records = new ArrayList<>();
    private final List<Period> unattended = new ArrayList<>();
    private final List<Period> troubled = new ArrayList<>();

    /** Two callers, one after the other with the same agent. */
    InspectionTest() {
        event(1).setBecameReady(AgentBecameReady.getDefaultInstance());
        served("box-0-x.1", 0, 1_000);
        served("box-0-x.2", 100, 11_000);
    }

    private void served(String callId, long cameMs, long offeredMs) {
        var offerId = "offer-" + callId;
        callers.add(caller(callId, cameMs, offeredMs + 5_000, Who.CALLER, offeredMs + 1_000, Who.CALLER));
        rings.add(ring(callId, "phone/0", offeredMs, offeredMs + 5_000));
        calls.put(
                callId,
                new ArrayList<>(List.of(
                        call(cameMs)
                                .setArrived(CallArrived.newBuilder().setBoxId("box-0"))
                                .build(),
                        call(cameMs)
                                .setQueued(CallQueued.newBuilder()
                                        .setQueueId("queue-0")
                                        .setPriority(5)
                                        .setWaitingSinceMs(START + cameMs))
                                .build(),
                        call(offeredMs)
                                .setOfferStarted(OfferStarted.newBuilder()
                                        .setOfferId(offerId)
                                        .setAgentId("agent-0"))
                                .build(),
                        call(offeredMs + 1_000)
                                .setTalkStarted(TalkStarted.newBuilder().setOfferId(offerId))
                                .build(),
                        call(offeredMs + 5_000)
                                .setEnded(CallEnded.getDefaultInstance())
                                .build())));
        reserve(callId, offeredMs);
        event(offeredMs + 1_000)
                .setTalkStarted(
                        AgentTalkStarted.newBuilder().setOfferId(offerId).setCallId(callId));
        event(offeredMs + 5_000).setBecameReady(AgentBecameReady.getDefaultInstance());
        queue.add(entered(callId, cameMs));
        queue.add(QueueEvent.newBuilder()
                .setAtMs(START + offeredMs + 1_000)
                .setCallLeft(CallLeft.newBuilder().setCallId(callId).setReason(LeaveReason.CONNECTED))
                .build());
        records.add(record(callId, "agent-0", "ANSWERED"));
    }

    private final List<AgentEvent.Builder> builders = new ArrayList<>();

    private AgentEvent.Builder event(long ms) {
        var builder = AgentEvent.newBuilder().setAtMs(START + ms).setVersion(builders.size() + 1L);
        builders.add(builder);
        return builder;
    }

    private void reserve(String callId, long ms) {
        event(ms)
                .setReserved(
                        AgentReserved.newBuilder().setOfferId("offer-" + callId).setCallId(callId));
    }

    private static CallEvent.Builder call(long ms) {
        return CallEvent.newBuilder().setAtMs(START + ms);
    }

    private static QueueEvent entered(String callId, long ms) {
        return QueueEvent.newBuilder()
                .setAtMs(START + ms)
                .setCallEntered(CallEntered.newBuilder().setCallId(callId))
                .build();
    }

    private static Instant at(long ms) {
        return Instant.ofEpochMilli(START + ms);
    }

    private static Experience caller(
            String callId, long cameMs, long leftMs, Who endedBy, long talkMs, Who talkEndedBy) {
        return new Experience(
                callId,
                "leg",
                new Caller("number-" + callId, "", "100", Duration.ofMinutes(1), Duration.ofMinutes(1)),
                at(cameMs),
                Optional.of(at(cameMs)),
                Optional.of(at(cameMs)),
                talkMs == 0
                        ? List.of()
                        : List.of(new Experience.Connection(
                                "phone/0", "seat", at(talkMs), Optional.of(at(leftMs)), Optional.of(talkEndedBy))),
                Optional.of(at(leftMs)),
                Optional.of(endedBy));
    }

    private static Ring ring(String callId, String endpoint, long toldMs, long overMs) {
        return new Ring(
                endpoint,
                "leg",
                callId,
                at(toldMs),
                Optional.of(at(toldMs)),
                Optional.empty(),
                Optional.of(at(overMs)));
    }

    private static Journal.Recorded record(String callId, String agentId, String outcome) {
        return new Journal.Recorded(callId, "number-" + callId, agentId, outcome, "CALLER");
    }

    private Findings inspect() {
        agent.clear();
        builders.forEach(builder -> agent.add(builder.build()));
        return Inspection.of(
                callers,
                rings,
                new Journal(calls, Map.of("agent-0", agent), Map.of("queue-0", queue), records, 0),
                boxId -> unattended,
                troubled);
    }

    private void finds(String rule, String about) {
        assertThat(inspect().violations())
                .extracting(Findings.Violation::rule, Findings.Violation::about)
                .contains(org.assertj.core.groups.Tuple.tuple(rule, about));
    }

    @Test
    void findsNothingWhereAllWasWell() {
        var findings = inspect();
        assertThat(findings.violations()).isEmpty();
        assertThat(findings.answered()).isEqualTo(2);
        assertThat(findings.judged()).isEqualTo(1);
    }

    @Test
    void aRecordIsMissing() {
        records.remove(0);
        finds("one-record", "call box-0-x.1");
    }

    @Test
    void aCallHasTwoRecords() {
        records.add(records.get(0));
        finds("one-record", "call box-0-x.1");
    }

    @Test
    void aRecordIsOfNobody() {
        records.add(record("box-0-x.9", "", "ABANDONED"));
        finds("one-record", "call box-0-x.9");
    }

    @Test
    void oneCallerHasTwoCalls() {
        records.add(new Journal.Recorded("box-0-x.9", "number-box-0-x.1", "", "ABANDONED", "CALLER"));
        finds("one-record", "call box-0-x.1");
    }

    @Test
    void aRecordNamesAnotherAgent() {
        records.set(0, record("box-0-x.1", "agent-7", "ANSWERED"));
        finds("true-record", "call box-0-x.1");
    }

    @Test
    void nobodyHasNoticedACaller() {
        callers.add(caller("box-0-x.3", 20_000, 40_000, Who.CALLER, 0, Who.CALLER));
        finds("one-record", "call box-0-x.3");
    }

    @Test
    void nobodyCouldNoticeACaller() {
        callers.add(caller("box-0-x.3", 20_000, 40_000, Who.CALLER, 0, Who.CALLER));
        unattended.add(new Period(at(15_000), at(30_000)));
        unattended.add(new Period(at(29_000), at(39_000)));

        assertThat(inspect().violations()).isEmpty();
        assertThat(inspect().unseen()).isOne();
    }

    @Test
    void aTalkWasCutOff() {
        callers.set(0, caller("box-0-x.1", 0, 6_000, Who.CALLER, 2_000, Who.CARILLON));
        finds("not-cut", "call box-0-x.1");
    }

    @Test
    void carillonHungUpOnWhoWaited() {
        callers.add(caller("box-0-x.3", 20_000, 40_000, Who.CARILLON, 0, Who.CALLER));
        records.add(record("box-0-x.3", "", "ABANDONED"));
        finds("not-cut", "call box-0-x.3");
    }

    @Test
    void twoPhonesRingForOneCall() {
        rings.add(ring("box-0-x.1", "phone/1", 2_000, 3_000));
        finds("one-offer", "call box-0-x.1");
    }

    @Test
    void aPhoneIsRungThatIsInUse() {
        rings.add(ring("box-0-x.9", "phone/0", 2_000, 3_000));
        finds("one-call", "agent agent-0");
    }

    @Test
    void aCallIsOfferedTwice() {
        calls.get("box-0-x.1")
                .add(
                        3,
                        call(1_500)
                                .setOfferStarted(OfferStarted.newBuilder()
                                        .setOfferId("another")
                                        .setAgentId("agent-1"))
                                .build());
        finds("one-offer", "call box-0-x.1");
    }

    @Test
    void aCallGoesOnAfterItsEnd() {
        calls.get("box-0-x.1")
                .add(call(7_000)
                        .setOfferEnded(OfferEnded.newBuilder().setOfferId("late"))
                        .build());
        finds("history", "call box-0-x.1");
    }

    @Test
    void aCallNeverEnds() {
        calls.get("box-0-x.1").remove(4);
        finds("at-rest", "call box-0-x.1");
    }

    @Test
    void anAgentIsReservedTwice() {
        reserve("box-0-x.8", 17_000);
        reserve("box-0-x.9", 18_000);
        finds("one-call", "agent agent-0");
        finds("at-rest", "agent agent-0");
    }

    @Test
    void anAgentHasAGap() {
        builders.remove(builders.size() - 2);
        finds("agent-intervals", "agent agent-0");
    }

    @Test
    void anAgentTalksToWhoDoesNotTalkToThem() {
        calls.get("box-0-x.1").remove(3);
        finds("agent-intervals", "agent agent-0");
    }

    @Test
    void aCallStaysInItsQueue() {
        queue.remove(3);
        finds("at-rest", "call box-0-x.2");
    }

    @Test
    void aCallEntersTwice() {
        queue.add(1, entered("box-0-x.1", 500));
        finds("queue-and-call", "call box-0-x.1");
    }

    @Test
    void somebodyIsOvertaken() {
        queue.add(0, queue.remove(2));
        queue.add(0, entered("box-0-x.0", 0));
        queue.add(QueueEvent.newBuilder()
                .setAtMs(START + 30_000)
                .setCallLeft(CallLeft.newBuilder().setCallId("box-0-x.0").setReason(LeaveReason.ABANDONED))
                .build());
        calls.put(
                "box-0-x.0",
                List.of(
                        call(0).setArrived(CallArrived.newBuilder().setBoxId("box-0"))
                                .build(),
                        call(0).setQueued(CallQueued.newBuilder()
                                        .setQueueId("queue-0")
                                        .setPriority(5)
                                        .setWaitingSinceMs(START - 10))
                                .build(),
                        call(20_000)
                                .setOfferStarted(OfferStarted.newBuilder()
                                        .setOfferId("late")
                                        .setAgentId("agent-0"))
                                .build(),
                        call(30_000).setEnded(CallEnded.getDefaultInstance()).build()));
        finds("order", "call box-0-x.0");
        troubled.add(new Period(at(500), at(12_000)));
        assertThat(inspect().violations())
                .as("words are lost while things break")
                .isEmpty();
    }
}
