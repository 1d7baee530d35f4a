package dev.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.call.CallArrived;
import dev.carillon.protocol.call.CallEnded;
import dev.carillon.protocol.call.CallEvent;
import dev.carillon.protocol.call.CallLeftQueue;
import dev.carillon.protocol.call.CallOutcome;
import dev.carillon.protocol.call.CallQueued;
import dev.carillon.protocol.call.DecisionFailed;
import dev.carillon.protocol.call.DecisionMade;
import dev.carillon.protocol.call.EndedBy;
import dev.carillon.protocol.call.LeaveRequested;
import dev.carillon.protocol.call.LeftBy;
import dev.carillon.protocol.call.OfferEnded;
import dev.carillon.protocol.call.OfferOutcome;
import dev.carillon.protocol.call.OfferStarted;
import dev.carillon.protocol.call.TalkStarted;
import dev.carillon.protocol.call.Treatment;
import java.util.HashSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CallStoryTest {

    private final CallStory story = new CallStory();

    @Test
    void tells_of_a_call_from_its_arrival_to_its_end() {
        assertThat(Stream.of(
                                event().setArrived(CallArrived.newBuilder()
                                        .setBoxId("west")
                                        .setCallerNumber("030-1")
                                        .setDialledNumber("100")
                                        .setTreatment(Treatment.TO_QUEUE)
                                        .setRuleId("day")),
                                event().setQueued(CallQueued.newBuilder()
                                        .setQueueId("sales")
                                        .setPriority(5)),
                                event().setOfferStarted(offer("o1", "ann", "1001")),
                                event().setOfferEnded(OfferEnded.newBuilder()
                                        .setOfferId("o1")
                                        .setOutcome(OfferOutcome.BUSY)),
                                event().setOfferStarted(offer("o2", "bob", "1002")),
                                event().setTalkStarted(TalkStarted.newBuilder().setOfferId("o2")),
                                event().setEnded(CallEnded.newBuilder()
                                        .setAgentId("bob")
                                        .setAnsweredMs(1_000)
                                        .setEndedMs(61_000)
                                        .setOutcome(CallOutcome.ANSWERED)
                                        .setEndedBy(EndedBy.CALLER)))
                        .map(event -> story.tell(event.build())))
                .containsExactly(
                        "A caller with number 030-1 has reached box west and dialled 100, and goes to a queue, by the"
                                + " inbound rule day.",
                        "Waits in queue sales with priority 5.",
                        "Agent ann at seat 1001 is rung, for up to 20 s.",
                        "Agent ann was busy.",
                        "Agent bob at seat 1002 is rung, for up to 20 s.",
                        "Agent bob has answered, and talks to the caller.",
                        "The call has ended after a talk with agent bob of 60 s; the caller hung up.");
    }

    @Test
    void tells_how_a_caller_left_their_queue() {
        assertThat(Stream.of(
                                event().setLeaveRequested(LeaveRequested.newBuilder()
                                        .setQueueId("sales")
                                        .setLeftBy(LeftBy.KEY)),
                                event().setQueued(CallQueued.newBuilder()
                                        .setQueueId("support")
                                        .setPriority(7)
                                        .setFromQueueId("sales")
                                        .setLeftBy(LeftBy.LONGEST_WAIT)),
                                event().setLeftQueue(CallLeftQueue.newBuilder()
                                        .setQueueId("support")
                                        .setLeftBy(LeftBy.NOBODY_READY)
                                        .setSound("sound:sorry")),
                                event().setDecisionMade(DecisionMade.newBuilder()
                                        .setAgentId("ann")
                                        .setPriority(9)),
                                event().setDecisionFailed(
                                                DecisionFailed.newBuilder().setReason("it was late")))
                        .map(event -> story.tell(event.build())))
                .containsExactly(
                        "The caller is to leave queue sales, by a key, as soon as the phone that rings for them has"
                                + " stopped.",
                        "Waits in queue support with priority 7, coming from queue sales, having waited for as long as"
                                + " the queue lets them.",
                        "Has left queue support, where nobody is at work, and hears sound:sorry.",
                        "The decision hook has answered: agent ann alone may have the call for a while, its priority is"
                                + " 9 from now on.",
                        "The decision hook has said nothing that can be followed (it was late): the queue's own rule"
                                + " applies.");
    }

    @Test
    void has_a_sentence_of_its_own_for_every_kind_of_event() {
        var sentences = new HashSet<String>();
        var kinds = CallEvent.getDescriptor().getOneofs().get(0).getFields();
        for (var kind : kinds) {
            var event = CallEvent.newBuilder();
            sentences.add(story.tell(
                    event.setField(kind, event.newBuilderForField(kind).build()).build()));
        }

        assertThat(sentences).hasSameSizeAs(kinds).allMatch(text -> text.matches("[A-Z].*[a-z0-9) ]\\."));
    }

    private static CallEvent.Builder event() {
        return CallEvent.newBuilder();
    }

    private static OfferStarted.Builder offer(String offerId, String agentId, String seatId) {
        return OfferStarted.newBuilder()
                .setOfferId(offerId)
                .setAgentId(agentId)
                .setSeatId(seatId)
                .setRingSeconds(20);
    }
}
