package dev.carillon.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.agent.AgentEvent;
import dev.carillon.protocol.agent.AgentWrapUpCoded;
import dev.carillon.protocol.call.CallArrived;
import dev.carillon.protocol.call.CallEnded;
import dev.carillon.protocol.call.CallEvent;
import org.junit.jupiter.api.Test;

class RecordMarkTest {

    private static final CallEvent ENDED = CallEvent.newBuilder()
            .setEnded(CallEnded.newBuilder().setCallId("box-1"))
            .build();

    @Test
    void only_the_last_event_of_a_call_is_marked() {
        var arrived = CallEvent.newBuilder()
                .setArrived(CallArrived.newBuilder().setCallId("box-1"))
                .build();

        assertThat(RecordMark.ofCalls().manifest(arrived)).isEmpty();
        assertThat(RecordMark.ofCalls().manifest(ENDED)).isEqualTo(RecordMark.MARK);
    }

    @Test
    void what_an_agent_says_of_a_call_is_marked() {
        var said = AgentEvent.newBuilder()
                .setWrapUpCoded(
                        AgentWrapUpCoded.newBuilder().setCallId("call-7").setCode("sold"))
                .build();

        assertThat(RecordMark.ofAgents().manifest(said)).isEqualTo(RecordMark.MARK);
        assertThat(RecordMark.ofAgents().manifest(AgentEvent.getDefaultInstance()))
                .isEmpty();
    }

    @Test
    void the_mark_stays_what_it_is_for_ever() {
        assertThat(RecordMark.MARK).isEqualTo("call-record");
    }

    @Test
    void events_are_stored_as_they_are() {
        assertThat(RecordMark.ofCalls().toJournal(ENDED)).isSameAs(ENDED);
        assertThat(RecordMark.ofCalls()
                        .fromJournal(ENDED, RecordMark.MARK)
                        .events()
                        .head())
                .isSameAs(ENDED);
    }
}
