package dev.carillon.core.inbound;

import java.time.LocalDate;
import java.util.Set;

/** Days with something in common: holidays, stocktaking. */
public record Calendar(String id, String name, Set<LocalDate> days) {
    public Calendar {
        days = Set.copyOf(days);
    }
}
