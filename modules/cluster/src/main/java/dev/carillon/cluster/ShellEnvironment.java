package dev.carillon.cluster;

import akka.actor.typed.ActorRef;
import dev.carillon.core.Context;
import dev.carillon.core.Directory;
import java.time.Clock;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Everything an {@link EntityShell} reaches beyond itself.
 *
 * @param live this node's hub, told of every change
 * @param meter told of what is written, and of offers
 * @param journal told of writes and reads that came to nothing
 * @param failures counts decisions that failed by a fault of the program; 0 in a healthy system
 */
record ShellEnvironment(
        Entities entities,
        BoxGateway boxes,
        HookGateway hooks,
        Supplier<Directory> directory,
        Clock clock,
        Supplier<String> ids,
        ActorRef<LiveHub.Command> live,
        LocalEntities local,
        LongAdder failures,
        EntityMeter meter,
        JournalFigures journal,
        ClusterSettings settings) {

    Context context() {
        return new Context(clock.instant(), directory.get(), ids);
    }
}
