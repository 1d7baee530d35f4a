package dev.carillon.core.call;

import dev.carillon.core.Context;
import dev.carillon.core.Output;
import dev.carillon.core.OwnQueue;
import dev.carillon.core.Timing;
import dev.carillon.core.call.CallState.Phase;
import dev.carillon.core.call.Offers.Offer;
import dev.carillon.core.call.Offers.Past;
import dev.carillon.core.queue.DecisionHook;
import dev.carillon.core.queue.Waiting;
import dev.carillon.core.routing.Steps;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.protocol.box.EndCause;
import dev.carillon.protocol.box.Leg;
import dev.carillon.protocol.call.OfferOutcome;
import dev.carillon.protocol.call.OfferStage;
import dev.carillon.protocol.call.OfferStarted;
import dev.carillon.protocol.queue.LeaveReason;
import dev.carillon.protocol.queue.QueueCommand;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What a call says to its box, its queue and its agents, as a function of how it stands: the same words the first time and every time. */
final class Says {

    static Output toBox(CallState state, BoxCommand command) {
        return new Output.ToBox(state.boxId(), command);
    }

    static Output hangUp(CallState state, String legId, EndCause cause) {
        return toBox(state, new BoxCommand.HangUp(state.id(), legId, cause));
    }

    static Output answer(CallState state) {
        return toBox(state, new BoxCommand.Answer(state.id(), state.callerLeg()));
    }

    static Output music(CallState state, Context context) {
        // Who is put through to a number on arrival is in no queue.
        var waiting = state.queued() == null
                ? Waiting.PLAIN
                : context.directory().queue(state.queued().getQueueId()).waiting();
        return toBox(state, new BoxCommand.PlayMusic(state.id(), state.callerLeg(), waiting.musicClass()));
    }

    static Output ringSeat(CallState state, OfferStarted offer) {
        return toBox(
                state,
                new BoxCommand.RingSeat(
                        state.id(),
                        offer.getLegId(),
                        offer.getEndpoint(),
                        state.arrived().getCallerNumber(),
                        state.arrived().getCallerName(),
                        offer.getRingSeconds()));
    }

    static Output bridge(CallState state) {
        return toBox(
                state,
                new BoxCommand.Bridge(
                        state.id(),
                        state.bridgeId(),
                        List.of(state.callerLeg(), state.offers().talk().legId())));
    }

    static Output toQueue(CallState state, QueueCommand command) {
        return new Output.ToQueue(state.queued().getQueueId(), command);
    }

    static Output enqueue(CallState state) {
        return toQueue(
                state,
                new QueueCommand.Enqueue(
                        state.id(),
                        state.boxId(),
                        state.queued().getPriority(),
                        Instant.ofEpochMilli(state.queued().getWaitingSinceMs()),
                        state.arrived().getCallerNumber(),
                        state.round(),
                        state.isHeld(),
                        first(state)));
    }

    /** Null when nobody in particular. */
    private static QueueCommand.First first(CallState state) {
        var made = state.way().advice().made();
        return made == null || made.getAgentId().isEmpty()
                ? null
                : new QueueCommand.First(made.getAgentId(), Instant.ofEpochMilli(made.getAgentUntilMs()));
    }

    /** The question that is open, to the hook of the queue in which the call waits. */
    static Output askHook(CallState state, DecisionHook hook, Steps steps, Instant now) {
        var arrived = state.arrived();
        var queued = state.queued();
        var since = Instant.ofEpochMilli(queued.getWaitingSinceMs());
        return new Output.AskHook(
                hook,
                new DecisionQuestion(
                        state.way().advice().asked().getAskId(),
                        state.id(),
                        arrived.getCallerNumber(),
                        arrived.getCallerName(),
                        arrived.getDialledNumber(),
                        queued.getQueueId(),
                        Instant.ofEpochMilli(arrived.getArrivedMs()),
                        since,
                        queued.getPriority(),
                        steps.steps().get(steps.at(since, now)).minimum(),
                        state.way().moves() + 1));
    }

    static Output suspend(CallState state) {
        return toQueue(state, new QueueCommand.Suspend(state.id()));
    }

    static Output leave(CallState state) {
        return leave(state, state.queued().getQueueId(), leaveReason(state));
    }

    static Output leave(CallState state, String queueId, LeaveReason reason) {
        var agentId = reason == LeaveReason.CONNECTED
                ? state.offers().talkedIn().map(Offer::agentId).orElse("")
                : "";
        return new Output.ToQueue(queueId, new QueueCommand.Leave(state.id(), reason, state.round(), agentId));
    }

