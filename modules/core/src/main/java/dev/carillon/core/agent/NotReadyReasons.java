package dev.carillon.core.agent;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which reasons a person may give for not being ready:
 *
 * <ol>
 *   <li>None of those that Carillon gives by itself: statistics tell by them what happened from what was chosen.
 *   <li>One of the operator's list that is active.
 *   <li>Any text, where the list has none that is: a centre that does not count reasons need not keep a list.
 * </ol>
 *
 * @param listed the operator's list, by code
 */
public record NotReadyReasons(Map<String, NotReadyReason> listed) {

    /** Has just logged in, and was not ready yet. */
    public static final String LOGIN = "login";

    /** Declined a call on the phone. */
    public static final String REFUSED = "refused";

    /** The phone was in use. */
    public static final String BUSY = "busy";

    public static final String NO_ANSWER = "no-answer";

    /** The box could not reach the phone when a caller was given to them. */
    public static final String UNREACHABLE = "unreachable";

    /** The desktop has stopped giving signs of life. */
    public static final String DESKTOP_LOST = "desktop-lost";

    /** The box says of the phone, while nobody calls, that it cannot be reached. */
    public static final String SEAT_UNREACHABLE = "seat-unreachable";

    public static final NotReadyReasons NONE = new NotReadyReasons(Map.of());

    private static final Set<String> BUILT_IN =
            Set.of(LOGIN, REFUSED, BUSY, NO_ANSWER, UNREACHABLE, DESKTOP_LOST, SEAT_UNREACHABLE);

    public NotReadyReasons {
        listed = Map.copyOf(listed);
    }

    public static NotReadyReasons of(List<NotReadyReason> reasons) {
        return new NotReadyReasons(reasons.stream().collect(Collectors.toMap(NotReadyReason::code, reason -> reason)));
    }

    /** Whether Carillon gives it by itself. */
    public static boolean isBuiltIn(String code) {
        return BUILT_IN.contains(code);
    }

    /** As people are to see it. */
    public List<NotReadyReason> inOrder() {
        return listed.values().stream()
                .sorted(Comparator.comparingInt(NotReadyReason::order).thenComparing(NotReadyReason::code))
                .toList();
    }

    /** Why a person may not choose this; empty when they may. For people, and says what they may. */
    public Optional<String> trouble(String reason) {
        var choices = inOrder().stream()
                .filter(NotReadyReason::active)
                .map(NotReadyReason::code)
                .toList();
        if (isBuiltIn(reason)) {
            return Optional.of(reason + " is a reason that Carillon gives by itself. "
                    + (choices.isEmpty() ? "Choose any other." : "Choose one of " + String.join(", ", choices) + "."));
        }
        if (choices.isEmpty() || choices.contains(reason)) {
            return Optional.empty();
        }
        return Optional.of(
                "There is no active reason " + reason + ". Choose one of " + String.join(", ", choices) + ".");
    }
}
