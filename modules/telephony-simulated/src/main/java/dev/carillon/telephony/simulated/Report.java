package dev.carillon.telephony.simulated;

import dev.carillon.protocol.box.BoxEvent;
import java.time.Instant;

/** Something happened on the box at this moment, or is said again because it was asked for again. */
public record Report(Instant at, String callId, BoxEvent event) {}