    static LeaveReason leaveReason(CallState state) {
        if (state.answeredAt() != null) {
            var outside = state.offers().talkedIn().filter(Offer::isOutside).isPresent();
            return outside ? LeaveReason.OVERFLOWED : LeaveReason.CONNECTED;
        }
        if (state.way().left() != null) {
            return LeaveReason.OVERFLOWED;
        }
        return state.isGone(state.callerLeg()) ? LeaveReason.ABANDONED : LeaveReason.LOST;
    }

    /** Queues that the call has left for others, and that have not said that they know. */
    static List<String> notLeft(CallState state) {
        return state.way().former().stream()
                .filter(queueId -> !state.contact().queue().formerLeft().contains(queueId))
                .sorted()
                .toList();
    }

    static Output accepted(CallState state, String queueId, String offerId) {
        return new Output.ToQueue(queueId, new QueueCommand.OfferAccepted(state.id(), offerId, state.round()));
    }

    /** How an offer stands, for its agent; of one that the call never had, that it is withdrawn. */
    static Output standing(CallState state, String offerId, String agentId) {
        var current = state.offers().current(offerId);
        if (current.isEmpty()) {
            var past = state.offers().past(offerId);
            var outcome = past.map(Past::outcome).orElse(OfferOutcome.WITHDRAWN);
            var queueId = past.map(p -> p.offer().started().getQueueId()).orElse("");
            return new Output.ToAgent(agentId, new AgentCommand.OfferOver(offerId, state.id(), queueId, outcome));
        }
        var queueId = current.get().started().getQueueId();
        return new Output.ToAgent(
                agentId,
                current.get().equals(state.offers().talk())
                        ? new AgentCommand.OfferTalking(offerId, state.id(), queueId)
                        : new AgentCommand.OfferRinging(offerId, state.id(), queueId));
    }

    static Output standing(CallState state, Offer offer) {
        return standing(state, offer.id(), offer.agentId());
    }

    /** Legs that should end, and are not known to have. */
    static List<String> unwanted(CallState state) {
        var legs = new ArrayList<String>();
        if (state.phase() == Phase.ENDED) {
            legs.add(state.callerLeg());
        }
        state.offers().lastOver().forEach(p -> legs.add(p.offer().legId()));
        legs.removeIf(state::isGone);
        return legs;
    }

    static List<Leg> beliefs(CallState state) {
        var legs = new ArrayList<Leg>();
        legs.add(new Leg(state.callerLeg(), state.contact().caller().up() ? Leg.State.UP : Leg.State.DIALLING));
        state.offers()
                .current()
                .filter(offer -> state.agent(offer).leg() != null)
                .forEach(offer ->
                        legs.add(new Leg(offer.legId(), state.agent(offer).leg())));
        return legs;
    }

    static int watchdogSeconds(CallState state) {
        return state.phase() == Phase.TALKING ? 0 : (int) Timing.WATCHDOG.toSeconds();
    }

    /** Everything the box, the queue and the agent have not confirmed yet. */
    static List<Output> owed(CallState state, Context context) {
        var owed = new ArrayList<Output>();
        if (state.phase() == Phase.NEW) {
            return owed;
        }
        var contact = state.contact();
        unwanted(state)
                .forEach(leg -> owed.add(
                        hangUp(state, leg, leg.equals(state.callerLeg()) ? endCause(state) : EndCause.NORMAL)));
        notNotedOver(state).forEach(offer -> owed.add(standing(state, offer)));
        notLeft(state).forEach(queueId -> owed.add(leave(state, queueId, LeaveReason.MOVED)));
        switch (state.phase()) {
            case WAITING -> {
                lookAfterCaller(state, context, owed);
                if (!contact.queue().enqueued()) {
                    owed.add(contact.box().away() ? suspend(state) : enqueue(state));
                }
            }
            case RINGING -> {
                lookAfterCaller(state, context, owed);
                state.offers().open().forEach(offer -> ring(state, offer, owed));
            }
            case TALKING -> {
                if (!contact.caller().up()) {
                    owed.add(answer(state));
                }
                var talk = state.offers().talk();
                if (!state.agent(talk).bridged()) {
                    owed.add(bridge(state));
                }
                tellAgent(state, talk, OfferStage.TALKING, owed);
                state.offers().open().forEach(offer -> ring(state, offer, owed));
                if (state.queued() != null && !contact.queue().left()) {
                    owed.add(leave(state));
                }
            }
            case LEAVING -> {
                if (!contact.caller().up()) {
                    owed.add(answer(state));
                }
                owed.add(announce(state, farewellId(state), state.way().left().getSound(), ""));
                if (state.queued() != null && !contact.queue().left()) {
                    owed.add(leave(state));
                }
            }
            case ENDED -> {
                if (state.queued() != null && !contact.queue().left()) {
                    owed.add(leave(state));
                }
            }
            case NEW -> throw new IllegalStateException("Returned above");
        }
        if (state.live() && !contact.box().stock()) {
            owed.add(toBox(state, new BoxCommand.TakeStock(state.id())));
        }
        return owed;
    }

