package dev.carillon.core.agent;

import dev.carillon.core.Turn;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.agent.AgentEvent;
import java.util.Optional;

/** What people may say of the wrap-ups of an agent, each of which goes by the rule of its queue. */
final class WrapUps {

    /**
     * The wrap-up that is meant; empty when it was said that there is none, or that it cannot be known.
     *
     * @param callId empty for the only one
     */
    static Optional<Contact> named(Turn<AgentEvent, AgentState> turn, String callId) {
        var meant = turn.state().contacts().wrapUps(callId);
        if (meant.size() == 1) {
            return Optional.of(meant.get(0));
        }
        if (meant.isEmpty()) {
            turn.reject("NO_WRAP_UP", "The agent is not in wrap-up, or it is over already.");
        } else {
            turn.reject("WRAP_UP_NOT_NAMED", "The agent has several wrap-ups. Say which one by its call.");
        }
        return Optional.empty();
    }

    static void rejectEnd(Turn<AgentEvent, AgentState> turn, Contact contact) {
        var after = contact.afterCall();
        if (after.mode() == WrapUp.Mode.MANDATORY) {
            turn.reject("WRAP_UP_CODE_MISSING", "The wrap-up ends when the agent has given a code for the call.");
        } else {
            turn.reject("WRAP_UP_FIXED", "The wrap-up lasts its time; it ends at " + after.until() + ".");
        }
    }

    static void extend(Turn<AgentEvent, AgentState> turn, AgentCommand.ExtendWrapUp wish) {
        var named = named(turn, wish.callId());
        if (named.isEmpty()) {
            return;
        }
        var contact = named.get();
        var after = contact.afterCall();
        int extensions = wish.extensions();
        if (after.mode() != WrapUp.Mode.EXTENDABLE) {
            turn.reject("WRAP_UP_NOT_EXTENDABLE", "The wrap-up of this queue cannot be extended.");
            return;
        }
        if (extensions <= after.extensions()) {
            turn.done();
            return;
        }
        var rule = rule(turn, contact);
        var wanted = after.until().plusSeconds((long) rule.extendSeconds() * (extensions - after.extensions()));
        var most = contact.since().plusSeconds(rule.mostSeconds());
        var until = wanted.isAfter(most) ? most : wanted;
        if (until.isAfter(after.until())) {
            turn.record(AgentEvents.wrapUpExtended(turn, contact, until, extensions));
            turn.done();
        } else {
            turn.reject(
                    "WRAP_UP_LONGEST",
                    "The wrap-up lasts as long as it may: " + rule.mostSeconds() + " seconds in all.");
        }
    }

    /** Notes what the agent says of a contact; empty when that was refused. */
    static Optional<Contact> coded(Turn<AgentEvent, AgentState> turn, AgentCommand.GiveWrapUpCode said) {
        var named = named(turn, said.callId());
        var trouble = named.flatMap(contact -> rule(turn, contact).trouble(said.code()));
        if (trouble.isPresent()) {
            turn.reject("WRAP_UP_CODE_NOT_ON_LIST", trouble.get());
            return Optional.empty();
        }
        named.filter(contact -> !said.code().equals(contact.afterCall().code()))
                .ifPresent(contact -> turn.record(AgentEvents.wrapUpCoded(turn, contact, said.code())));
        return named;
    }

    /** Of the queue whose call it was, as it is now. */
    static WrapUp rule(Turn<AgentEvent, AgentState> turn, Contact contact) {
        return turn.context().directory().queue(contact.queueId()).handling().wrapUp();
    }

    private WrapUps() {}
}
