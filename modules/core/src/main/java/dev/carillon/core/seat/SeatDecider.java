package dev.carillon.core.seat;

import dev.carillon.core.Context;
import dev.carillon.core.Decider;
import dev.carillon.core.Decision;
import dev.carillon.core.Output;
import dev.carillon.core.Timer;
import dev.carillon.core.Timing;
import dev.carillon.core.Turn;
import dev.carillon.core.seat.SeatState.Word;
import dev.carillon.protocol.Reply;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.seat.SeatClaimed;
import dev.carillon.protocol.seat.SeatCommand;
import dev.carillon.protocol.seat.SeatEvent;
import dev.carillon.protocol.seat.SeatReachability;
import dev.carillon.protocol.seat.SeatReleased;
import dev.carillon.protocol.view.View;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A seat decides:
 *
 * <ol>
 *   <li>Who wants to log in claims it first. It is granted to who asks while nobody holds it, for a short time in which they may log in.
 *   <li>Whether they did, they are asked when that time is over, and again whenever it is in doubt: when they are said to have left,
 *       when somebody else wants the seat, and after a crash. While in doubt it stays theirs.
 *   <li>Only the holder's own word that they are not here frees it. An agent gives it no earlier than when the claim can no longer be used, and with
 *       the claim's number: so no log-in that is still under way, and no answer that comes late, ever puts two at one seat.
 *   <li>Claimed by its holder again, it is granted anew: the same agent from a second desktop.
 *   <li>Whether the phone can be reached is its box's word, the newest counts, and every change is written: an agent who logs in later asks for
 *       it. The holder is told every time the box says it, until they have heard it; only then is the box told that it is settled, and
 *       falls silent. So a seat that dies in between owes nobody anything. What a box says anew that is known, as when its
 *       telephony node was started elsewhere, is not written.
 *   <li>Whoever takes it over has asked the holder to leave, and brings their word, with the claim's number as above. One write frees the
 *       seat and gives it away. Without such a word it stays as it was.
 * </ol>
 */
public final class SeatDecider implements Decider<SeatCommand, SeatEvent, SeatState> {

    private static final String ASK = "ask:";

    @Override
    public SeatState empty(String id) {
        return SeatState.empty(id);
    }

    @Override
    public Decision<SeatEvent, SeatState> decide(SeatState state, SeatCommand command, Context context) {
        var turn = new Turn<>(state, context, this::evolve);
        if (command instanceof SeatCommand.Claim c) {
            claim(turn, c.agentId());
        } else if (command instanceof SeatCommand.TakeOver c) {
            takeOver(turn, c);
        } else if (command instanceof SeatCommand.HolderHere c) {
            if (state.isHeldBy(c.agentId(), c.number())) {
                turn.note(SeatState::here);
            }
        } else if (command instanceof SeatCommand.HolderGone c) {
            if (state.isHeldBy(c.agentId(), c.number())) {
                turn.record(released(turn));
            }
        } else if (command instanceof SeatCommand.HolderLeft c) {
            if (c.agentId().equals(state.holder())) {
                ask(turn);
            }
        } else if (command instanceof SeatCommand.Reachability c) {
            reachability(turn, c);
        } else if (command instanceof SeatCommand.HolderInformed c) {
            if (c.agentId().equals(state.holder())) {
                turn.note(s -> s.informed(c.number()));
            }
        } else if (command instanceof SeatCommand.TellReachability c) {
            turn.say(word(state, c.agentId()));
        } else if (command instanceof SeatCommand.TimerFired c) {
            if (timers(state).stream()
                    .anyMatch(t -> t.id().equals(c.timerId()) && !t.due().isAfter(context.now()))) {
                ask(turn);
            }
        } else {
            throw new IllegalArgumentException("No rule for " + command);
        }
        return turn.end();
    }

    private static void claim(Turn<SeatEvent, SeatState> turn, String agentId) {
        var state = turn.state();
        if (state.isOpenTo(agentId)) {
            grant(turn, agentId);
        } else {
            ask(turn);
            turn.reject("SEAT_TAKEN", taken(state, turn.context().now()));
        }
    }

    /** Rule 5. */
    private static void reachability(Turn<SeatEvent, SeatState> turn, SeatCommand.Reachability said) {
        var seat = turn.context().directory().seats().get(turn.state().id());
        if (seat != null && !seat.boxId().equals(said.boxId())) {
            // One of the two does not know yet that the seat was moved.
            turn.say(new Output.Answer(new Reply.SeatHeard(0, false)));
            return;
        }
        var known = turn.state().word();
        boolean late = said.number() < turn.state().newest();
        if (!late && (known.number() == 0 || said.reachable() != known.reachable())) {
            turn.record(heard(turn.context().nowMs(), new Word(said.reachable(), said.number())));
        } else if (!late) {
            turn.note(s -> s.heardAgain(said.number()));
        }
        var state = turn.state();
        if (!state.settled()) {
            turn.say(word(state, state.holder()));
        }
        turn.say(new Output.Answer(
                new Reply.SeatHeard(late ? state.newest() : state.word().number(), state.settled())));
    }

