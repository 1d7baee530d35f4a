package dev.carillon.api;

import java.util.Locale;

/** How names of the code are spelled in the API: {@code WRAP_UP} is {@code wrap-up}, an empty text is null. */
final class Words {

    private Words() {}

    static String of(Enum<?> value) {
        return of(value.name());
    }

    static String of(String constant) {
        return constant.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static String constant(String word) {
        return word.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    static String camelCase(String word) {
        var camel = new StringBuilder();
        for (var part : word.split("-", -1)) {
            camel.append(camel.isEmpty() ? part : part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1));
        }
        return camel.toString();
    }

    static String orNull(String text) {
        return text == null || text.isEmpty() ? null : text;
    }
}
