package dev.carillon.core.agent;

import dev.carillon.core.Context;
import dev.carillon.core.Output;
import dev.carillon.core.agent.Relations.Told;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.call.CallCommand;
import dev.carillon.protocol.call.OfferStage;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.seat.SeatCommand;

/** What an agent says to others. */
final class AgentSays {

    static Output howIsSeat(AgentState state) {
        return new Output.ToSeat(state.status().seat().seatId(), new SeatCommand.TellReachability(state.id()));
    }

    static Output status(AgentState state, String queueId, Told told, Context context) {
        var inviting = told.invites();
        return new Output.ToQueue(
                queueId,
                new QueueCommand.AgentStatus(
                        state.id(),
                        state.version(),
                        told.presence(),
                        inviting ? state.status().idleSince() : null,
                        inviting ? state.status().seat().boxId() : null,
                        inviting ? state.day().asOf(context.directory().date(context.now())) : QueueCommand.Today.NONE,
                        told.worksFor(),
                        told.unitsLeft()));
    }

    static Output reserved(AgentState state, Contact contact) {
        return new Output.ToQueue(
                contact.queueId(),
                new QueueCommand.Reserved(
                        contact.offerId(),
                        contact.callId(),
                        state.id(),
                        state.status().seat(),
                        state.version()));
    }

    static Output refused(AgentState state, AgentCommand.Bid bid) {
        return new Output.ToQueue(
                bid.queueId(), new QueueCommand.Refused(bid.offerId(), bid.callId(), state.id(), state.version()));
    }

    static Output areWeTogether(AgentState state, Contact contact) {
        return new Output.ToCall(contact.callId(), new CallCommand.AreWeTogether(contact.offerId(), state.id()));
    }

    static Output noted(String callId, String offerId, OfferStage stage) {
        return new Output.ToCall(callId, new CallCommand.OfferNoted(offerId, stage));
    }

    private AgentSays() {}
}
