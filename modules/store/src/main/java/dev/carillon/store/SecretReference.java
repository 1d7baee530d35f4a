package dev.carillon.store;

import java.util.Optional;
import java.util.regex.Pattern;

/** A secret that is not written down but named: {@code ${NAME}} stands for the environment variable of that name. */
final class SecretReference {

    private static final Pattern FORM = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");

    private SecretReference() {}

    /** The variable that the text names; empty when the text is no reference but stands for itself. */
    static Optional<String> variable(String text) {
        var matcher = FORM.matcher(text);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
