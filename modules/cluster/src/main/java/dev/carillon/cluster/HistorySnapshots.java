package dev.carillon.cluster;

import akka.persistence.typed.SnapshotAdapter;
import dev.carillon.core.Decider;

/** Stores a state as the shortest history that leads to it, so there is no second schema to keep readable for ever. */
final class HistorySnapshots<E, S> implements SnapshotAdapter<S> {

    private final Decider<?, E, S> decider;
    private final String id;
    private final EntityKind.SnapshotForm<E> form;

    HistorySnapshots(Decider<?, E, S> decider, String id, EntityKind.SnapshotForm<E> form) {
        this.decider = decider;
        this.id = id;
        this.form = form;
    }

    @Override
    public Object toJournal(S state) {
        return form.write().apply(decider.compact(state));
    }

    @Override
    public S fromJournal(Object snapshot) {
        var state = decider.empty(id);
        for (var event : form.read().apply(snapshot)) {
            state = decider.evolve(state, event);
        }
        return state;
    }
}
