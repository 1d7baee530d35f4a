package dev.carillon.acceptance.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a test saw, in plain words: printed, and kept beside its logs as {@code seen.txt}. */
public final class Report {

    private final Path file;
    private final List<String> lines = new ArrayList<>();

    public Report(Path folder, String title) {
        this.file = folder.resolve("seen.txt");
        lines.add(title);
    }

    public void say(String line, Object... values) {
        lines.add("  " + String.format(java.util.Locale.ROOT, line, values));
    }

    /** Prints it. Also when the test fails half-way: what was seen until then matters most. */
    public void print() {
        var text = String.join("\n", lines) + "\n";
        System.out.println(text);
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
