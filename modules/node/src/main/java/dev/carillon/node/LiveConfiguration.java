package dev.carillon.node;

import dev.carillon.api.ConfigurationService;
import dev.carillon.cluster.DirectoryHolder;
import dev.carillon.protocol.box.BoxSettings;
import dev.carillon.store.Configuration;
import dev.carillon.store.ConfigurationStore;
import dev.carillon.store.DatabaseException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configuration this node works by, and the way to change it: written to the tables, read again as a whole, and in force here
 * before the change is answered. The tables are the truth; nodes only tell each other that there is something new to read.
 */
final class LiveConfiguration implements ConfigurationService {

    private static final Logger LOG = LoggerFactory.getLogger(LiveConfiguration.class);

    private final ConfigurationStore store;
    private final Executor blocking;
    private final DirectoryHolder directory;
    private final List<LongConsumer> listeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<String>> boxListeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<String>> storedListeners = new CopyOnWriteArrayList<>();
    private volatile Configuration current;
    private volatile String trouble = "";

    /** @param blocking threads that may wait for the database */
    LiveConfiguration(ConfigurationStore store, Configuration initial, Executor blocking) {
        this.store = store;
        this.blocking = blocking;
        this.current = initial;
        this.directory = new DirectoryHolder(initial.directory());
    }

    @Override
    public Configuration current() {
        return current;
    }

    /** What decisions on this node look at. */
    DirectoryHolder directory() {
        return directory;
    }

    Optional<BoxSettings> box(String boxId) {
        return current.boxes().stream().filter(box -> box.boxId().equals(boxId)).findAny();
    }

    List<String> boxIds() {
        return current.boxes().stream().map(BoxSettings::boxId).toList();
    }

    /** Why the tables could not be read when they were last looked at; empty when they could. */
    Optional<String> trouble() {
        return Optional.of(trouble).filter(text -> !text.isEmpty());
    }

    /**
     * The listener, which must return at once, is told the version after every change that was made on this node.
     *
     * @return to be run when it is to be told no more
     */
    Runnable onChangeMadeHere(LongConsumer listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** The listener, which must return at once, is told the id of every box that was added, changed or deleted. */
    void onBoxChange(Consumer<String> listener) {
        boxListeners.add(listener);
    }

    /** The listener, which must return at once, is told of every box that somebody has stored here, changed or not. */
    void onBoxStored(Consumer<String> listener) {
        storedListeners.add(listener);
    }

    @Override
    public void boxStored(String boxId) {
        storedListeners.forEach(listener -> listener.accept(boxId));
    }

    @Override
    public <T> CompletionStage<T> change(Function<ConfigurationStore, T> change) {
        return CompletableFuture.supplyAsync(
                () -> {
                    var result = change.apply(store);
                    reload();
                    listeners.forEach(listener -> listener.accept(current.version()));
                    return result;
                },
                blocking);
    }

    /** Reads the tables if they hold something newer. What goes wrong is {@link #trouble}; then all stays as it was. */
    void catchUp() {
        blocking.execute(() -> {
            try {
                if (store.version() > current.version()) {
                    reload();
                }
                trouble = "";
            } catch (DatabaseException e) {
                if (trouble.isEmpty()) {
                    LOG.warn(
                            "Configuration: cannot be read; going on by version {}: {}",
                            current.version(),
                            e.getMessage());
                }
                trouble = "going on by version " + current.version() + ": " + e.getMessage();
            }
        });
    }

    /** Several at once come one after the other, so that an older picture never replaces a newer one. */
    private synchronized void reload() {
        var next = store.load();
        if (next.version() > current.version()) {
            LOG.info("Configuration: working by version {} now", next.version());
            var before = current;
            current = next;
            directory.swap(next.directory());
            changedBoxes(before, next).forEach(box -> boxListeners.forEach(listener -> listener.accept(box)));
        }
    }

    private static Set<String> changedBoxes(Configuration before, Configuration after) {
        return Stream.of(before, after)
                .flatMap(configuration -> configuration.boxes().stream())
                .filter(box -> !(before.boxes().contains(box) && after.boxes().contains(box)))
                .map(BoxSettings::boxId)
                .collect(Collectors.toSet());
    }
}