    private static Output word(SeatState state, String agentId) {
        return new Output.ToAgent(
                agentId,
                new AgentCommand.SeatReachability(
                        state.id(), state.word().reachable(), state.word().number()));
    }

    private static SeatEvent heard(long atMs, Word word) {
        return SeatEvent.newBuilder()
                .setAtMs(atMs)
                .setReachability(SeatReachability.newBuilder()
                        .setReachable(word.reachable())
                        .setNumber(word.number()))
                .build();
    }

    private static String taken(SeatState state, Instant now) {
        return state.confirmed() || now.isAfter(state.until())
                ? "Agent " + state.holder() + " is logged in at seat " + state.id()
                        + ". Choose another seat, log that agent out first, or take the seat over."
                : "Agent " + state.holder() + " has claimed seat " + state.id()
                        + " a moment ago, and may be logging in. Choose another seat, or try again after "
                        + state.until()
                        + ".";
    }

    private static void takeOver(Turn<SeatEvent, SeatState> turn, SeatCommand.TakeOver wish) {
        if (turn.state().isHeldBy(wish.formerId(), wish.number())) {
            turn.record(released(turn));
        }
        var state = turn.state();
        if (state.isOpenTo(wish.agentId())) {
            grant(turn, wish.agentId());
        } else {
            turn.say(new Output.Answer(new Reply.SeatHeld(state.holder(), state.number(), state.until())));
        }
    }

    private static void grant(Turn<SeatEvent, SeatState> turn, String agentId) {
        var state = turn.state();
        var usual = turn.context().now().plus(Timing.SEAT_CLAIM);
        // Never shorter than an earlier one, which may still be under way.
        var until = state.until() != null && state.until().isAfter(usual) ? state.until() : usual;
        turn.record(claimed(turn.context().nowMs(), agentId, state.number() + 1, until));
        turn.say(new Output.Answer(new Reply.SeatGranted(until)));
    }

    private static void ask(Turn<SeatEvent, SeatState> turn) {
        turn.note(SeatState::inDoubt);
        turn.say(question(turn.state()));
    }

    private static Output question(SeatState state) {
        return new Output.ToAgent(
                state.holder(), new AgentCommand.AreYouAtSeat(state.id(), state.number(), state.until()));
    }

    private static SeatEvent claimed(long atMs, String agentId, long number, Instant until) {
        return SeatEvent.newBuilder()
                .setAtMs(atMs)
                .setClaimed(SeatClaimed.newBuilder()
                        .setAgentId(agentId)
                        .setNumber(number)
                        .setUntilMs(until.toEpochMilli()))
                .build();
    }

    private static SeatEvent released(Turn<SeatEvent, SeatState> turn) {
        return SeatEvent.newBuilder()
                .setAtMs(turn.context().nowMs())
                .setReleased(SeatReleased.newBuilder()
                        .setAgentId(turn.state().holder())
                        .setNumber(turn.state().number()))
                .build();
    }

    @Override
    public SeatState evolve(SeatState state, SeatEvent event) {
        return switch (event.getEventCase()) {
            case CLAIMED -> {
                var e = event.getClaimed();
                yield state.claimed(e.getAgentId(), e.getNumber(), Instant.ofEpochMilli(e.getUntilMs()));
            }
            case RELEASED -> state.released();
            case REACHABILITY -> {
                var e = event.getReachability();
                yield state.heard(new Word(e.getReachable(), e.getNumber()));
            }
                // Written by a newer release.
            case EVENT_NOT_SET -> state;
        };
    }

    @Override
    public List<Output> resume(SeatState state, Context context) {
        return state.asking() ? List.of(question(state)) : List.of();
    }

    @Override
    public List<Timer> timers(SeatState state) {
        return state.holder() == null || state.confirmed() || state.asking()
                ? List.of()
                : List.of(new Timer(ASK + state.number(), state.until()));
    }

    @Override
    public SeatCommand timerFired(String timerId) {
        return new SeatCommand.TimerFired(timerId);
    }

    /** The number is never used twice, so it is kept when nobody holds the seat. */
    @Override
    public List<SeatEvent> compact(SeatState state) {
        var events = new ArrayList<SeatEvent>();
        if (state.number() > 0) {
            var untilMs = state.until().toEpochMilli();
            var holder = state.holder() == null ? "" : state.holder();
            events.add(claimed(untilMs, holder, state.number(), state.until()));
            if (state.holder() == null) {
                events.add(SeatEvent.newBuilder()
                        .setAtMs(untilMs)
                        .setReleased(SeatReleased.newBuilder().setNumber(state.number()))
                        .build());
            }
        }
        if (state.word().number() > 0) {
            events.add(heard(state.word().number(), state.word()));
        }
        return events;
    }

    @Override
    public boolean mayRest(SeatState state) {
        return !state.asking() && timers(state).isEmpty();
    }

    /** Agents show where they sit. */
    @Override
    public Optional<View> view(SeatState state) {
        return Optional.empty();
    }
}
