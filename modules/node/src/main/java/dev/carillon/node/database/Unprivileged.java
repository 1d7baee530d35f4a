package dev.carillon.node.database;

import dev.carillon.node.StartupFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * How to run PostgreSQL, which refuses to be root. An ordinary user runs it directly. Root runs it in a user namespace, where it has
 * no rights beyond its own files; where the machine forbids that (most containers), as the user {@code nobody}.
 */
final class Unprivileged {

    private static final String NOBODY = "nobody";

    private final List<String> prefix;
    private final boolean asNobody;

    private Unprivileged(List<String> prefix, boolean asNobody) {
        this.prefix = List.copyOf(prefix);
        this.asNobody = asNobody;
    }

    static Unprivileged here() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return new Unprivileged(List.of(), false);
        }
        var namespace = List.of("unshare", "--user");
        if (succeeds(namespace)) {
            return new Unprivileged(namespace, false);
        }
        var nobody = List.of("setpriv", "--reuid=" + NOBODY, "--regid=nogroup", "--clear-groups");
        if (succeeds(nobody)) {
            return new Unprivileged(nobody, true);
        }
        throw new StartupFailure(
                "PostgreSQL refuses to run as root, and this machine has no way to give the rights up for it. "
                        + "Start Carillon as an ordinary user, or give it a database with CARILLON_DATABASE_URL.");
    }

    List<String> prefix() {
        return prefix;
    }

    /** Gives these to whom the server runs as. */
    void own(Path... paths) throws IOException {
        if (!asNobody) {
            return;
        }
        var nobody = paths[0].getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(NOBODY);
        for (var path : paths) {
            Files.setOwner(path, nobody);
            var look = new ArrayList<>(prefix);
            look.addAll(List.of("test", "-r", path.toString()));
            if (!run(look)) {
                throw new StartupFailure(
                        "PostgreSQL has to run as the user " + NOBODY + " here, and that user may not reach " + path
                                + ". Choose a folder that every user may enter with --data, or start Carillon as an ordinary user.");
            }
        }
    }

    private static boolean succeeds(List<String> prefix) {
        var command = new ArrayList<>(prefix);
        command.add("true");
        return run(command);
    }

    private static boolean run(List<String> command) {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            LoggerFactory.getLogger(Unprivileged.class).debug("{} cannot be run: {}", command.get(0), e.getMessage());
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
