package dev.carillon.core.agent;

import dev.carillon.core.agent.AgentState.Standing;
import dev.carillon.core.agent.Contact.AfterCall;
import dev.carillon.protocol.view.View;
import java.time.Instant;
import java.util.Optional;

/** How an agent looks from outside: of several contacts, the one that comes first. */
final class AgentLook {

    /** @param restingUntil empty for whoever does not rest */
    static View of(AgentState state, Optional<Instant> restingUntil) {
        var status = state.status();
        var contact = state.contacts().leading();
        var after = contact.map(Contact::afterCall);
        return new View.OfAgent(
                state.id(),
                contact.map(AgentLook::phase).orElseGet(() -> phase(status.standing())),
                contact.map(Contact::since).orElse(status.since()),
                status.seat() == null ? null : status.seat().seatId(),
                status.standing() == Standing.NOT_READY ? status.reason() : null,
                contact.map(Contact::callId).orElse(null),
                contact.map(Contact::queueId).orElse(null),
                after.map(AfterCall::until).orElse(null),
                state.next().map(n -> n.ready() ? "ready" : n.reason()).orElse(null),
                state.returnAt().orElse(null),
                after.map(a -> new View.WrapUp(
                                a.mode().name(), a.extensions(), a.code().isEmpty() ? null : a.code()))
                        .orElse(null),
                restingUntil.orElse(null));
    }

    private static View.AgentPhase phase(Contact contact) {
        return contact.ringing()
                ? View.AgentPhase.RINGING
                : View.AgentPhase.valueOf(contact.phase().name());
    }

    /** Of whoever has no contact. */
    private static View.AgentPhase phase(Standing standing) {
        return switch (standing) {
            case LOGGED_OUT -> View.AgentPhase.LOGGED_OUT;
            case NOT_READY -> View.AgentPhase.NOT_READY;
            case AT_WORK -> View.AgentPhase.READY;
        };
    }

    private AgentLook() {}
}
