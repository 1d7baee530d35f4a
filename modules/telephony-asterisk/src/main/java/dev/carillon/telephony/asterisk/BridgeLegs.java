package dev.carillon.telephony.asterisk;

import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.telephony.asterisk.Book.Outcome;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Lets legs talk, in two steps: make the bridge, and meanwhile silence the legs and take the watchdog off, one request at a time for
 * each leg; then put those in that are not in it. A leg that is put in twice leaves and comes back, which both sides hear; music that is not stopped before is all
 * that the leg hears; a watchdog that is not taken off ends the talk.
 */
final class BridgeLegs {

    private final AriClient client;
    private final BoxCommand.Bridge command;
    private final String bridge;
    private final String name;
    private final boolean made;
    private final List<String> missing;
    private final List<HeldLeg> legs;

    BridgeLegs(AriClient client, BoxCommand.Bridge command, Book book) {
        this.client = client;
        this.command = command;
        this.bridge = "/bridges/" + command.bridgeId();
        this.name = AriBridge.NAME_PREFIX + book.callVariable(command.callId());
        this.made = book.knowsBridge(command.bridgeId());
        this.missing = command.legIds().stream()
                .filter(legId -> book.leg(legId)
                        .filter(leg -> command.bridgeId().equals(leg.bridgeId))
                        .isEmpty())
                .toList();
        this.legs = missing.stream().flatMap(legId -> book.leg(legId).stream()).toList();
    }

    CompletionStage<Learnt> run() {
        if (missing.isEmpty()) {
            return CompletableFuture.completedFuture(this::bridged);
        }
        var silence = silence();
        return make().thenCombine(silence, (members, silent) -> members).thenCompose(members -> {
            var add = missing.stream().filter(legId -> !members.contains(legId)).toList();
            return add.isEmpty()
                    ? CompletableFuture.completedFuture(this::bridged)
                    : client.post(bridge + "/addChannel", "channel", String.join(",", add))
                            .thenApply(this::added);
        });
    }

    /** Who is in it already. Only a bridge that a link before this one made can have somebody. */
    private CompletionStage<List<String>> make() {
        if (made) {
            return CompletableFuture.completedFuture(List.of());
        }
        return client.post(bridge, "type", "mixing", "name", name)
                .thenCompose(reply -> reply.status() == 409
                        ? client.get(bridge)
                                .thenApply(there -> there.done()
                                        ? AriJson.bridge(there.body()).channels()
                                        : List.of())
                        : CompletableFuture.completedFuture(List.of()));
    }

    private CompletionStage<Void> silence() {
        return CompletableFuture.allOf(
                legs.stream().map(leg -> silence(leg).toCompletableFuture()).toArray(CompletableFuture[]::new));
    }

    private CompletionStage<?> silence(HeldLeg leg) {
        // What the book says now: by the time of the second request it may say something else.
        var playbacks = leg.playbacks();
        // After a reconnect nobody knows whether music plays; stopping none does no harm.
        boolean music = leg.caller || leg.music != null;
        boolean watchdog = leg.caller && !leg.watchdogOff;
        CompletionStage<?> done = Playbacks.stop(client, playbacks);
        if (music) {
            done = done.thenCompose(before -> client.delete("/channels/" + leg.legId + "/moh"));
        }
        if (watchdog) {
            done = done.thenCompose(before -> Commands.setWatchdog(client, leg.legId, 0));
        }
        return done;
    }

    private Learnt added(AriReply reply) {
        if (reply.done()) {
            return this::bridged;
        }
        return book -> {
            if (reply.status() == 404) {
                book.bridgeGone(command.bridgeId());
            }
            // Somebody has gone or left meanwhile: find out who. An unanswered request is settled by the events it
            // causes.
            var probes = reply.unknown()
                    ? List.<Todo>of()
                    : missing.stream().<Todo>map(Todo.Probe::new).toList();
            return new Outcome(List.of(), probes);
        };
    }

    private Outcome bridged(Book book) {
        book.bridgeMade(command.bridgeId());
        return Outcome.of(book.bridged(command.callId(), command.bridgeId(), command.legIds()));
    }
}
