package dev.carillon.cluster;

import akka.actor.typed.ActorRef;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.carillon.protocol.CborSerializable;
import dev.carillon.protocol.Command;
import dev.carillon.protocol.Reply;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.call.CallCommand;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.seat.SeatCommand;

/** What an {@link EntityShell} understands. Only {@link ToEntity} and {@link Wake} travel between nodes. */
sealed interface EntityMessage {

    /** What it is, for the log. Not what is in it: that may be a caller's number. */
    default String kind() {
        return this instanceof ToEntity to ? kindOf(to.command()) : getClass().getSimpleName();
    }

    /** As {@link #kind}; of what a box says, what it says is named too. */
    static String kindOf(Command command) {
        return command instanceof CallCommand.FromBox from
                ? "FromBox " + from.event().getClass().getSimpleName()
                : command.getClass().getSimpleName();
    }

    /**
     * The envelope of every command.
     *
     * @param replyTo who waits for the answer; null when nobody does
     */
    record ToEntity(
            @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
                    @JsonSubTypes({
                        @JsonSubTypes.Type(CallCommand.class),
                        @JsonSubTypes.Type(AgentCommand.class),
                        @JsonSubTypes.Type(QueueCommand.class),
                        @JsonSubTypes.Type(SeatCommand.class)
                    })
                    Command command,
            ActorRef<Reply> replyTo)
            implements EntityMessage, CborSerializable {}

    /** Asks for nothing: it only makes sharding start the entity, which then carries on where its journal ends. */
    record Wake() implements EntityMessage, CborSerializable {}

    /** A timer of the state may be due. */
    record TimerDue(String timerId) implements EntityMessage {}

    /** Whatever is still owed is to be said again. */
    enum Repeat implements EntityMessage {
        NOW
    }

    /** The decisions collected so far are to be made durable. */
    enum Commit implements EntityMessage {
        NOW
    }

    /** The next message that {@link Gate} holds back may come in. */
    enum Turn implements EntityMessage {
        NEXT
    }

    /** Nothing has happened for a while: if the entity still may rest, it asks to be put to sleep. */
    enum Rest implements EntityMessage {
        NOW
    }

    /** Sharding's order to stop: passivation, hand-over to another node, or the node leaves. */
    enum Stop implements EntityMessage {
        NOW
    }
}
