package dev.carillon.telephony.asterisk;

import java.time.Instant;
import java.util.List;

/**
 * @param name what {@code Commands} gave it: {@link #NAME_PREFIX} and the caller's channel; anything else is not ours
 * @param channels who is in it
 */
record AriBridge(String id, String name, List<String> channels, Instant created) {

    static final String NAME_PREFIX = "carillon:";

    boolean isOurs() {
        return name.startsWith(NAME_PREFIX);
    }
}
