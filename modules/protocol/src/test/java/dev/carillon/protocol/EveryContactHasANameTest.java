package dev.carillon.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.agent.AgentEvent;
import dev.carillon.protocol.queue.QueueCommand;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** So that an agent can have several contacts at once some day, and the journals and nodes of today are understood then: ADR 7. */
class EveryContactHasANameTest {

    /** Events about the agent, whatever contacts they have. */
    private static final Set<String> OF_THE_AGENT = Set.of(
            "logged_in",
            "logged_out",
            "became_ready",
            "became_not_ready",
            "next_state_chosen",
            "next_state_cancelled",
            "seat_changed",
            "seat_reachability",
            "desktop_seen",
            "calls_limited",
            "rest_ended",
            "day_ended",
            "day",
            "hour");

    @Test
    void inEveryEventThatIsNotAboutTheAgentAlone() {
        var unnamed = AgentEvent.getDescriptor().getOneofs().get(0).getFields().stream()
                .filter(event -> !OF_THE_AGENT.contains(event.getName()))
                .filter(event -> event.getMessageType().getFields().stream()
                        .map(FieldDescriptor::getName)
                        .noneMatch(Set.of("offer_id", "call_id")::contains))
                .map(FieldDescriptor::getName);

        assertThat(unnamed).isEmpty();
    }

    @Test
    void inEverythingThatIsSaidAboutAnOffer() {
        assertThat(List.of(
                        AgentCommand.Bid.class,
                        AgentCommand.ReleaseReservation.class,
                        AgentCommand.OfferRinging.class,
                        AgentCommand.OfferTalking.class,
                        AgentCommand.OfferOver.class,
                        QueueCommand.Reserved.class,
                        QueueCommand.Refused.class))
                .allSatisfy(type -> assertThat(type.getRecordComponents())
                        .extracting(RecordComponent::getName)
                        .as(type + " of " + Arrays.toString(type.getRecordComponents()))
                        .contains("offerId"));
    }
}