    private static void lookAfterCaller(CallState state, Context context, List<Output> owed) {
        var caller = state.contact().caller();
        if (!caller.up()) {
            owed.add(answer(state));
        }
        if (!caller.greeted()) {
            owed.add(announce(state, greetingId(state), greeting(state, context), ""));
        } else if (state.contact().telling().playing() != null) {
            owed.add(tell(state));
        } else if (!caller.music()) {
            owed.add(music(state, context));
        }
    }

    private static Output announce(CallState state, String playbackId, String sound, String language) {
        return toBox(state, new BoxCommand.Announce(state.id(), state.callerLeg(), playbackId, sound, language));
    }

    /** Where they stand. */
    static Output tell(CallState state) {
        var playing = state.contact().telling().playing();
        return announce(state, playing.playbackId(), playing.sounds(), playing.language());
    }

    /** Each queue greets for itself. */
    static String greetingId(CallState state) {
        var moves = state.way().moves();
        return state.id() + "-greeting" + (moves == 0 ? "" : "-" + moves);
    }

    static String farewellId(CallState state) {
        return state.id() + "-farewell";
    }

    private static void ring(CallState state, Offer offer, List<Output> owed) {
        if (state.cancel(offer) != null) {
            owed.add(hangUp(state, offer.legId(), EndCause.CANCELLED));
            return;
        }
        var leg = state.agent(offer).leg();
        // After a crash the phone may have stopped ringing long ago: first the box says what it has.
        if (state.contact().box().stock() && (leg == null || leg == Leg.State.DIALLING)) {
            owed.add(ringSeat(state, offer.started()));
        }
        tellAgent(state, offer, OfferStage.RINGING, owed);
    }

    private static void tellAgent(CallState state, Offer offer, OfferStage stage, List<Output> owed) {
        var noted = state.agent(offer).noted();
        if (!offer.isOutside() && (noted == null || noted.compareTo(stage) < 0)) {
            owed.add(standing(state, offer));
        }
    }

    /** Of the offers that were over last, those whose agents have not said that they know. */
    static List<Offer> notNotedOver(CallState state) {
        return state.offers().lastOver().stream()
                .map(Past::offer)
                .filter(offer ->
                        !offer.isOutside() && !state.contact().overNoted().contains(offer.id()))
                .toList();
    }

    /** What a caller who has entered the queue hears first: by the rule that led them there, or the queue's own; empty for nothing. */
    static String greeting(CallState state, Context context) {
        if (state.queued() == null || OwnQueue.is(state.queued().getQueueId())) {
            return "";
        }
        var byRule = state.queued().getGreeting();
        return byRule.isEmpty()
                ? context.directory()
                        .queue(state.queued().getQueueId())
                        .waiting()
                        .greeting()
                : byRule;
    }

    /** With what reason a leg is ended that is not wanted any more. */
    private static EndCause endCause(CallState state) {
        if (state.phase() != Phase.ENDED || state.queued() != null) {
            var busy =
                    state.way().left() != null && state.way().left().getSound().isEmpty();
            return busy ? EndCause.BUSY : EndCause.NORMAL;
        }
        return switch (state.arrived().getTreatment()) {
            case HEARS_BUSY -> EndCause.BUSY;
            case TO_NUMBER -> state.answeredAt() == null ? EndCause.BUSY : EndCause.NORMAL;
            case TURNED_AWAY -> EndCause.REJECTED;
            case ANNOUNCEMENT -> EndCause.NORMAL;
                // The second was journalled before there were rules.
            case UNALLOCATED, TREATMENT_UNSPECIFIED, TO_QUEUE, TO_AGENT, UNRECOGNIZED -> EndCause.UNALLOCATED;
        };
    }

    private Says() {}
}
