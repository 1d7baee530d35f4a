package dev.carillon.telephony.asterisk;

import akka.actor.typed.ActorSystem;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Which of the watched endpoints the box can reach. Events only say that something may be different; then the box is asked for its list,
 * once for all that came meanwhile. What an event carries may be older than an answer that is already here.
 *
 * <p>Only {@code offline} is a no: the box knows the endpoint, and has no contact for it, or none that answers. {@code unknown}, and an
 * endpoint that is not in the list, may be rung all the same.
 */
final class Endpoints {

    private static final int AT_ONCE = 12;
    private static final String OFFLINE = "offline";

    /** The box's answer: states by endpoint, and which endpoints it now sends events of. */
    record Asked(Map<String, String> states, Set<String> subscribed) {}

    private final AriClient client;
    private final ActorSystem<?> system;
    private final Set<String> subscribed = new HashSet<>();
    private final Map<String, Boolean> said = new HashMap<>();
    private Set<String> watched = Set.of();
    private boolean asking;
    private boolean askAgain;

    Endpoints(AriClient client, ActorSystem<?> system) {
        this.client = client;
        this.system = system;
    }

    /** @return whether the box is to be asked now; so of all that return it */
    boolean watch(Set<String> endpoints) {
        watched = endpoints;
        said.clear();
        return wanted();
    }

    boolean on(AriEvent.EndpointChanged event) {
        return watched.contains(event.endpoint())
                && (event.contact() || !isReachable(event.state()).equals(said.get(event.endpoint())))
                && wanted();
    }

    /** Now and then, for what was missed, and for endpoints that the box did not have before. */
    boolean sweep() {
        return !watched.isEmpty() && wanted();
    }

    private boolean wanted() {
        askAgain = asking;
        asking = true;
        return !askAgain;
    }

    /** @return fails with {@link StockTaking.Failed} */
    CompletionStage<Asked> ask() {
        var fresh = watched.stream()
                .filter(endpoint -> !subscribed.contains(endpoint))
                .toList();
        return subscribe(fresh).thenCompose(done -> client.get("/endpoints").thenApply(reply -> {
            if (!reply.done()) {
                throw new StockTaking.Failed(reply);
            }
            return new Asked(AriJson.endpoints(reply.body()), Set.copyOf(done));
        }));
    }

    private CompletionStage<List<String>> subscribe(List<String> fresh) {
        return Source.from(fresh)
                .mapAsync(AT_ONCE, endpoint -> client.post(
                                "/applications/" + AriClient.APPLICATION + "/subscription",
                                "eventSource",
                                "endpoint:" + endpoint)
                        .thenApply(reply -> reply.done() ? List.of(endpoint) : List.<String>of()))
                .mapConcat(done -> done)
                .runWith(Sink.seq(), system);
    }

    /** @return what is to be said: whether these can be reached */
    Map<String, Boolean> answered(Asked asked) {
        asking = false;
        subscribed.addAll(asked.subscribed());
        var news = new HashMap<String, Boolean>();
        for (var endpoint : watched) {
            var reachable = isReachable(asked.states().getOrDefault(endpoint, ""));
            if (!reachable.equals(said.put(endpoint, reachable))) {
                news.put(endpoint, reachable);
            }
        }
        return news;
    }

    /** The box could not be asked. If nothing has happened meanwhile, the next sweep does it. */
    void failed() {
        asking = false;
    }

    /** Whether something has happened since the box was asked. */
    boolean again() {
        return askAgain && !asking && wanted();
    }

    private static Boolean isReachable(String state) {
        return !state.equals(OFFLINE);
    }
}
