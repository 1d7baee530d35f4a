package dev.carillon.cluster;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.BehaviorInterceptor;
import akka.actor.typed.TypedActorContext;
import akka.actor.typed.javadsl.Behaviors;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Holds an entity's messages back while it recovers or writes, and then lets them in one by one, in order.
 *
 * <p>A persistent actor has a stash of its own for this, but Akka 2.8.5 empties it by recursion: some thousands of stashed
 * commands that have no events overflow the thread's stack, which ends the whole process. Here each message let in is a turn
 * of the mailbox.
 */
final class Gate extends BehaviorInterceptor<EntityMessage, EntityMessage> {

    private final String owner;
    private final int capacity;
    private final Queue<EntityMessage> held = new ArrayDeque<>();
    private boolean open;
    private boolean turnAsked;

    /**
     * Closed at first: an entity begins with its recovery.
     *
     * @param owner whose it is, for the log
     */
    Gate(String owner, int capacity) {
        super(EntityMessage.class);
        this.owner = owner;
        this.capacity = capacity;
    }

    void close() {
        open = false;
    }

    void open(ActorRef<EntityMessage> self) {
        open = true;
        askForTurn(self);
    }

    @Override
    public Behavior<EntityMessage> aroundReceive(
            TypedActorContext<EntityMessage> context, EntityMessage message, ReceiveTarget<EntityMessage> entity) {
        if (message == EntityMessage.Turn.NEXT) {
            turnAsked = false;
            return open && !held.isEmpty() ? letIn(context, held.remove(), entity) : Behaviors.same();
        }
        if (open && held.isEmpty()) {
            return entity.apply(context, message);
        }
        if (held.size() < capacity) {
            held.add(message);
        } else {
            context.asJava()
                    .getLog()
                    .warn(
                            "{}: more than {} messages wait for a write or a recovery: dropped {}",
                            owner,
                            capacity,
                            message.kind());
        }
        return Behaviors.same();
    }

    private Behavior<EntityMessage> letIn(
            TypedActorContext<EntityMessage> context, EntityMessage message, ReceiveTarget<EntityMessage> entity) {
        var next = entity.apply(context, message);
        if (open) {
            askForTurn(context.asJava().getSelf());
        }
        return next;
    }

    private void askForTurn(ActorRef<EntityMessage> self) {
        if (!turnAsked && !held.isEmpty()) {
            turnAsked = true;
            self.tell(EntityMessage.Turn.NEXT);
        }
    }
}
