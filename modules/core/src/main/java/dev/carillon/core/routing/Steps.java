package dev.carillon.core.routing;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whom a call may be given to, by how long it has waited: each step asks for skills with minimum levels, and the next one follows
 * when the call has waited for its time. Usually every step asks for less than the one before; the last one lasts.
 */
public record Steps(List<Step> steps) {

    /** More would be of no use to anybody, and the steps an agent meets are kept as bits of a long. */
    public static final int MOST = 20;

    /** Whoever serves the queue. */
    public static final Steps ANYONE = new Steps(List.of(new Step(Duration.ZERO, Map.of())));

    /**
     * @param after how long a call has waited when it begins
     * @param minimum level, 1 to 10, of each skill that is asked for; empty for whoever serves the queue
     * @param lastAgent for the agent alone whom the caller last talked to, as long as that agent is at work; while they are not, or
     *     when nobody knows who it is, the step is passed over
     */
    public record Step(Duration after, Map<String, Integer> minimum, boolean lastAgent) {
        public Step {
            minimum = Map.copyOf(minimum);
        }

        public Step(Duration after, Map<String, Integer> minimum) {
            this(after, minimum, false);
        }

        public static Step forLastAgent(Duration after) {
            return new Step(after, Map.of(), true);
        }

        boolean isMetBy(Map<String, Integer> skills) {
            return !lastAgent
                    && minimum.entrySet().stream()
                            .allMatch(asked -> skills.getOrDefault(asked.getKey(), 0) >= asked.getValue());
        }
    }

    /** @throws IllegalArgumentException when there is {@link #trouble} with them */
    public Steps {
        steps = steps.stream().sorted(Comparator.comparing(Step::after)).toList();
        trouble(steps).ifPresent(trouble -> {
            throw new IllegalArgumentException("Steps " + trouble);
        });
    }

    /** What these steps, in any order, lack; empty when nothing. */
    public static Optional<String> trouble(List<Step> steps) {
        if (steps.isEmpty() || steps.size() > MOST) {
            return Optional.of("must be 1 to " + MOST);
        }
        if (steps.stream().noneMatch(step -> step.after().isZero())) {
            return Optional.of("must have one that begins after 0 seconds");
        }
        if (steps.stream().map(Step::after).distinct().count() < steps.size()) {
            return Optional.of("must each begin at another time");
        }
        if (steps.stream().max(Comparator.comparing(Step::after)).orElseThrow().lastAgent()) {
            return Optional.of("must not end with the caller's last agent, who may not be there: add one for others");
        }
        return Optional.empty();
    }

    /** {@link #ANYONE} when there are none. */
    public static Steps of(List<Step> steps) {
        return steps.isEmpty() ? ANYONE : new Steps(steps);
    }

    /** Empty for {@link #ANYONE}, as people leave them out. */
    public List<Step> written() {
        return equals(ANYONE) ? List.of() : steps;
    }

    public int count() {
        return steps.size();
    }

    /** At which step a call is. */
    public int at(Instant waitingSince, Instant now) {
        int at = 0;
        while (at + 1 < steps.size() && !now.isBefore(begins(at + 1, waitingSince))) {
            at++;
        }
        return at;
    }

    /** When the step after this one begins; empty for the last. */
    public Optional<Instant> nextAfter(int step, Instant waitingSince) {
        return step + 1 < steps.size() ? Optional.of(begins(step + 1, waitingSince)) : Optional.empty();
    }

    private Instant begins(int step, Instant waitingSince) {
        return waitingSince.plus(steps.get(step).after());
    }

    /** Whether a step is for the caller's last agent alone. The last one is not. */
    public boolean isForLastAgent(int step) {
        return steps.get(step).lastAgent();
    }

    /** The steps whose calls an agent may have, as bits: the lowest for the first step. */
    public long metBy(Map<String, Integer> skills) {
        long met = 0;
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).isMetBy(skills)) {
                met |= 1L << i;
            }
        }
        return met;
    }
}
