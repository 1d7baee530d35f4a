package dev.carillon.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * One mapping of a seed file: gives its settings, and notes what is wrong with them together with the line. As a {@link Form} it spells
 * {@code ringSeconds} as {@code ring-seconds}.
 */
final class SeedSection implements Form {

    private final Node place;
    private final Map<String, Node> settings = new LinkedHashMap<>();
    private final Map<String, Node> keys = new HashMap<>();
    private final Set<String> read = new LinkedHashSet<>();
    private final List<String> problems;
    private final int problemsBefore;

    private SeedSection(MappingNode mapping, List<String> problems) {
        this.place = mapping;
        this.problems = problems;
        this.problemsBefore = problems.size();
        for (var tuple : mapping.getValue()) {
            var key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
            keys.putIfAbsent(key, tuple.getKeyNode());
            if (settings.putIfAbsent(key, tuple.getValueNode()) != null) {
                problems.add(place(tuple.getKeyNode()) + key + ": is given twice; keep one");
            }
        }
    }

    static Optional<SeedSection> of(Node node, String what, List<String> problems) {
        if (node instanceof MappingNode mapping) {
            return Optional.of(new SeedSection(mapping, problems));
        }
        problems.add(place(node) + what + " must consist of settings of the form 'name: value'");
        return Optional.empty();
    }

    static String place(Node node) {
        return "line " + (node.getStartMark().getLine() + 1) + ": ";
    }

