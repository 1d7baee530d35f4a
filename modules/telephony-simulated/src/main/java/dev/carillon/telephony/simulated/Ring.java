package dev.carillon.telephony.simulated;

import java.time.Instant;
import java.util.Optional;

/**
 * What a seat lived through: one phone told to ring once.
 *
 * @param toldAt when the box was told to
 * @param rangAt when the phone began to make a sound; empty when it never did
 * @param answeredAt empty when nobody picked it up
 * @param endedAt empty while it rings or is talked on
 */
public record Ring(
        String endpoint,
        String legId,
        String callId,
        Instant toldAt,
        Optional<Instant> rangAt,
        Optional<Instant> answeredAt,
        Optional<Instant> endedAt) {}
