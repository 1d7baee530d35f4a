package dev.carillon.store;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Settings as somebody wrote them: a request's body, an entry of a seed file, a stored document. One reader of a kind of settings
 * serves all of these. What is wrong is noted, and reading goes on, so that people learn of all of it at once.
 *
 * <p>Names are given as in JSON, {@code ringSeconds}; a form that spells them otherwise translates them.
 */
public interface Form {

    /** A text on one line that must be there. */
    String text(String name, int longest);

    String text(String name, int longest, String otherwise);

    /** Visible ASCII without spaces: names that a box understands. */
    String word(String name, int shortest, int longest, String otherwise);

    String id(String name, Ids form, String otherwise);

    int wholeNumber(String name, int least, int most, int otherwise);

    boolean flag(String name, boolean otherwise);

    String oneOf(String name, List<String> allowed, String otherwise);

    /** One of the constants, spelled {@code longest-idle}. */
    default <E extends Enum<E>> E oneOf(String name, E otherwise) {
        var constants = otherwise.getDeclaringClass().getEnumConstants();
        var chosen = oneOf(name, Arrays.stream(constants).map(Form::spelled).toList(), spelled(otherwise));
        return Arrays.stream(constants)
                .filter(one -> spelled(one).equals(chosen))
                .findAny()
                .orElse(otherwise);
    }

    /** Whole numbers by names of the writer's own, for example skills with their levels; none when left out. */
    Map<String, Integer> numbers(String name, int least, int most);

    /** Empty when left out. */
    <T> Optional<T> object(String name, Function<Form, T> reader);

    /** Empty when left out. */
    <T> List<T> objects(String name, int most, Function<Form, T> reader);

    /** A list of different ids; empty when left out. */
    List<String> ids(String name, Ids form, int most);

    void invalid(String name, String trouble);

    static String spelled(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
