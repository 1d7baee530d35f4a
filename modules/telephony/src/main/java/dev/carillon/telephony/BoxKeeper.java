package dev.carillon.telephony;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import java.time.Duration;
import java.util.Collection;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Keeps a telephony node alive for each configured box: says {@code Wake} to each over and over, so that one whose member died
 * starts again as soon as its shard has a home. Every member runs one; being woken twice does nothing.
 */
public final class BoxKeeper {

    public enum Command {
        LOOK
    }

    private BoxKeeper() {}

    /**
     * @param boxIds of all configured boxes, from memory
     * @param wake for example {@link TelephonyNodes#wake}
     */
    public static Behavior<Command> create(
            Supplier<Collection<String>> boxIds, Consumer<String> wake, Duration interval) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            context.getSelf().tell(Command.LOOK);
            timers.startTimerWithFixedDelay(Command.LOOK, interval);
            return Behaviors.receiveMessage(look -> {
                boxIds.get().forEach(wake);
                return Behaviors.same();
            });
        }));
    }
}
