package dev.carillon.cluster;

import akka.persistence.typed.EventAdapter;
import akka.persistence.typed.EventSeq;
import dev.carillon.protocol.agent.AgentEvent;
import dev.carillon.protocol.call.CallEvent;
import java.util.function.Predicate;

/**
 * Marks those events in the journal that call records are made of: the last event of a call, and what an agent says of it in the wrap-up. The
 * mark is stored in the journal's own row, in the column {@code adapter_manifest}, where an index of the marked ones alone finds it. A tag would
 * be a row of another table, and would put every batch of events that it is written with on a slower path.
 *
 * @param <E> the events of one kind of entity, which are stored as they are
 */
public final class RecordMark<E> extends EventAdapter<E, E> {

    /** Stored with the events, and known to the index: frozen for ever. */
    public static final String MARK = "call-record";

    private static final String NONE = "";

    private final Predicate<E> marked;

    private RecordMark(Predicate<E> marked) {
        this.marked = marked;
    }

    public static RecordMark<CallEvent> ofCalls() {
        return new RecordMark<>(CallEvent::hasEnded);
    }

    public static RecordMark<AgentEvent> ofAgents() {
        return new RecordMark<>(AgentEvent::hasWrapUpCoded);
    }

    /** Of entities that no record is made of. */
    static <E> RecordMark<E> none() {
        return new RecordMark<>(event -> false);
    }

    @Override
    public E toJournal(E event) {
        return event;
    }

    @Override
    public String manifest(E event) {
        return marked.test(event) ? MARK : NONE;
    }

    @Override
    public EventSeq<E> fromJournal(E event, String manifest) {
        return EventSeq.single(event);
    }
}
