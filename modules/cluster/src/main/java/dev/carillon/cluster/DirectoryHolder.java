package dev.carillon.cluster;

import dev.carillon.core.Directory;
import dev.carillon.core.DirectoryChange;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The configuration that decisions on this node look at. A decision that begins after {@link #swap} sees the new one. May be
 * used from any thread.
 */
public final class DirectoryHolder implements Supplier<Directory> {

    private final List<Consumer<DirectoryChange>> listeners = new CopyOnWriteArrayList<>();
    private volatile Directory current;

    public DirectoryHolder(Directory initial) {
        current = initial;
    }

    @Override
    public Directory get() {
        return current;
    }

    /** The listener, which must return at once, is told after every swap that concerns anybody. */
    public void onChange(Consumer<DirectoryChange> listener) {
        listeners.add(listener);
    }

    /** Takes the new configuration on, then tells the listeners whom it concerns. */
    public synchronized DirectoryChange swap(Directory next) {
        var change = DirectoryChange.between(current, next);
        current = next;
        if (!change.isEmpty()) {
            listeners.forEach(listener -> listener.accept(change));
        }
        return change;
    }
}