    /** A setting whose value was left out. */
    static boolean isNothing(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    int line() {
        return place.getStartMark().getLine() + 1;
    }

    /** Whether nothing was wrong with it so far. */
    boolean isSound() {
        return problems.size() == problemsBefore;
    }

    Optional<Node> node(String setting) {
        return Optional.ofNullable(get(setting));
    }

    String lineOf(String setting) {
        return place(keys.getOrDefault(setting, place));
    }

    void problem(String setting, String trouble) {
        problems.add(lineOf(setting) + setting + " " + trouble);
    }

    void allow(String... known) {
        var unknown = new ArrayList<>(settings.keySet());
        unknown.removeAll(Set.of(known));
        unknown.forEach(setting -> problem(setting, "is not known here; known are " + String.join(", ", known)));
    }

    /** A text that must be there. */
    String text(String setting) {
        var text = text(setting, "");
        if (text.isEmpty() && isSound()) {
            problem(setting, "is missing; add '" + setting + ": ...'");
        }
        return text;
    }

    String text(String setting, String otherwise) {
        var node = get(setting);
        if (node == null || isNothing(node)) {
            return otherwise;
        }
        if (node instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        problem(setting, "must be one text");
        return otherwise;
    }

    int number(String setting, int otherwise) {
        var text = text(setting, Integer.toString(otherwise));
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            problem(setting, "is '" + text + "'; must be a whole number");
            return otherwise;
        }
    }

    /** Whole numbers by name. */
    Map<String, Integer> numbers(String setting) {
        var node = get(setting);
        if (node == null || isNothing(node)) {
            return Map.of();
        }
        var numbers = new LinkedHashMap<String, Integer>();
        SeedSection.of(node, setting, problems)
                .ifPresent(section ->
                        section.settings.keySet().forEach(name -> numbers.put(name, section.number(name, 0))));
        return numbers;
    }

    /** A list of sections. */
    List<SeedSection> sections(String setting) {
        var node = get(setting);
        if (node == null || isNothing(node)) {
            return List.of();
        }
        if (!(node instanceof SequenceNode list)) {
            problem(setting, "must be a list, each entry beginning with a hyphen");
            return List.of();
        }
        return list.getValue().stream()
                .flatMap(item -> SeedSection.of(item, "an entry of " + setting, problems).stream())
                .toList();
    }

    @Override
    public boolean flag(String name, boolean otherwise) {
        var setting = kebab(name);
        var text = text(setting, Boolean.toString(otherwise));
        if (!text.equals("true") && !text.equals("false")) {
            problem(setting, "is '" + text + "'; must be true or false");
        }
        return text.equals("true");
    }

    /** A list of different texts, each read by itself; one that cannot be read is said, and left out. */
    <T> List<T> each(String setting, Function<String, Optional<T>> read, String form) {
        var found = new ArrayList<T>();
        for (var text : texts(setting)) {
            var one = read.apply(text);
            if (one.isEmpty()) {
                problem(setting, "holds '" + text + "'; must be " + form);
            } else if (found.contains(one.get())) {
                problem(setting, "holds " + text + " twice; name it once");
            } else {
                found.add(one.get());
            }
        }
        return found;
    }

    List<String> texts(String setting) {
        var node = get(setting);
        if (node == null || isNothing(node)) {
            return List.of();
        }
        var texts = new ArrayList<String>();
        if (node instanceof SequenceNode list) {
            for (var item : list.getValue()) {
                if (item instanceof ScalarNode scalar) {
                    texts.add(scalar.getValue());
                }
            }
            if (texts.size() == list.getValue().size()) {
                return texts;
            }
        }
        problem(setting, "must be a list of texts, for example [sales, support]");
        return List.of();
    }

    // As a form.

    @Override
    public String text(String name, int longest) {
        return line(name, text(kebab(name)), longest);
    }

    @Override
    public String text(String name, int longest, String otherwise) {
        return line(name, text(kebab(name), otherwise), longest);
    }

    private String line(String name, String text, int longest) {
        if (text.length() > longest || text.chars().anyMatch(Character::isISOControl)) {
            invalid(name, "must be at most " + longest + " characters on one line");
        }
        return text;
    }

    @Override
    public String word(String name, int shortest, int longest, String otherwise) {
        var text = text(kebab(name), otherwise);
        if (text.length() < shortest || text.length() > longest || !text.chars().allMatch(c -> c > ' ' && c <= '~')) {
            invalid(
                    name,
                    "is '" + text + "'; must be " + shortest + " to " + longest
                            + " visible ASCII characters without spaces");
        }
        return text;
    }

    @Override
    public String id(String name, Ids form, String otherwise) {
        var text = text(kebab(name), otherwise);
        if (!text.equals(otherwise) && !form.fits(text)) {
            invalid(name, "is '" + text + "'; must be " + form.form());
        }
        return text;
    }

    @Override
    public int wholeNumber(String name, int least, int most, int otherwise) {
        int number = number(kebab(name), otherwise);
        if (number < least || number > most) {
            invalid(name, "is " + number + "; must be " + least + " to " + most);
        }
        return number;
    }

    @Override
    public String oneOf(String name, List<String> allowed, String otherwise) {
        var text = text(kebab(name), otherwise);
        if (!allowed.contains(text)) {
            invalid(name, "is '" + text + "'; use " + String.join(" or ", allowed));
            return otherwise;
        }
        return text;
    }

    @Override
    public Map<String, Integer> numbers(String name, int least, int most) {
        var numbers = numbers(kebab(name));
        numbers.forEach((one, number) -> {
            if (!Ids.ENTITY.fits(one)) {
                invalid(name, "holds '" + one + "'; must be " + Ids.ENTITY.form());
            } else if (number < least || number > most) {
                invalid(name, "holds " + one + ": " + number + "; must be " + least + " to " + most);
            }
        });
        return numbers;
    }

    @Override
    public <T> Optional<T> object(String name, Function<Form, T> reader) {
        return Optional.ofNullable(get(kebab(name)))
                .filter(node -> !isNothing(node))
                .flatMap(node -> SeedSection.of(node, kebab(name), problems))
                .map(section -> section.whole(reader));
    }

    @Override
    public <T> List<T> objects(String name, int most, Function<Form, T> reader) {
        var sections = sections(kebab(name));
        if (sections.size() > most) {
            invalid(name, "has more than " + most + " entries");
        }
        return sections.stream().map(section -> section.whole(reader)).toList();
    }

    @Override
    public List<String> ids(String name, Ids form, int most) {
        var ids = each(kebab(name), text -> Optional.of(text).filter(form::fits), form.form());
        if (ids.size() > most) {
            invalid(name, "has more than " + most + " entries");
        }
        return ids;
    }

    @Override
    public void invalid(String name, String trouble) {
        problem(kebab(name), trouble);
    }

    private <T> T whole(Function<Form, T> reader) {
        var value = reader.apply(this);
        allowNoOthers();
        return value;
    }

    /** To be called when all settings have been read. */
    void allowNoOthers() {
        allow(read.toArray(String[]::new));
    }

    static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private Node get(String setting) {
        read.add(setting);
        return settings.get(setting);
    }
}
