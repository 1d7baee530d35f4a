package dev.carillon.telephony.asterisk;

import java.util.List;

/**
 * What a box has of Carillon's, as it was asked.
 *
 * @param legs that live, each of them asked itself
 * @param bridges all there are
 * @param listed all channels in the box's list, dead ones among them
 */
record Stock(List<Found> legs, List<AriBridge> bridges, List<AriChannel> listed) {

    /**
     * @param callVariable its {@code CALL_ID}
     * @param dialledNumber for a caller
     * @param servedByBox a caller who already talks to somebody of the emergency queue: no longer Carillon's business
     */
    record Found(AriChannel channel, String callVariable, String dialledNumber, boolean servedByBox) {

        boolean caller() {
            return channel.id().equals(callVariable);
        }
    }
}
