package dev.carillon.telephony;

import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;

/** Counts what could not be understood or handled. Each kind is logged with its payload once, as {@link Payload} leaves it, then as 10, 100, 1000 of them. */
final class BrokenMessages {

    private static final int MOST_KINDS = 200;

    private final String boxId;
    private final BoxMeter meter;
    private final Logger log;
    private final Map<String, Integer> counts = new HashMap<>();

    BrokenMessages(String boxId, BoxMeter meter, Logger log) {
        this.boxId = boxId;
        this.meter = meter;
        this.log = log;
    }

    /** @param failure null when the message was not even understood */
    void count(String why, String payload, Throwable failure) {
        meter.passedOver(boxId);
        var kind = counts.size() < MOST_KINDS || counts.containsKey(why) ? why : "others";
        int count = counts.merge(kind, 1, Integer::sum);
        if (count == 1) {
            log.warn(
                    "Box {}: a message was passed over: {}. It said: {}",
                    boxId,
                    Payload.forLog(why),
                    Payload.forLog(payload),
                    failure);
        } else if (isPowerOfTen(count)) {
            log.warn("Box {}: {} messages were passed over by now: {}", boxId, count, Payload.forLog(kind));
        }
    }

    private static boolean isPowerOfTen(int count) {
        int rest = count;
        while (rest % 10 == 0) {
            rest /= 10;
        }
        return rest == 1 && count >= 10;
    }
}
