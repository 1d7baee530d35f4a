package dev.carillon.api;

import dev.carillon.api.Problem.FieldError;
import dev.carillon.store.Ids;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the parameters of a request's address, as {@link JsonBody} reads fields. A parameter that is left out is null. */
final class Query {

    private final Map<String, List<String>> parameters;
    private final Set<String> known = new HashSet<>();
    private final List<FieldError> errors = new ArrayList<>();

    Query(Map<String, List<String>> parameters) {
        this.parameters = parameters;
    }

    Instant instant(String name) {
        var text = text(name);
        if (text == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            invalid(name, "must be an instant like 2026-01-31T08:15:30Z (write a + of an offset as %2B)");
            return null;
        }
    }

    String id(String name, Ids form) {
        var text = text(name);
        if (text != null && !form.fits(text)) {
            invalid(name, "must be " + form.form());
        }
        return text;
    }

    String oneOf(String name, List<String> allowed) {
        var text = text(name);
        if (text != null && !allowed.contains(text)) {
            invalid(name, "must be one of " + String.join(", ", allowed));
        }
        return text;
    }

    int wholeNumber(String name, int least, int most, int otherwise) {
        var text = text(name);
        if (text == null) {
            return otherwise;
        }
        try {
            var number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // The same answer as for a number that is out of range.
        }
        invalid(name, "must be a whole number from " + least + " to " + most);
        return otherwise;
    }

    String text(String name) {
        known.add(name);
        var values = parameters.get(name);
        if (values == null) {
            return null;
        }
        if (values.size() > 1) {
            invalid(name, "is given " + values.size() + " times; give it once");
        }
        return values.get(0);
    }

    void invalid(String name, String detail) {
        errors.add(FieldError.invalid(name, detail));
    }

    /** @throws Problem when any parameter was wrong, or there is one that nobody asked for */
    void check() {
        for (var name : parameters.keySet()) {
            if (!known.contains(name)) {
                errors.add(FieldError.unknown(
                        name,
                        known.isEmpty()
                                ? "there are no query parameters here"
                                : "there is no such query parameter here; known are "
                                        + String.join(
                                                ", ", known.stream().sorted().toList())));
            }
        }
        if (!errors.isEmpty()) {
            throw Problem.ofFields(List.copyOf(errors));
        }
    }
}
