package dev.carillon.telephony.asterisk;

import akka.actor.typed.ActorSystem;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import dev.carillon.telephony.BoxLink.Reach;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which of the watched endpoints the box can reach. Events only say that something may be different; then the box is asked for its list,
 * once for all that came meanwhile, and at most once in {@link #PACE}. What an event carries may be older than an answer that is already here.
 *
 * <p>Only {@code offline} is a no: the box knows the endpoint, and has no contact for it, or none that answers. {@code unknown}, and an
 * endpoint that is not in the list, may be rung all the same.
 *
 * <p>A box that qualifies calls an endpoint offline also while it has not asked it yet: for a moment after a phone has registered, and,
 * as measured with 22.10, for up to a whole {@code qualify_frequency} after the box has begun to run. It rings it all the same. Of the first
 * it tells by {@code NonQualified}; the second comes before we can hear it, so what is offline when we come, and has registered, gets that
 * time before it counts.
 *
 * <p>The events of each endpoint are subscribed to one by one. One subscription for all of a technology would do, but whatever endpoint is
 * subscribed to also has all events of its channels sent, once more for those that are ours: as measured, 18 events of a call of two legs
 * become 28 with the seat's endpoint, and 36 with {@code endpoint:PJSIP}, which has the trunk in it, and calls that are not ours.
 */
final class Endpoints {

    static final Duration PACE = Duration.ofSeconds(1);

    private static final int AT_ONCE = 12;

    /** Calls use the same connections. */
    private static final int FEW_AT_ONCE = 4;

    private static final String OFFLINE = "offline";
    private static final String REMOVED = "Removed";
    private static final String PJSIP = "PJSIP/";
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,6}");

    /** As the box says of a contact that it will ask, or has just asked. */
    private static final Set<String> UNASKED = Set.of("NonQualified", "Created", "Unknown");

    /** Longer than an answer to it takes to be missed. */
    private static final Duration QUALIFYING = Duration.ofSeconds(5);

    /** From then on a phone of which the box has said that it is going to ask it, and nothing more, is what its endpoint is. */
    private static final Duration UNHEARD = Duration.ofMinutes(1);

    /**
     * The box's answer.
     *
     * @param states by endpoint
     * @param subscribed endpoints of which it now sends events
     * @param registered of those that are offline and were never asked for on this link: where they have registered, and for how long the
     *     box may not have asked them
     */
    record Asked(Map<String, String> states, Set<String> subscribed, Map<String, Registered> registered) {}

    /**
     * @param uris empty when nowhere, or when the box never asks
     * @param qualify how often it asks
     */
    record Registered(List<String> uris, Duration qualify) {
        static final Registered NOWHERE = new Registered(List.of(), Duration.ZERO);

        Registered and(List<String> more, String frequency) {
            var seconds = NUMBER.matcher(frequency).matches()
                    ? Duration.ofSeconds(Integer.parseInt(frequency))
                    : Duration.ZERO;
            return more.isEmpty() || seconds.isZero()
                    ? this
                    : new Registered(
                            Stream.concat(uris.stream(), more.stream()).toList(),
                            seconds.compareTo(qualify) > 0 ? seconds : qualify);
        }
    }

    private final AriClient client;
    private final ActorSystem<?> system;
    private final Set<String> subscribed = new HashSet<>();
    private final Map<String, Reach> said = new HashMap<>();
    /** Endpoints that were in the list once: what is offline later has become so, and the box tells of its contacts. */
    private final Set<String> looked = new HashSet<>();
    /** By endpoint: until when the box may not have asked there. */
    private final Map<String, Map<String, Instant>> contacts = new HashMap<>();

    private Set<String> watched = Set.of();
    private boolean asking;
    private boolean resting;
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
        var reach = said.get(event.endpoint());
        return watched.contains(event.endpoint()) && (reach == null || reach != reach(event.state())) && wanted();
    }

    boolean on(AriEvent.ContactChanged event) {
        if (!watched.contains(event.endpoint())) {
            return false;
        }
        if (event.status().equals(REMOVED)) {
            contacts(event.endpoint()).remove(event.uri());
        } else if (!event.uri().isEmpty()) {
            // The box will say how its asking went.
            contacts(event.endpoint()).put(event.uri(), UNASKED.contains(event.status()) ? Instant.MAX : Instant.EPOCH);
        }
        return wanted();
    }

    private Map<String, Instant> contacts(String endpoint) {
        return contacts.computeIfAbsent(endpoint, key -> new HashMap<>());
    }

    /** Now and then, for what was missed, and for endpoints that the box did not have before. */
    boolean sweep() {
        return !watched.isEmpty() && wanted();
    }

    private boolean wanted() {
        askAgain = asking || resting;
        if (askAgain) {
            return false;
        }
        asking = true;
        resting = true;
        return true;
    }

    /** {@link #PACE} after the box was asked. */
    boolean rested() {
        resting = false;
        return again();
    }

    /** @return fails with {@link StockTaking.Failed} */
    CompletionStage<Asked> ask() {
        var fresh = watched.stream()
                .filter(endpoint -> !subscribed.contains(endpoint))
                .toList();
        var known = Set.copyOf(looked);
        return subscribe(fresh).thenCompose(done -> client.get("/endpoints").thenCompose(reply -> {
            if (!reply.done()) {
                throw new StockTaking.Failed(reply);
            }
            var states = AriJson.endpoints(reply.body());
            var offline = watched.stream()
                    .filter(endpoint -> OFFLINE.equals(states.get(endpoint)) && !known.contains(endpoint))
                    .toList();
            return registered(offline).thenApply(where -> new Asked(states, Set.copyOf(done), where));
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

    /** Without those of which the box does not say it in time: they are looked at with the next answer. */
    private CompletionStage<Map<String, Registered>> registered(List<String> endpoints) {
        return Source.from(endpoints)
                .mapAsync(FEW_AT_ONCE, endpoint -> registered(endpoint)
                        .handle((where, failure) -> failure == null
                                ? List.of(Map.entry(endpoint, where))
                                : List.<Map.Entry<String, Registered>>of()))
                .mapConcat(where -> where)
                .runWith(Sink.seq(), system)
                .thenApply(all -> all.stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    private CompletionStage<Registered> registered(String endpoint) {
        return endpoint.startsWith(PJSIP)
                ? settings("endpoint", endpoint.substring(PJSIP.length()), "aors")
                        .thenCompose(found -> registered(Registered.NOWHERE, split(found.get(0))))
                : CompletableFuture.completedFuture(Registered.NOWHERE);
    }

    private CompletionStage<Registered> registered(Registered before, List<String> aors) {
        if (aors.isEmpty()) {
            return CompletableFuture.completedFuture(before);
        }
        return settings("aor", aors.get(0), "contact", "qualify_frequency")
                .thenCompose(found ->
                        registered(before.and(split(found.get(0)), found.get(1)), aors.subList(1, aors.size())));
    }

    /** @return each of them; empty texts for what the box does not have, or does not show us */
    private CompletionStage<List<String>> settings(String type, String id, String... names) {
        return client.get("/asterisk/config/dynamic/res_pjsip/" + type + "/" + id)
                .thenApply(reply -> {
                    if (reply.unknown()) {
                        throw new StockTaking.Failed(reply);
                    }
                    return Stream.of(names)
                            .map(name -> reply.done() ? AriJson.attribute(reply.body(), name) : "")
                            .toList();
                });
    }

    private static List<String> split(String list) {
        return Stream.of(list.split(",", -1))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /** @return what is to be said of these */
    Map<String, Reach> answered(Asked asked, Instant now) {
        asking = false;
        subscribed.addAll(asked.subscribed());
        // An event that was missed does not keep a phone in the balance.
        contacts.values()
                .forEach(
                        uris -> uris.replaceAll((uri, until) -> until.equals(Instant.MAX) ? now.plus(UNHEARD) : until));
        asked.registered().forEach((endpoint, where) -> where.uris().forEach(uri -> contacts(endpoint)
                .putIfAbsent(uri, now.plus(where.qualify()).plus(QUALIFYING))));
        var news = new HashMap<String, Reach>();
        for (var endpoint : watched) {
            var state = asked.states().getOrDefault(endpoint, "");
            var reach = reach(state);
            if (reach == Reach.NO
                    && !looked.contains(endpoint)
                    && !asked.registered().containsKey(endpoint)) {
                // Offline, and nobody has looked yet whether it is only that the box has not asked it.
                continue;
            }
            if (!state.isEmpty()) {
                looked.add(endpoint);
            }
            if (reach == Reach.NO && contacts(endpoint).values().stream().anyMatch(until -> until.isAfter(now))) {
                reach = Reach.NOT_YET;
            }
            if (reach != said.put(endpoint, reach)) {
                news.put(endpoint, reach);
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
        return askAgain && !asking && !resting && wanted();
    }

    private static Reach reach(String state) {
        return switch (state) {
            case OFFLINE -> Reach.NO;
            case "online" -> Reach.YES;
            default -> Reach.UNKNOWN;
        };
    }
}
