package dev.carillon.telephony;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * How a telephony node keeps its connection and its calls; every key is explained in {@code reference.conf}.
 *
 * @param connectTimeout a link that is not up after this is given up
 * @param closeTimeout a link that is told to close and does not stop by itself is stopped after this
 * @param startingTime a box that answers and lacks something is taken to be starting for so long
 * @param steadyAfter a connection that lasted so long makes former failures forgotten
 * @param seatGrace for so long a phone must be unreachable before its seat is told
 * @param tick how often the table is looked through
 * @param admission when new calls are refused
 */
public record TelephonySettings(
        Duration connectTimeout,
        Duration closeTimeout,
        Duration backOffFirst,
        Duration backOffLongest,
        double backOffSpread,
        Duration startingTime,
        Duration steadyAfter,
        Duration seatGrace,
        Duration tick,
        Duration offerRepeat,
        Duration silence,
        Duration endedMemory,
        Duration firstReminder,
        Duration longestReminder,
        int reminderLimit,
        Duration wakeInterval,
        String role,
        Admission.Rules admission) {

    /** @param config of the whole system: {@code carillon.telephony} is read from it */
    public static TelephonySettings from(Config config) {
        var telephony = config.getConfig("carillon.telephony");
        var calls = telephony.getConfig("calls");
        var backOff = telephony.getConfig("back-off");
        return new TelephonySettings(
                telephony.getDuration("connect-timeout"),
                telephony.getDuration("close-timeout"),
                backOff.getDuration("first"),
                backOff.getDuration("longest"),
                backOff.getDouble("spread"),
                telephony.getDuration("starting-time"),
                telephony.getDuration("steady-after"),
                telephony.getDuration("seat-grace"),
                telephony.getDuration("tick"),
                calls.getDuration("offer-repeat"),
                calls.getDuration("silence"),
                calls.getDuration("ended-memory"),
                calls.getDuration("first-reminder"),
                calls.getDuration("longest-reminder"),
                calls.getInt("reminder-limit"),
                telephony.getDuration("wake-interval"),
                telephony.getString("role"),
                Admission.Rules.from(telephony.getConfig("admission")));
    }

    BackOff backOff() {
        return new BackOff(backOffFirst, backOffLongest, backOffSpread);
    }

    BoxCalls.Limits limits() {
        return new BoxCalls.Limits(offerRepeat, silence, endedMemory, firstReminder, longestReminder, reminderLimit);
    }
}
