package dev.carillon.store;

import java.util.regex.Pattern;

/** What ids look like; the same patterns stand in the contract. */
public enum Ids {
    ENTITY(
            "[a-z0-9][a-z0-9._@-]{0,63}",
            "1 to 64 lower-case letters, digits and . _ @ -, beginning with a letter or digit"),
    BOX("[a-z0-9][a-z0-9-]{0,31}", "1 to 32 lower-case letters, digits and hyphens, beginning with a letter or digit"),
    CALL(
            "[A-Za-z0-9][A-Za-z0-9._@:-]{0,199}",
            "1 to 200 letters, digits and . _ @ : -, beginning with a letter or digit"),
    NUMBER("[0-9A-Za-z+*#._-]{1,64}", "1 to 64 digits, letters and + * # . _ -"),
    /** What a box dials: nothing that could mean something else to it. */
    OUTSIDE_NUMBER("\\+?[0-9]{2,20}", "2 to 20 digits, with a + before them if need be"),
    /** To look at: nobody configures the queue of one agent alone. */
    QUEUE(
            "(agent/)?[a-z0-9][a-z0-9._@-]{0,63}",
            "1 to 64 lower-case letters, digits and . _ @ -, beginning with a letter or digit; with agent/ before them"
                    + " (agent%2F in a path) for the queue of one agent alone");

    private final Pattern pattern;
    private final String form;

    Ids(String pattern, String form) {
        this.pattern = Pattern.compile(pattern);
        this.form = form;
    }

    public boolean fits(String text) {
        return pattern.matcher(text).matches();
    }

    public String pattern() {
        return pattern.pattern();
    }

    /** For people: what is allowed. */
    public String form() {
        return form;
    }
}
