package dev.carillon.node;

import com.typesafe.config.ConfigFactory;
import dev.carillon.node.database.DataFolder;
import dev.carillon.node.database.EmbeddedDatabase;
import java.nio.file.Path;

/**
 * The PostgreSQL that a node brings along, as a process of its own: for several nodes on one machine, none of which may take it with it when it
 * ends. What {@code scripts/cluster} starts; a cluster that matters has a PostgreSQL of the operator's.
 */
public final class DatabaseMain {

    private DatabaseMain() {}

    /**
     * Prints as whom and where nodes find it, as {@code NAME=value}, once it serves; then runs until the process is told to end. The password is in
     * {@code postgresql.password} in the folder.
     *
     * @param arguments the data folder, and the port, 0 for any free one
     */
    public static void main(String[] arguments) throws InterruptedException {
        try {
            serve(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
        } catch (StartupFailure e) {
            System.err.println("carillon: " + e.getMessage());
            System.exit(1);
        }
        // The hook ends it.
        Thread.currentThread().join();
    }

    private static void serve(Path data, int port) {
        var ending = new Ending();
        Runtime.getRuntime().addShutdownHook(new Thread(ending::end, "end-of-database"));
        var cache = Path.of(ConfigFactory.load().getString("carillon.node.cache"));
        var folder = ending.start("data folder", () -> DataFolder.hold(data), DataFolder::close);
        var database = ending.start(
                "PostgreSQL", () -> EmbeddedDatabase.start(folder.path(), cache, port), EmbeddedDatabase::close);
        System.out.println("CARILLON_DATABASE_URL=" + database.url());
        System.out.println("CARILLON_DATABASE_USER=" + database.user());
    }
}
