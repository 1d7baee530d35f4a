package dev.carillon.node;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import dev.carillon.cluster.Entities;
import dev.carillon.cluster.LiveView;
import dev.carillon.protocol.Reply;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.box.BoxSettings;
import dev.carillon.protocol.view.View;
import dev.carillon.protocol.view.View.AgentPhase;
import dev.carillon.store.Configuration;
import dev.carillon.telephony.running.SimulatedBoxAdapter;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The demonstration's agents: each logs in at a free seat and is ready, and does so again when something has put them out of that
 * state. What a person chose over the API, a break for example, is left as it is. Only seats of simulated boxes are taken: at a real
 * one somebody has to sit. Speaks to agents as the API does.
 */
final class DemoAgents extends AbstractBehavior<DemoAgents.Message> {

    interface Message {}

    private enum Tick implements Message {
        NOW
    }

    private record Answered(String agentId, Reply reply, Throwable failure) implements Message {}

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    /** Reasons that nobody chose. */
    private static final Set<String> BY_ITSELF = Set.of("login", "refused", "busy", "no-answer", "unreachable");

    private final Entities entities;
    private final LiveView live;
    private final Supplier<Configuration> configuration;
    private final Clock clock;
    private final Duration pause;
    private final Set<String> asked = new HashSet<>();

    static Behavior<Message> create(
            Entities entities, LiveView live, Supplier<Configuration> configuration, Clock clock, Duration pause) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(Tick.NOW, INTERVAL);
            return new DemoAgents(context, entities, live, configuration, clock, pause);
        }));
    }

    private DemoAgents(
            ActorContext<Message> context,
            Entities entities,
            LiveView live,
            Supplier<Configuration> configuration,
            Clock clock,
            Duration pause) {
        super(context);
        this.entities = entities;
        this.live = live;
        this.configuration = configuration;
        this.clock = clock;
        this.pause = pause;
    }

    @Override
    public Receive<Message> createReceive() {
        return newReceiveBuilder()
                .onMessageEquals(Tick.NOW, this::lookAround)
                .onMessage(Answered.class, this::onAnswered)
                .build();
    }

    private Behavior<Message> lookAround() {
        var taken = live.agents().stream()
                .map(View.OfAgent::seatId)
                .filter(seat -> seat != null)
                .collect(Collectors.toSet());
        var simulated = configuration.get().boxes().stream()
                .filter(box -> box.kind().equals(SimulatedBoxAdapter.KIND))
                .map(BoxSettings::boxId)
                .collect(Collectors.toSet());
        var free = configuration.get().seats().stream()
                .filter(seat -> simulated.contains(seat.boxId()) && !taken.contains(seat.seatId()))
                .sorted(Comparator.comparing(Seat::seatId))
                .iterator();
        configuration.get().directory().agents().keySet().stream().sorted().forEach(agentId -> {
            var agent = live.agent(agentId);
            if (loggedOut(agent)) {
                if (free.hasNext()) {
                    say(agentId, () -> entities.logIn(agentId, free.next()));
                }
            } else if (mayBeReadyAgain(agent.get())) {
                say(agentId, () -> entities.askAgent(agentId, new AgentCommand.SetReady()));
            }
        });
        return this;
    }

    private static boolean loggedOut(Optional<View.OfAgent> agent) {
        return agent.isEmpty() || agent.get().phase() == AgentPhase.LOGGED_OUT;
    }

    private boolean mayBeReadyAgain(View.OfAgent agent) {
        return agent.phase() == AgentPhase.NOT_READY
                && BY_ITSELF.contains(agent.reason())
                && (agent.reason().equals("login")
                        || !clock.instant().isBefore(agent.since().plus(pause)));
    }

    /** One thing at a time: the live view follows an answer only after a moment. */
    private void say(String agentId, Supplier<CompletionStage<Reply>> command) {
        if (asked.add(agentId)) {
            getContext().pipeToSelf(command.get(), (reply, failure) -> new Answered(agentId, reply, failure));
        }
    }

    private Behavior<Message> onAnswered(Answered answered) {
        asked.remove(answered.agentId());
        if (answered.failure() != null) {
            getContext().getLog().debug("Agent {} of the demonstration does not answer", answered.agentId());
        } else if (answered.reply() instanceof Reply.Rejected rejected) {
            getContext().getLog().debug("Agent {} of the demonstration: {}", answered.agentId(), rejected.detail());
        }
        return this;
    }
}
