package dev.carillon.store;

import java.nio.file.Path;
import java.util.List;

/** A seed file that cannot be used. The message lists everything that is wrong with it, each with its line and what to do. */
public final class SeedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SeedException(Path file, List<String> problems) {
        super("The seed file " + file + " cannot be used:\n  " + String.join("\n  ", problems));
    }
}
