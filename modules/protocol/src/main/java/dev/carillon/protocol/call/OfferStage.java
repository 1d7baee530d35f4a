package dev.carillon.protocol.call;

/** How far an offer has come. */
public enum OfferStage {
    RINGING,
    TALKING,
    OVER
}
