package dev.carillon.core.agent;

import java.time.Duration;
import java.time.Instant;

/**
 * When an agent's desktop that gives no sign of life is lost. Only desktops that have given one since the log-in are watched, so an agent whose
 * phone is all they have is left alone.
 *
 * @param lostAfter without a sign for so long the agent is given no more calls; zero: no desktop is watched
 * @param logOutAfter for so long after that they are logged out; zero: they are not
 */
public record DesktopWatch(Duration lostAfter, Duration logOutAfter) {

    public static final DesktopWatch USUAL = new DesktopWatch(Duration.ofSeconds(30), Duration.ofMinutes(5));

    boolean isOn() {
        return !lostAfter.isZero();
    }

    Instant lostAt(Instant seenAt) {
        return seenAt.plus(lostAfter);
    }

    Instant logOutAt(Instant seenAt) {
        return lostAt(seenAt).plus(logOutAfter);
    }
}
