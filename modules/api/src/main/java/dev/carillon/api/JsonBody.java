package dev.carillon.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.api.Problem.FieldError;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Reads the fields of a request's body. Nothing is coerced, and everything that is wrong is collected, so that a client learns of all
 * of it at once: read every field, then call {@link #check} before using what was read.
 */
final class JsonBody {

    private static final Pattern ONE_LINE = Pattern.compile("[^\\p{Cntrl}]*");
    private static final Pattern WORD = Pattern.compile("[!-~]*");

    private final ObjectNode fields;
    private final Set<String> known = new HashSet<>();
    private final List<FieldError> errors = new ArrayList<>();

    JsonBody(ObjectNode fields) {
        this.fields = fields;
    }

    boolean has(String field) {
        known.add(field);
        return fields.has(field);
    }

    /** Fields of which null says the same as leaving them out. To be called before they are read. */
    void nullable(String... names) {
        for (var name : names) {
            if (fields.path(name).isNull()) {
                fields.remove(name);
            }
        }
    }

    /** A text on one line, with something to read in it. */
    String text(String field, int longest) {
        var text = required(field);
        return text == null ? "" : line(field, text, 1, longest);
    }

    String text(String field, int longest, String otherwise) {
        var text = optional(field);
        return text == null ? otherwise : line(field, text, 0, longest);
    }

    /** Visible ASCII without spaces: names that a box understands. */
    String word(String field, int longest) {
        var text = required(field);
        return text == null ? "" : word(field, text, 1, longest);
    }

    String word(String field, int shortest, int longest, String otherwise) {
        var text = optional(field);
        return text == null ? otherwise : word(field, text, shortest, longest);
    }

    String id(String field, Ids form) {
        var text = required(field);
        return text == null ? "" : id(field, text, form);
    }

    String id(String field, Ids form, String otherwise) {
        var text = optional(field);
        return text == null ? otherwise : id(field, text, form);
    }

    boolean flag(String field) {
        if (!has(field)) {
            invalid(field, "is missing");
        }
        return flag(field, false);
    }

    boolean flag(String field, boolean otherwise) {
        if (!has(field)) {
            return otherwise;
        }
        var node = fields.get(field);
        if (!node.isBoolean()) {
            invalid(field, "must be true or false, was " + shown(node));
        }
        return node.booleanValue();
    }

    Instant instant(String field, Instant otherwise) {
        var text = optional(field);
        if (text == null) {
            return otherwise;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            invalid(field, "must be an instant like 2026-01-31T08:15:30Z");
            return otherwise;
        }
    }

    String oneOf(String field, List<String> allowed) {
        var text = required(field);
        return text == null ? "" : oneOf(field, text, allowed);
    }

    String oneOf(String field, List<String> allowed, String otherwise) {
        var text = optional(field);
        return text == null ? otherwise : oneOf(field, text, allowed);
    }

    int wholeNumber(String field, int least, int most, int otherwise) {
        known.add(field);
        var node = fields.get(field);
        if (node == null) {
            return otherwise;
        }
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < least || node.intValue() > most) {
            invalid(field, "must be a whole number from " + least + " to " + most + ", was " + shown(node));
            return otherwise;
        }
        return node.intValue();
    }

    /** A list of different ids. */
    List<String> ids(String field, Ids form, int most) {
        if (!has(field)) {
            invalid(field, "is missing");
            return List.of();
        }
        return each(field, most, text -> Optional.of(text).filter(form::fits), form.form());
    }

    /**
     * A list of different texts; empty when it is left out.
     *
     * @param read what a text means; empty when it does not have the right form
     * @param form for people: what is allowed
     */
    <T> List<T> each(String field, int most, Function<String, Optional<T>> read, String form) {
        if (!has(field)) {
            return List.of();
        }
        var node = fields.get(field);
        if (!node.isArray() || node.size() > most) {
            invalid(field, "must be a list of at most " + most + " texts");
            return List.of();
        }
        var found = new LinkedHashSet<T>();
        for (int i = 0; i < node.size(); i++) {
            var place = field + "[" + i + "]";
            var element = node.get(i);
            if (!element.isTextual()) {
                invalid(place, "must be a text, was " + shown(element));
                continue;
            }
            var one = read.apply(element.textValue());
            if (one.isEmpty()) {
                invalid(place, "must be " + form);
            } else if (!found.add(one.get())) {
                invalid(place, "is in the list twice");
            }
        }
        return List.copyOf(found);
    }

    /** Whole numbers by name, for example skills with their levels; none when it is left out. */
    Map<String, Integer> numbers(String field, Ids names, int least, int most) {
        known.add(field);
        var node = fields.get(field);
        if (node == null) {
            return Map.of();
        }
        if (!node.isObject()) {
            invalid(field, "must be an object, was " + shown(node));
            return Map.of();
        }
        var numbers = new JsonBody((ObjectNode) node);
        var read = new LinkedHashMap<String, Integer>();
        node.fieldNames().forEachRemaining(name -> {
            id(field + "." + name, name, names);
            read.put(name, numbers.wholeNumber(name, least, most, least));
        });
        numbers.errors.forEach(error -> errors.add(error.within(field)));
        return read;
    }

    /** A list of objects, each read by the same hand; empty when it is left out. */
    <T> List<T> objects(String field, int most, Function<JsonBody, T> reader) {
        known.add(field);
        var node = fields.get(field);
        if (node == null) {
            return List.of();
        }
        if (!node.isArray() || node.size() > most) {
            invalid(field, "must be a list of at most " + most + " objects");
            return List.of();
        }
        var read = new ArrayList<T>();
        for (int i = 0; i < node.size(); i++) {
            var place = field + "[" + i + "]";
            if (node.get(i) instanceof ObjectNode object) {
                var body = new JsonBody(object);
                read.add(reader.apply(body));
                body.collectUnknown();
                body.errors.forEach(error -> errors.add(error.within(place)));
            } else {
                invalid(place, "must be an object, was " + shown(node.get(i)));
            }
        }
        return read;
    }

    void invalid(String field, String detail) {
        errors.add(FieldError.invalid(field, detail));
    }

    /** @throws Problem when any field was wrong, or there is one that nobody asked for */
    void check() {
        collectUnknown();
        if (!errors.isEmpty()) {
            throw Problem.ofFields(List.copyOf(errors));
        }
    }

    private void collectUnknown() {
        fields.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                errors.add(FieldError.unknown(
                        name,
                        "there is no such field here; known are "
                                + String.join(", ", known.stream().sorted().toList())));
            }
        });
    }

    private String required(String field) {
        if (!has(field)) {
            invalid(field, "is missing");
            return null;
        }
        return optional(field);
    }

    private String optional(String field) {
        known.add(field);
        var node = fields.get(field);
        if (node == null) {
            return null;
        }
        if (!node.isTextual()) {
            invalid(field, "must be a text, was " + shown(node));
            return null;
        }
        return node.textValue();
    }

    private String line(String field, String text, int shortest, int longest) {
        if (text.length() > longest
                || (shortest > 0 && text.isBlank())
                || !ONE_LINE.matcher(text).matches()) {
            invalid(field, "must be " + shortest + " to " + longest + " characters on one line");
        }
        return text;
    }

    private String word(String field, String text, int shortest, int longest) {
        if (text.length() < shortest
                || text.length() > longest
                || !WORD.matcher(text).matches()) {
            invalid(field, "must be " + shortest + " to " + longest + " visible ASCII characters without spaces");
        }
        return text;
    }

    private String id(String field, String text, Ids form) {
        if (!form.fits(text)) {
            invalid(field, "must be " + form.form());
        }
        return text;
    }

    private String oneOf(String field, String text, List<String> allowed) {
        if (!allowed.contains(text)) {
            invalid(field, "must be one of " + String.join(", ", allowed));
        }
        return text;
    }

    private static String shown(JsonNode node) {
        return node.isContainerNode() ? node.getNodeType().name().toLowerCase(java.util.Locale.ROOT) : node.toString();
    }
}
