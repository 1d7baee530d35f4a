package dev.carillon.node;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import dev.carillon.cluster.Entities;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.store.Configuration;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Asks a queue until it answers, which takes everything a call needs: a shard with a home, and a journal that can be read. Stops then.
 * Where no queue is configured, there is nothing to wait for.
 */
final class FirstAnswer {

    enum Message {
        ASK,
        ANSWERED,
        NO_ANSWER
    }

    private static final Duration PAUSE = Duration.ofMillis(200);

    private FirstAnswer() {}

    static Behavior<Message> create(
            Entities entities, Supplier<Configuration> configuration, CompletableFuture<Void> answering) {
        return Behaviors.withTimers(timers -> Behaviors.setup(context -> {
            context.getSelf().tell(Message.ASK);
            return Behaviors.receive(Message.class)
                    .onMessageEquals(Message.ASK, () -> {
                        var queues = configuration.get().directory().queues().keySet();
                        if (queues.isEmpty()) {
                            context.getSelf().tell(Message.ANSWERED);
                        } else {
                            context.pipeToSelf(
                                    entities.askQueue(queues.iterator().next(), new QueueCommand.ListWaiting()),
                                    (reply, failure) -> failure == null ? Message.ANSWERED : Message.NO_ANSWER);
                        }
                        return Behaviors.same();
                    })
                    .onMessageEquals(Message.NO_ANSWER, () -> {
                        timers.startSingleTimer(Message.ASK, PAUSE);
                        return Behaviors.same();
                    })
                    .onMessageEquals(Message.ANSWERED, () -> {
                        answering.complete(null);
                        return Behaviors.stopped();
                    })
                    .build();
        }));
    }
}
