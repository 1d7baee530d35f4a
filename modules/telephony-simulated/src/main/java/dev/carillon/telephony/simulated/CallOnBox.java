package dev.carillon.telephony.simulated;

import dev.carillon.protocol.box.BoxEvent;
import dev.carillon.protocol.box.Leg;
import java.util.List;
import java.util.Optional;

/**
 * Everything a box has of one call at this moment.
 *
 * @param legs in the order in which they came to be
 * @param bridged the legs that talk to each other; empty when none do
 * @param offered what to tell the call about its caller, when nobody has decided anything for them yet, or not for so long that
 *     the box has taken them back
 */
public record CallOnBox(String callId, List<Leg> legs, List<String> bridged, Optional<BoxEvent.LegOffered> offered) {
    public CallOnBox {
        legs = List.copyOf(legs);
        bridged = List.copyOf(bridged);
    }
}
