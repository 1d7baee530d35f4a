package dev.carillon.node;

import akka.Done;
import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorSystem;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process without its actor system is of no use to anybody: it ends, and its exit code says whether that was planned. So whatever watches
 * over it starts a node anew that was put out of the cluster, and leaves one alone that an operator has drained.
 *
 * <p>Akka could end the process itself, but does so on the very thread that tells everybody that the actor system has ended. If the process
 * is ending already, that thread waits for the end, and the end for the news.
 */
final class EndOfProcess {

    private static final Logger LOG = LoggerFactory.getLogger(EndOfProcess.class);

    /** The node was to end. */
    static final int PLANNED = 0;

    /** It may not be part of this: another cluster works with its database. As at a start that was refused. */
    static final int REFUSED = 1;

    /** It was put out of the cluster, or its actor system ended by a fault. */
    static final int UNPLANNED = 3;

    /** When it was told to end the actor system has nothing left to do; who hangs then is not waited for. */
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private EndOfProcess() {}

    /**
     * Ends the process when the actor system has ended.
     *
     * @param exit as {@link System#exit}: need not return
     */
    static void follow(ActorSystem<?> system, IntConsumer exit) {
        var shutdown = CoordinatedShutdown.get(system);
        shutdown.addTask(CoordinatedShutdown.PhaseActorSystemTerminate(), "end-of-process", () -> {
            new Thread(
                            () -> {
                                await(system);
                                var reason = shutdown.getShutdownReason();
                                if (exitCode(reason) != PLANNED) {
                                    LOG.error(
                                            "This node cannot go on ({}): its process ends with exit code {}, to be started anew",
                                            reason.map(EndOfProcess::word).orElse("for no known reason"),
                                            exitCode(reason));
                                }
                                exit.accept(exitCode(reason));
                            },
                            "end-of-process")
                    .start();
            return CompletableFuture.completedFuture(Done.getInstance());
        });
    }

    static int exitCode(Optional<CoordinatedShutdown.Reason> reason) {
        if (reason.filter(why -> why == OneCluster.Reason.SECOND_CLUSTER).isPresent()) {
            return REFUSED;
        }
        // Told by another member to leave is planned, too.
        return reason.filter(why -> why == Drain.Reason.PLANNED || why == CoordinatedShutdown.clusterLeavingReason())
                        .isPresent()
                ? PLANNED
                : UNPLANNED;
    }

    private static String word(CoordinatedShutdown.Reason reason) {
        return reason == CoordinatedShutdown.clusterDowningReason()
                ? "it was put out of its cluster: the others could not reach it for a while, or it could not reach most of them"
                : reason.toString();
    }

    private static void await(ActorSystem<?> system) {
        try {
            system.getWhenTerminated().toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn("The actor system did not end in order ({}); going on without", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Has SIGTERM end the process with exit code 0, once everything that hooks on its end is done: to Java it would be 143 however well all
     * went. Where a Java has no signals, it stays at that.
     */
    static void plannedBySigterm() {
        try {
            // By name: the compiler warns of these two, which every Java has had for decades, and takes no word for it.
            var signal = Class.forName("sun.misc.Signal");
            var handler = Class.forName("sun.misc.SignalHandler");
            var exit = Proxy.newProxyInstance(
                    EndOfProcess.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            System.exit(PLANNED);
                        }
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("TERM"), exit);
        } catch (ReflectiveOperationException e) {
            LOG.info("SIGTERM will end this process with exit code 143 ({})", e.toString());
        }
    }
}
