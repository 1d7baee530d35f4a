package dev.carillon.simulation;

import dev.carillon.protocol.Seat;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.view.View;

/** The person behind an agent: comes to work, takes breaks, goes, and gets ready again after an offer they have missed. */
final class Worker {

    /** What they say of every call. */
    static final String CODE = "sold";

    private static final Seat ELSEWHERE = new Seat("seat-elsewhere", "box-elsewhere", "SIM/elsewhere");

    private final World world;
    private final String agentId;
    private final Seat seat;
    private final boolean restless;

    /** Until when their desktop and they are gone. */
    private long awayUntil;

    /**
     * @param restless looks away and back every few seconds
     * @param desktop whether they have one that gives signs of life, and is gone now and then, and they with it
     */
    Worker(World world, String agentId, Seat seat, boolean restless, boolean desktop) {
        this.world = world;
        this.agentId = agentId;
        this.seat = seat;
        this.restless = restless;
        world.in(world.random(0, 8_000), this::look);
        if (desktop) {
            world.in(world.random(0, 8_000), this::beat);
        }
    }

    private void beat() {
        world.in(2_000, this::beat);
        if (world.now() >= awayUntil) {
            awayUntil = world.toss(0.04) ? world.now() + world.random(2_000, 25_000) : 0;
            world.ask(agentId, new AgentCommand.Heartbeat());
        }
    }

    private void look() {
        world.in(restless ? world.random(500, 6_000) : world.random(2_000, 20_000), this::look);
        if (world.now() < awayUntil) {
            return;
        }
        var phase = world.agentView(agentId).map(View.OfAgent::phase).orElse(View.AgentPhase.LOGGED_OUT);
        boolean whim = world.toss(restless ? 0.35 : 0.08);
        switch (phase) {
            case LOGGED_OUT -> {
                if (world.toss(0.3)) {
                    world.takeOver(agentId, seat);
                } else {
                    world.logIn(agentId, seat);
                }
            }
            case NOT_READY -> {
                if (whim) {
                    world.ask(agentId, new AgentCommand.LogOut());
                } else {
                    world.ask(agentId, new AgentCommand.SetReady());
                }
            }
            case READY -> {
                if (world.toss(0.05)) {
                    world.askToSit(agentId, ELSEWHERE, () -> {});
                } else if (whim) {
                    world.ask(agentId, leave());
                }
            }
            case RESERVED, RINGING, TALKING -> {
                if (world.toss(0.05)) {
                    // Refused, or it would be theirs.
                    world.askToSit(agentId, ELSEWHERE, () -> {});
                } else if (whim) {
                    world.ask(
                            agentId,
                            world.toss(0.3) ? new AgentCommand.CancelNext() : new AgentCommand.SetNotReady("break"));
                }
            }
            case WRAP_UP -> {
                if (whim || world.toss(0.5)) {
                    world.ask(agentId, wrapUp());
                }
            }
        }
    }

    /** Whether or not the queue's mode allows it. */
    private AgentCommand wrapUp() {
        return switch ((int) world.random(0, 7)) {
            case 0 -> new AgentCommand.SetReady();
            case 1 -> new AgentCommand.SetNotReady("break");
            case 2 -> new AgentCommand.LogOut();
            case 3 -> new AgentCommand.EndWrapUp("");
            case 4 -> new AgentCommand.ExtendWrapUp((int) world.random(1, 4), "");
            default -> new AgentCommand.GiveWrapUpCode(CODE, "");
        };
    }

    private AgentCommand leave() {
        return world.toss(0.3) ? new AgentCommand.LogOut() : new AgentCommand.SetNotReady("break");
    }
}
