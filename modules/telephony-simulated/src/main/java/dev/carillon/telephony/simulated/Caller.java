package dev.carillon.telephony.simulated;

import java.time.Duration;

/**
 * A person who calls.
 *
 * @param number shown to the box; empty when withheld
 * @param dialled the number they called
 * @param patience for how long they wait to be talked to before they hang up
 * @param talk for how long they talk before they hang up, if the other side has not done so by then
 */
public record Caller(String number, String name, String dialled, Duration patience, Duration talk) {}
