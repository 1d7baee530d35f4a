package dev.carillon.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/** A form that is a JSON object. Nothing is coerced. */
public class JsonForm implements Form {

    /**
     * @param field its path, for example {@code steps[0].afterSeconds}
     * @param unknown whether there is no such field
     */
    public record Trouble(String field, boolean unknown, String detail) {

        /** Of a field in an object that is itself in a field. */
        private Trouble within(String outer) {
            return new Trouble(outer + "." + field, unknown, detail);
        }
    }

    private static final Pattern ONE_LINE = Pattern.compile("[^\\p{Cntrl}]*");
    private static final Pattern WORD = Pattern.compile("[!-~]*");

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final ObjectNode fields;
    private final Set<String> known = new HashSet<>();
    private final List<Trouble> troubles = new ArrayList<>();

    public JsonForm(ObjectNode fields) {
        this.fields = fields;
    }

    static JsonForm of(Map<String, Object> written) {
        return new JsonForm(MAPPER.valueToTree(written));
    }

    /** @throws IllegalArgumentException when it is no JSON object */
    static JsonForm parse(String document) {
        try {
            if (MAPPER.readTree(document) instanceof ObjectNode object) {
                return new JsonForm(object);
            }
            throw new IllegalArgumentException("no JSON object: " + document);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON: " + document, e);
        }
    }

    static String document(Map<String, Object> written) {
        return MAPPER.valueToTree(written).toString();
    }

    public boolean has(String field) {
        known.add(field);
        return fields.has(field);
    }

    /** Fields of which null says the same as leaving them out. To be called before they are read. */
    public void nullable(String... names) {
        for (var name : names) {
            if (fields.path(name).isNull()) {
                fields.remove(name);
            }
        }
    }

    /** A text on one line, with something to read in it. */
    @Override
    public String text(String field, int longest) {
        var text = required(field);
        return text == null ? "" : line(field, text, 1, longest);
    }

    @Override
    public String text(String field, int longest, String otherwise) {
        var text = optional(field);
        return text == null ? otherwise : line(field, text, 0, longest);
    }

    /** Visible ASCII without spaces: names that a box understands. */
    public String word(String field, int longest) {
        var text = required(field);
        return text == null ? "" : word(field, text, 1, longest);
    }

    @Override
    public String word(String field, int shortest, int longest, String otherwise) {
        var text = optional(field);
        return text == null ? otherwise : word(field, text, shortest, longest);
    }

    public String id(String field, Ids form) {
        var text = required(field);
        return text == null ? "" : id(field, text, form);
    }

    @Override
    public String id(String field, Ids form, String otherwise) {
        var text = optional(field);
        return text == null ? otherwise : id(field, text, form);
    }

    public boolean flag(String field) {
        if (!has(field)) {
            invalid(field, "is missing");
        }
        return flag(field, false);
    }

    @Override
    public boolean flag(String field, boolean otherwise) {
        if (!has(field)) {
            return otherwise;
        }
        var node = fields.get(field);
        if (!node.isBoolean()) {
            invalid(field, "must be true or false, was " + shown(node));
        }
        return node.booleanValue();
    }

    public Instant instant(String field, Instant otherwise) {
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

    public String oneOf(String field, List<String> allowed) {
        var text = required(field);
        return text == null ? "" : oneOf(field, text, allowed);
    }

    @Override
    public String oneOf(String field, List<String> allowed, String otherwise) {
        var text = optional(field);
        return text == null ? otherwise : oneOf(field, text, allowed);
    }

    @Override
    public int wholeNumber(String field, int least, int most, int otherwise) {
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

    @Override
    public List<String> ids(String field, Ids form, int most) {
        return each(field, most, text -> Optional.of(text).filter(form::fits), form.form());
    }

    /**
     * A list of different texts; empty when it is left out.
     *
     * @param read what a text means; empty when it does not have the right form
     * @param form for people: what is allowed
     */
    public <T> List<T> each(String field, int most, Function<String, Optional<T>> read, String form) {
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
    @Override
    public Map<String, Integer> numbers(String field, int least, int most) {
        known.add(field);
        var node = fields.get(field);
        if (node == null) {
            return Map.of();
        }
        if (!node.isObject()) {
            invalid(field, "must be an object, was " + shown(node));
            return Map.of();
        }
        var numbers = new JsonForm((ObjectNode) node);
        var read = new LinkedHashMap<String, Integer>();
        node.fieldNames().forEachRemaining(name -> {
            id(field + "." + name, name, Ids.ENTITY);
            read.put(name, numbers.wholeNumber(name, least, most, least));
        });
        numbers.troubles.forEach(trouble -> troubles.add(trouble.within(field)));
        return read;
    }

    /** A list of objects, each read by the same hand; empty when it is left out. */
    @Override
    public <T> List<T> objects(String field, int most, Function<Form, T> reader) {
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
            one(place, node.get(i), reader).ifPresent(read::add);
        }
        return read;
    }

    @Override
    public <T> Optional<T> object(String field, Function<Form, T> reader) {
        known.add(field);
        var node = fields.get(field);
        return node == null ? Optional.empty() : one(field, node, reader);
    }

    private <T> Optional<T> one(String place, JsonNode node, Function<Form, T> reader) {
        if (!(node instanceof ObjectNode object)) {
            invalid(place, "must be an object, was " + shown(node));
            return Optional.empty();
        }
        var form = new JsonForm(object);
        var read = reader.apply(form);
        form.troubles().forEach(trouble -> troubles.add(trouble.within(place)));
        return Optional.of(read);
    }

    @Override
    public void invalid(String field, String detail) {
        troubles.add(new Trouble(field, false, detail));
    }

    /** What is wrong, once every field has been read: those that nobody asked for as well. */
    public List<Trouble> troubles() {
        var all = new ArrayList<>(troubles);
        fields.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                all.add(new Trouble(
                        name,
                        true,
                        "there is no such field here; known are "
                                + String.join(", ", known.stream().sorted().toList())));
            }
        });
        return all;
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
        return node.isContainerNode() ? node.getNodeType().name().toLowerCase(Locale.ROOT) : node.toString();
    }
}
