package dev.carillon.api;

import dev.carillon.core.inbound.Calendar;
import java.util.List;

/** {@code Calendar} of the contract. */
record CalendarBody(String id, Settings settings) {

    record Settings(String name, List<String> days) {}

    static CalendarBody of(Calendar calendar) {
        return new CalendarBody(
                calendar.id(),
                new Settings(
                        calendar.name(),
                        calendar.days().stream().sorted().map(Object::toString).toList()));
    }
}
