package dev.carillon.simulation;

import dev.carillon.protocol.Reply;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.call.CallEvent;
import dev.carillon.telephony.simulated.Caller;
import dev.carillon.telephony.simulated.Reaction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A working day of one queue, and what its callers were told while they waited: through the real deciders, with callers who come, keep an
 * agent and give up by chance. What is hard to foretell happens in it: a rush, agents who go to lunch, and agents who come back.
 *
 * <p>Every quarter of a minute everybody who waits is asked about, and later it is seen how long they did wait from then on. Beside what
 * Carillon says stands what a queue would say that has no better idea than the average wait of those it has served lately.
 */
final class Shift {

    /** A part of the day. */
    enum Part {
        EVEN("as many calls as agents can take", 0, 90, 1.0, 0),
        RUSH("a third more calls", 90, 120, 1.33, 0),
        LUNCH("two of five agents are away", 120, 165, 0.8, 8),
        BACK("everybody is back", 165, 240, 0.8, 0);

        private final String inWords;
        private final int fromMinute;
        private final int toMinute;
        private final double load;
        private final int away;

        /**
         * @param load against what all agents can take
         * @param away how many agents are
         */
        Part(String inWords, int fromMinute, int toMinute, double load, int away) {
            this.inWords = inWords;
            this.fromMinute = fromMinute;
            this.toMinute = toMinute;
            this.load = load;
            this.away = away;
        }

        String inWords() {
            return inWords;
        }

        private long fromMs() {
            return BEGINS_MS + fromMinute * 60_000L;
        }

        private long toMs() {
            return BEGINS_MS + toMinute * 60_000L;
        }

        static Part at(long ms) {
            var at = EVEN;
            for (var part : values()) {
                at = ms >= part.fromMs() ? part : at;
            }
            return at;
        }
    }

    /**
     * A caller who waited, in one moment of it.
     *
     * @param said how long they would wait from then on, by Carillon
     * @param average the same, by the average of those served in the quarter of an hour before
     * @param waited how long they did
     */
    record Moment(Part part, double said, double average, double waited) {}

    private record Question(String callId, long atMs, double said, double average) {}

    private static final long BEGINS_MS = 60_000;
    private static final int AGENTS = 20;
    private static final double HANDLING_SECONDS = 240;
    private static final double PATIENCE_SECONDS = 900;
    private static final long EVERY_MS = 15_000;
    private static final long LATELY_MS = Duration.ofMinutes(15).toMillis();

    private final World world;
    private final List<Question> questions = new ArrayList<>();
    private final Map<String, Long> arrived = new HashMap<>();
    private final Map<String, Long> served = new HashMap<>();
    private final Deque<long[]> lately = new ArrayDeque<>();

    private Shift(long seed) {
        var random = Chance.of(seed);
        var agents = IntStream.rangeClosed(1, AGENTS).mapToObj(i -> "a" + i).toList();
        world = World.calm(random.nextLong(), Deciders.real(), Textbook.setup(agents, 0), new Waits());
        for (var agentId : agents) {
            var seat = world.setup().seats().get(agentId);
            world.box(Textbook.BOX).seat(seat.endpoint(), () -> new Reaction.Answers(Duration.ZERO, Textbook.FOR_EVER));
            world.ask(agentId, new AgentCommand.LogIn(seat, Instant.MAX));
        }
        world.runUntil(1_000);
        agents.forEach(agentId -> world.ask(agentId, new AgentCommand.SetReady()));
        callers(random);
        for (var part : Part.values()) {
            world.at(part.fromMs(), () -> staff(agents, part.away));
        }
        for (long at = BEGINS_MS; at < Part.BACK.toMs(); at += EVERY_MS) {
            world.at(at, this::ask);
        }
        world.runUntil(Part.BACK.toMs() + Duration.ofHours(1).toMillis());
    }

    private void callers(SplittableRandom random) {
        for (var part : Part.values()) {
            double apart = HANDLING_SECONDS / AGENTS / part.load;
            double at = part.fromMs() / 1_000.0 + Textbook.exponential(random, apart);
            for (; at * 1_000 < part.toMs(); at += Textbook.exponential(random, apart)) {
                var patience = Math.round(1_000 * Textbook.exponential(random, PATIENCE_SECONDS));
                var takes = Math.round(1_000 * Textbook.exponential(random, HANDLING_SECONDS));
                world.arrive(
                        Textbook.BOX,
                        new Caller("", "", Textbook.QUEUE, Duration.ofMillis(patience), Duration.ofMillis(takes)),
                        Math.round(at * 1_000));
            }
        }
    }

    /** Who talks goes after the talk. */
    private void staff(List<String> agents, int away) {
        for (int i = 0; i < agents.size(); i++) {
            world.ask(agents.get(i), i < away ? new AgentCommand.SetNotReady("break") : new AgentCommand.SetReady());
        }
    }

    private void ask() {
        long now = world.now();
        while (!lately.isEmpty() && lately.getFirst()[0] < now - LATELY_MS) {
            lately.removeFirst();
        }
        var average = lately.stream().mapToLong(one -> one[1]).average().orElse(0) / 1_000;
        world.askWhoWaits(Textbook.QUEUE, reply -> {
            for (var call : ((Reply.WaitingCalls) reply).calls()) {
                if (call.place() > 0) {
                    questions.add(new Question(call.callId(), now, call.waitSeconds(), average));
                }
            }
        });
    }

    /** Of those who were served in the end; how long the others would have waited nobody knows. */
    static List<Moment> of(long seed) {
        var shift = new Shift(seed);
        return shift.questions.stream()
                .filter(question -> shift.served.getOrDefault(question.callId(), 0L) >= question.atMs())
                .map(question -> new Moment(
                        Part.at(question.atMs()),
                        question.said(),
                        question.average(),
                        (shift.served.get(question.callId()) - question.atMs()) / 1_000.0))
                .toList();
    }

    /** Reads from the calls' journals, in virtual milliseconds, when a phone was told to ring. */
    private final class Waits implements Witness {

        @Override
        public void callWrote(String callId, CallEvent event) {
            if (event.hasArrived()) {
                arrived.put(callId, world.now());
            } else if (event.hasOfferStarted() && served.putIfAbsent(callId, world.now()) == null) {
                lately.addLast(new long[] {world.now(), world.now() - arrived.get(callId)});
            }
        }
    }
}
