package dev.carillon.core.agent;

import java.util.List;
import java.util.Optional;

/**
 * Work after a call, for one queue. It is that of the queue whose call it was, however many queues the agent serves, and once begun it is
 * never cut short by Carillon.
 *
 * @param seconds how long it lasts; when mandatory, after how long it is overdue
 * @param extendSeconds by how much an agent may extend it at a time
 * @param mostSeconds how long it may last in all, extensions included
 * @param codes what an agent may say of the call; any id where there is none
 */
public record WrapUp(Mode mode, int seconds, int extendSeconds, int mostSeconds, List<String> codes) {

    public enum Mode {
        /** There is none. */
        NONE,
        /** The agent may end it at any time. */
        OPTIONAL,
        /** Lasts its time; what an agent chooses meanwhile is for afterwards. */
        FIXED,
        /** Lasts until the agent has said a code. */
        MANDATORY,
        /** As optional, and the agent may have more time. */
        EXTENDABLE
    }

    public static final int EXTEND_SECONDS = 30;
    public static final int MOST_SECONDS = 300;

    public WrapUp {
        codes = List.copyOf(codes);
    }

    /** Without codes. */
    public static WrapUp of(Mode mode, int seconds) {
        return new WrapUp(mode, seconds, EXTEND_SECONDS, MOST_SECONDS, List.of());
    }

    /** Whether the agent is free at once. */
    public boolean isNone() {
        return mode == Mode.NONE || (seconds == 0 && mode != Mode.MANDATORY);
    }

    /** Why a code may not be said; empty when it may. For people. */
    public Optional<String> trouble(String code) {
        return codes.isEmpty() || codes.contains(code)
                ? Optional.empty()
                : Optional.of("The queue has no code " + code + ". Choose one of " + String.join(", ", codes) + ".");
    }
}
