/**
 * The way to Asterisk 22 (tested) and 20 (by its documentation, untested): ARI over HTTP and a WebSocket.
 * {@link dev.carillon.telephony.asterisk.AsteriskAdapter} is the door. Inside, reading what the box says ({@code AriJson}, {@code AriEvent}) and knowing what it has ({@code Book}) are free of
 * Akka; {@code AriClient} carries requests, {@code Connecting} and {@code Running} are the two halves of a link's life.
 */
package dev.carillon.telephony.asterisk;
