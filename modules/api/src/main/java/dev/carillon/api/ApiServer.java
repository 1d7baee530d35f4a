package dev.carillon.api;

import akka.Done;
import akka.actor.Cancellable;
import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.http.javadsl.Http;
import akka.http.javadsl.ServerBinding;
import akka.http.javadsl.settings.ServerSettings;
import akka.stream.KillSwitches;
import akka.stream.SharedKillSwitch;
import com.typesafe.config.ConfigFactory;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.concurrent.duration.FiniteDuration;

/** The HTTP API of a node, listening. */
public final class ApiServer {

    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
    private static final String BLOCKING_DISPATCHER = "carillon.api.blocking-dispatcher";

    private final ServerBinding binding;
    private final ApiSettings settings;
    private final SharedKillSwitch liveStreams;
    private final List<Cancellable> onShutdown = new ArrayList<>();

    private ApiServer(ServerBinding binding, ApiSettings settings, SharedKillSwitch liveStreams) {
        this.binding = binding;
        this.settings = settings;
        this.liveStreams = liveStreams;
    }

    /**
     * Listens, and stops listening in the course of the system's coordinated shutdown: first nobody new is let in and live streams end,
     * then requests under way are finished.
     *
     * <p>Fails with an {@link IllegalStateException} whose message says what to do, when the address or port cannot be had.
     */
    public static CompletionStage<ApiServer> start(ActorSystem<?> system, ApiSettings settings, ApiServices services) {
        var blocking = system.dispatchers().lookup(DispatcherSelector.fromConfig(BLOCKING_DISPATCHER));
        var backend = new Backend(services, blocking);
        var liveStreams = KillSwitches.shared("carillon-live-streams");
        var routes = new ApiRoutes(settings, backend, new LiveStream(backend, liveStreams), services.meter());
        return Http.get(system)
                .newServerAt(settings.host(), settings.port())
                .withSettings(serverSettings(system, settings))
                .bind(routes.route())
                .handle((binding, failure) -> {
                    if (failure != null) {
                        throw new CompletionException(explained(settings, Problems.cause(failure)));
                    }
                    var server = new ApiServer(binding, settings, liveStreams);
                    server.stopWith(CoordinatedShutdown.get(system));
                    LOG.info("The HTTP API listens at {}", server.url());
                    return server;
                });
    }

    public InetSocketAddress address() {
        return binding.localAddress();
    }

    /** Where a browser on this machine finds it, without a slash at the end. */
    public String url() {
        var address = address();
        var host = address.getAddress().isAnyLocalAddress() ? "localhost" : address.getHostString();
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    /** Lets nobody new in, ends live streams, and completes when requests under way are finished or out of time. */
    public CompletionStage<Done> stop() {
        onShutdown.forEach(Cancellable::cancel);
        return unbind().thenCompose(done -> finish());
    }

    private void stopWith(CoordinatedShutdown shutdown) {
        onShutdown.add(shutdown.addCancellableTask(
                CoordinatedShutdown.PhaseServiceUnbind(), "carillon-api-unbind", this::unbind));
        onShutdown.add(shutdown.addCancellableTask(
                CoordinatedShutdown.PhaseServiceRequestsDone(), "carillon-api-finish", this::finish));
    }

    private CompletionStage<Done> unbind() {
        liveStreams.shutdown();
        return binding.unbind();
    }

    private CompletionStage<Done> finish() {
        return binding.terminate(settings.stopTimeout()).thenApply(terminated -> Done.getInstance());
    }

    private static ServerSettings serverSettings(ActorSystem<?> system, ApiSettings settings) {
        var own = ConfigFactory.parseMap(
                Map.of("akka.http.server.parsing.error-handler", ParsingProblems.class.getName()));
        var defaults = ServerSettings.create(own.withFallback(system.settings().config()));
        return defaults.withTimeouts(defaults.getTimeouts()
                        .withRequestTimeout(FiniteDuration.fromNanos(
                                settings.requestTimeout().toNanos())))
                .withTransparentHeadRequests(true)
                .withRemoteAddressAttribute(true)
                .withServerHeader(Optional.empty());
    }

    private static IllegalStateException explained(ApiSettings settings, Throwable failure) {
        var trouble = "The HTTP API cannot listen at " + settings.host() + ":" + settings.port() + ": ";
        // The reason stands at the end of a chain of wrappers.
        var cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
            return new IllegalStateException(
                    trouble + "there is no such host. Set carillon.api.host (CARILLON_API_HOST) to an address of this"
                            + " machine, or to 0.0.0.0 for all of them.",
                    failure);
        }
        if (cause instanceof BindException) {
            return new IllegalStateException(
                    trouble + cause.getMessage()
                            + ". If another program has the port, stop that program or choose another port with"
                            + " carillon.api.port (CARILLON_API_PORT); if the address is not one of this machine, correct"
                            + " carillon.api.host (CARILLON_API_HOST).",
                    failure);
        }
        return new IllegalStateException(trouble + cause, failure);
    }
}
