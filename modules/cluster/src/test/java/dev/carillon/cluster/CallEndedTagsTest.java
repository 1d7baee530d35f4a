package dev.carillon.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.agent.AgentEvent;
import dev.carillon.protocol.agent.AgentWrapUpCoded;
import dev.carillon.protocol.call.CallArrived;
import dev.carillon.protocol.call.CallEnded;
import dev.carillon.protocol.call.CallEvent;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CallEndedTagsTest {

    @Test
    void only_the_last_event_of_a_call_is_tagged() {
        var arrived = CallEvent.newBuilder().setArrived(CallArrived.newBuilder().setCallId("box-1"));

        assertThat(CallEndedTags.of(arrived.build())).isEmpty();
        assertThat(CallEndedTags.of(ended("box-1"))).hasSize(1);
    }

    @Test
    void what_an_agent_says_of_a_call_has_the_tag_of_the_call() {
        var said = AgentEvent.newBuilder()
                .setWrapUpCoded(
                        AgentWrapUpCoded.newBuilder().setCallId("call-7").setCode("sold"))
                .build();

        assertThat(CallEndedTags.of(said)).isEqualTo(CallEndedTags.of(ended("call-7")));
        assertThat(CallEndedTags.of(AgentEvent.getDefaultInstance())).isEmpty();
    }

    @Test
    void a_call_keeps_its_tag_for_ever() {
        assertThat(CallEndedTags.of(ended("asterisk-1-1772359200.17"))).containsExactly("call-ended-1");
        assertThat(CallEndedTags.of(ended("asterisk-2-1772359200.18"))).containsExactly("call-ended-3");
    }

    @Test
    void the_tags_to_follow_are_all_there_are() {
        var used = IntStream.range(0, 1_000)
                .boxed()
                .flatMap(n -> CallEndedTags.of(ended("call-" + n)).stream())
                .collect(Collectors.toSet());

        assertThat(CallEndedTags.ALL).containsExactlyInAnyOrderElementsOf(used).hasSize(4);
    }

    private static CallEvent ended(String callId) {
        return CallEvent.newBuilder()
                .setEnded(CallEnded.newBuilder().setCallId(callId))
                .build();
    }
}
