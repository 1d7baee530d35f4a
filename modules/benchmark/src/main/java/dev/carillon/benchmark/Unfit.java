package dev.carillon.benchmark;

import dev.carillon.core.Directory;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.queue.QueueCommand.Presence;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Why an agent may not have a call. */
public enum Unfit {
    UNSKILLED,
    NOT_READY,
    /** Not called for. */
    RESERVE,
    /** Of another queue each, none of which says that it lends them. */
    NOT_LENT;

    Directory.Agent agent(int number) {
        return switch (this) {
            case UNSKILLED -> new Directory.Agent(id(number), "", List.of(Centre.QUEUE));
            case NOT_READY -> new Directory.Agent(id(number), "", List.of(Centre.QUEUE), Centre.SKILLED);
            case RESERVE -> new Directory.Agent(
                    id(number), "", List.of(Centre.QUEUE), Centre.SKILLED, Set.of(Centre.QUEUE), Map.of());
            case NOT_LENT -> new Directory.Agent(id(number), "", List.of(Centre.lender(number)), Centre.SKILLED);
        };
    }

    QueueCommand stands(int number) {
        return Centre.status(id(number), 1, this == NOT_READY ? Presence.NOT_READY : Presence.READY);
    }

    private String id(int number) {
        return name().toLowerCase(Locale.ROOT) + "-" + number;
    }
}
