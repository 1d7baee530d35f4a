package dev.carillon.telephony;

import dev.carillon.protocol.box.BoxEvent;

/** The way to the calls of a box, wherever in the cluster they live. Returns at once; what is lost is said again. */
@FunctionalInterface
public interface CallGateway {

    void tell(String callId, BoxEvent event);
}
