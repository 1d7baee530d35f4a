package dev.carillon.store;

import dev.carillon.core.Directory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A YAML file with a first configuration.
 *
 * <p>What it says is brought into the tables once: an entry that was never seeded before and is not in the tables is added. After
 * that the entry belongs to the tables. Whatever an operator changes or deletes over the API survives every start, even with
 * a changed file, and what the file says differently is only mentioned in the log. Several nodes may start with the same
 * file at once.
 *
 * <p>A box's password may be {@code ${NAME}}: then each node takes it from its environment whenever it loads the configuration, and it
 * is never stored.
 */
public final class ConfigurationSeed {

    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationSeed.class);

    private final Path file;
    private final List<SeedFile.Entry> entries;

    private ConfigurationSeed(Path file, List<SeedFile.Entry> entries) {
        this.file = file;
        this.entries = entries;
    }

    /**
     * What became of the entries that were not simply there already, each as kind and id: {@code queue sales}.
     *
     * @param added brought into the tables
     * @param differing the tables say something else, and that stays
     * @param leftOut deleted since they were seeded, or in need of one that was; with the reason
     */
    public record Report(List<String> added, List<String> differing, List<String> leftOut) {
        public Report {
            added = List.copyOf(added);
            differing = List.copyOf(differing);
            leftOut = List.copyOf(leftOut);
        }
    }

    /** @throws SeedException when the file cannot be read or anything in it is wrong */
    public static ConfigurationSeed read(Path file) {
        return new ConfigurationSeed(file, SeedFile.read(file));
    }

    /**
     * Adds what was never seeded, all or nothing, and says so in the log.
     *
     * @throws SeedException when an entry refers to something that neither the file nor the tables have, or needs an environment
     *     variable that is not set
     */
    public Report applyTo(JdbcConfigurationStore store) {
        var report = store.together(() -> apply(store));
        if (!report.added().isEmpty()) {
            LOG.info("seed {}: added {}", file, String.join(", ", report.added()));
        }
        if (!report.differing().isEmpty()) {
            LOG.info(
                    "seed {}: these are configured differently by now, and stay so: {}",
                    file,
                    String.join(", ", report.differing()));
        }
        if (!report.leftOut().isEmpty()) {
            LOG.info("seed {}: left out {}", file, String.join("; ", report.leftOut()));
        }
        if (report.equals(new Report(List.of(), List.of(), List.of()))) {
            LOG.info("seed {}: nothing new", file);
        }
        return report;
    }

    private Report apply(JdbcConfigurationStore store) {
        var before = store.load();
        var names = entries.stream().map(SeedFile.Entry::name).collect(Collectors.toSet());
        var added = new ArrayList<String>();
        var differing = new ArrayList<String>();
        var leftOut = new ArrayList<String>();
        var problems = new ArrayList<String>();
        var open = new ArrayList<SeedFile.Entry>();
        for (var entry : entries) {
            var present = entry.present().apply(before);
            var first = !store.wasSeeded(entry.kind(), entry.id());
            if (present.isPresent()) {
                store.noteSeeded(entry.kind(), entry.id());
                if (!present.get().equals(entry.value())) {
                    differing.add(entry.name());
                }
            } else if (!first) {
                leftOut.add(entry.name() + " (deleted since it was seeded)");
            } else {
                try {
                    entry.put().accept(store);
                    store.noteSeeded(entry.kind(), entry.id());
                    added.add(entry.name());
                    if (entry.value() instanceof Directory.Queue queue && !queue.equals(queue.withoutWaysOut())) {
                        open.add(entry);
                    }
                } catch (ConfigurationStore.Refused e) {
                    // What the file itself has, but the tables no longer, was deleted by an operator: no reason not to
                    // start.
                    if (names.containsAll(entry.references())
                            && !e.code().equals(JdbcConfigurationStore.UNSET_VARIABLE)) {
                        leftOut.add(entry.name() + " (" + e.getMessage() + ")");
                    } else {
                        problems.add("line " + entry.line() + ": " + e.getMessage());
                    }
                }
            }
        }
        for (var entry : open) {
            try {
                store.putQueue((Directory.Queue) entry.value());
            } catch (ConfigurationStore.Refused e) {
                var other = e.getMessage();
                if (names.stream()
                        .anyMatch(name -> other.contains("'" + name.substring(name.indexOf(' ') + 1) + "'"))) {
                    leftOut.add("the ways out of " + entry.name() + " (" + other + ")");
                } else {
                    problems.add("line " + entry.line() + ": " + other);
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new SeedException(file, problems);
        }
        return new Report(added, differing, leftOut);
    }
}
