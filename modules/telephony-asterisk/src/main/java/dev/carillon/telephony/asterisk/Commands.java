package dev.carillon.telephony.asterisk;

import static dev.carillon.telephony.asterisk.AriClient.APPLICATION;

import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.protocol.box.BoxEvent;
import dev.carillon.protocol.box.EndCause;
import dev.carillon.protocol.box.Leg;
import dev.carillon.telephony.BoxLink.Happened;
import dev.carillon.telephony.asterisk.Book.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * What each command means in ARI. Which requests may be repeated, and what their answers mean then, was measured: playing, dialling
 * and adding to a bridge may not; an answer of 404 is news (the leg is gone), 409 mostly means that the dialplan has the channel.
 * A request without an answer proves nothing; the call will say its command again.
 *
 * <p>While something is played to a channel, whatever else is asked of it waits until that has ended: the next announcement, music, and
 * a variable, whose request is not even answered before. So what plays is stopped first, and the watchdog is given time for it.
 *
 * <p>Reads the book only while a command begins; all that comes of it is {@link Learnt}.
 */
final class Commands {

    /** A leg whose ringing nobody can vouch for is given up after this. */
    private static final Duration DOUBT = Duration.ofSeconds(5);

    /** For how often, and how far apart, a channel that was just made is dialled: for two seconds in all. */
    private static final int DIAL_ATTEMPTS = 80;

    private static final Executor LATER = CompletableFuture.delayedExecutor(25, TimeUnit.MILLISECONDS);

    /** How long a call is kept from trying again at a box that does not make legs. */
    private static final Executor AFTER_TROUBLE = CompletableFuture.delayedExecutor(2, TimeUnit.SECONDS);

    /** The channel variable that keeps which announcement was begun last, so that a successor does not play it again. */
    private static final String ANNOUNCED = "CARILLON_ANNOUNCED";

    private static final String WATCHDOG = "TIMEOUT(absolute)";

    /** The time that a caller's watchdog leaves an announcement, during which it cannot be renewed. */
    private static final int LONGEST_ANNOUNCEMENT_SECONDS = 120;

    private final AriClient client;
    private final Clock clock;

    Commands(AriClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    CompletionStage<Learnt> execute(BoxCommand command, Book book) {
        if (command instanceof BoxCommand.Answer answer) {
            return answer(answer, book);
        } else if (command instanceof BoxCommand.PlayMusic music) {
            return playMusic(music, book);
        } else if (command instanceof BoxCommand.Announce announce) {
            return announce(announce, book);
        } else if (command instanceof BoxCommand.RingSeat ring) {
            return ringSeat(ring, book);
        } else if (command instanceof BoxCommand.Bridge bridge) {
            return new BridgeLegs(client, bridge, book).run();
        } else if (command instanceof BoxCommand.HangUp hangUp) {
            return hangUp(hangUp, book);
        } else if (command instanceof BoxCommand.KeepAlive keepAlive) {
            return watchdog(keepAlive, book);
        } else if (command instanceof BoxCommand.Release release) {
            return release(release, book);
        } else if (command instanceof BoxCommand.TakeStock takeStock) {
            return say(takeStock.callId(), book.stock(takeStock.callId()));
        }
        throw new IllegalArgumentException("no such command: " + command);
    }

    // ---- the caller's leg

    private CompletionStage<Learnt> answer(BoxCommand.Answer command, Book book) {
        String legId = command.legId();
        if (book.leg(legId).filter(leg -> leg.state == Leg.State.UP).isPresent()) {
            return say(command.callId(), new BoxEvent.LegAnswered(legId));
        }
        return onLeg(
                command.callId(),
                legId,
                client.post("/channels/" + legId + "/answer"),
                reply -> known -> Outcome.of(known.answered(legId)));
    }

    private CompletionStage<Learnt> playMusic(BoxCommand.PlayMusic command, Book book) {
        String legId = command.legId();
        var leg = book.leg(legId);
        if (leg.filter(held -> command.musicClass().equals(held.music)).isPresent()) {
            return say(command.callId(), new BoxEvent.MusicStarted(legId));
        }
        // Said before the talk began, and late: music would drown it.
        if (leg.filter(book::isTalking).isPresent()) {
            return CompletableFuture.completedFuture(Learnt.NOTHING);
        }
        String musicPath = "/channels/" + legId + "/moh";
        // Whoever was left alone in a bridge hears nothing there.
        var free = leg.filter(held -> held.bridgeId != null)
                .map(held -> client.post("/bridges/" + held.bridgeId + "/removeChannel", "channel", legId))
                .orElse(CompletableFuture.completedFuture(AriReply.none("not in a bridge")));
        var former = leg.flatMap(held -> Optional.ofNullable(held.playback)).orElse("");
        var playbacks = leg.map(HeldLeg::playbacks).orElse(Set.of());
        leg.ifPresent(held -> {
            held.playback = null;
            held.unstopped.addAll(playbacks);
        });
        return free.thenCompose(removed -> Playbacks.stop(client, playbacks)).thenCompose(stopped -> {
            if (!stopped.answered()) {
                return CompletableFuture.completedFuture(stopped(legId, stopped, playsOn(legId, former)));
            }
            return onLeg(
                            command.callId(),
                            legId,
                            client.post(musicPath, "mohClass", command.musicClass()),
                            reply -> known -> Outcome.of(known.musicStarted(legId, command.musicClass())))
                    .thenApply(learnt -> stopped(legId, stopped, learnt));
        });
    }

    /** What does not sound any more need not be stopped again; the rest is kept for whoever wants to be heard next. */
    private static Learnt stopped(String legId, Playbacks.Stopped stopped, Learnt learnt) {
        return book -> {
            book.leg(legId).ifPresent(leg -> leg.unstopped.removeAll(stopped.silent()));
            return learnt.apply(book);
        };
    }

    /** For all that is known; the call says its command again, and then it has to be stopped. */
    private static Learnt playsOn(String legId, String playbackId) {
        return book -> {
            book.leg(legId)
                    .filter(leg -> leg.playback == null && leg.unstopped.remove(playbackId))
                    .ifPresent(leg -> leg.playback = playbackId);
            return Outcome.NOTHING;
        };
    }

    /**
     * First the time it may take, then the note that it was begun, then the playing. Whichever answer is lost: what was not noted was not
     * played either, and is begun anew. What was noted is asked for; if it does not play, and this link has not heard it end, it is
     * played. Only of a link before this one nobody knows whether it came from the note to the playing, which takes a
     * millisecond: then it counts as played, since nobody should hear twice what they have heard.
     */
    private CompletionStage<Learnt> announce(BoxCommand.Announce command, Book book) {
        String legId = command.legId();
        String playbackId = command.playbackId();
        var repeated = book.leg(legId).filter(leg -> playbackId.equals(leg.playback));
        boolean inDoubt = repeated.filter(leg -> leg.playbackInDoubt).isPresent();
        if (repeated.isPresent() && !inDoubt) {
            return CompletableFuture.completedFuture(Learnt.NOTHING);
        }
        book.leg(legId).ifPresent(leg -> {
            leg.unstopped.addAll(leg.playbacks());
            leg.unstopped.remove(playbackId);
            leg.playback = playbackId;
            leg.playbackInDoubt = false;
            leg.music = null;
        });
        var others = book.leg(legId).map(leg -> Set.copyOf(leg.unstopped)).orElse(Set.of());
        return client.get("/channels/" + legId + "/variable", "variable", ANNOUNCED)
                .thenCompose(last -> {
                    if (last.unknown()) {
                        return CompletableFuture.completedFuture(saidAgain(command, inDoubt));
                    }
                    var begun = last.body().path("value").asText();
                    return begun.equals(playbackId) ? goOn(command, inDoubt) : replace(command, begun, others, inDoubt);
                });
    }

    /**
     * What played before is stopped first, or nobody would hear this one before that has ended.
     *
     * @param begun what the channel was told to play last, perhaps by a link before this one; empty for nothing
     */
    private CompletionStage<Learnt> replace(
            BoxCommand.Announce command, String begun, Set<String> others, boolean inDoubt) {
        var playbacks = new LinkedHashSet<>(others);
        if (!begun.isEmpty()) {
            playbacks.add(begun);
        }
        return Playbacks.stop(client, playbacks).thenCompose(stopped -> {
            var learnt = stopped.answered()
                    ? begin(command)
                    : CompletableFuture.completedFuture(saidAgain(command, inDoubt));
            return learnt.thenApply(then -> book -> {
                book.leg(command.legId()).ifPresent(leg -> leg.unstopped.addAll(playbacks));
                return stopped(command.legId(), stopped, then).apply(book);
            });
        });
    }

    /** It was noted before: it plays, or has ended, or whether it was begun is in doubt. */
    private CompletionStage<Learnt> goOn(BoxCommand.Announce command, boolean inDoubt) {
        return client.get("/playbacks/" + command.playbackId()).thenCompose(playing -> {
            if (playing.unknown()) {
                return CompletableFuture.completedFuture(saidAgain(command, inDoubt));
            } else if (playing.done()) {
                return CompletableFuture.completedFuture(Learnt.NOTHING);
            }
            return inDoubt ? begin(command) : CompletableFuture.completedFuture(over(command));
        });
    }

    private CompletionStage<Learnt> begin(BoxCommand.Announce command) {
        String legId = command.legId();
        return setWatchdog(client, legId, LONGEST_ANNOUNCEMENT_SECONDS)
                .thenCompose(timed -> timed.done()
                        ? client.post(
                                "/channels/" + legId + "/variable",
                                "variable",
                                ANNOUNCED,
                                "value",
                                command.playbackId())
                        : done(timed))
                .thenCompose(noted -> noted.done() ? play(command) : done(noted))
                .thenApply(reply -> played(command, reply));
    }

    private CompletionStage<AriReply> play(BoxCommand.Announce command) {
        var path = "/channels/" + command.legId() + "/play/" + command.playbackId();
        return command.language().isEmpty()
                ? client.post(path, "media", command.sound())
                : client.post(path, "media", command.sound(), "lang", command.language());
    }

    private static CompletionStage<AriReply> done(AriReply reply) {
        return CompletableFuture.completedFuture(reply);
    }

    private static Learnt played(BoxCommand.Announce command, AriReply reply) {
        if (reply.done()) {
            return Learnt.NOTHING;
        } else if (reply.status() == 404) {
            return book -> Outcome.of(book.endedForCall(command.callId(), command.legId(), EndCause.UNKNOWN));
        }
        return reply.unknown() || reply.status() == 409 ? saidAgain(command, true) : over(command);
    }

    /** Until then it counts as not begun, or nobody knows; it may sound all the same. */
    private static Learnt saidAgain(BoxCommand.Announce command, boolean inDoubt) {
        return book -> {
            book.leg(command.legId())
                    .filter(leg -> command.playbackId().equals(leg.playback))
                    .ifPresent(leg -> {
                        leg.playbackInDoubt = inDoubt;
                        if (!inDoubt) {
                            leg.unstopped.add(leg.playback);
                            leg.playback = null;
                        }
                    });
            return Outcome.NOTHING;
        };
    }

    /** It has ended, or the box cannot play it. */
    private static Learnt over(BoxCommand.Announce command) {
        return book -> Outcome.of(book.announced(command.legId(), command.playbackId()));
    }

    /**
     * The box's own time limit on the caller: pushed ahead while the call lives, taken off while people talk. Not during an
     * announcement, which has its time.
     */
    private CompletionStage<Learnt> watchdog(BoxCommand.KeepAlive command, Book book) {
        var caller = book.legsOf(command.callId()).stream()
                .filter(leg -> leg.caller && leg.inStasis)
                .findFirst();
        int seconds = command.watchdogSeconds();
        boolean needless = caller.filter(
                        leg -> leg.playback != null || (seconds == 0 ? leg.watchdogOff : leg.bridgeId != null))
                .isPresent();
        if (caller.isEmpty() || needless) {
            return CompletableFuture.completedFuture(Learnt.NOTHING);
        }
        String legId = caller.get().legId;
        return onLeg(command.callId(), legId, setWatchdog(client, legId, seconds), reply -> known -> {
            known.leg(legId).ifPresent(leg -> leg.watchdogOff = seconds == 0);
            return Outcome.NOTHING;
        });
    }

    static CompletionStage<AriReply> setWatchdog(AriClient client, String legId, int seconds) {
        return client.post(
                "/channels/" + legId + "/variable", "variable", WATCHDOG, "value", Integer.toString(seconds));
    }

    // ---- the seat's leg

    private CompletionStage<Learnt> ringSeat(BoxCommand.RingSeat command, Book book) {
        String legId = command.legId();
        var ended = book.endOf(legId);
        if (ended.isPresent()) {
            return CompletableFuture.completedFuture(known -> Outcome.of(List.of(ended.get())));
        }
        var there = book.leg(legId);
        if (there.isPresent()) {
            return ringAgain(command, there.get(), book);
        }
        book.making(legId, command.callId());
        String callVariable = book.callVariable(command.callId());
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("CALL_ID", callVariable);
        variables.put("LEG", legId);
        // What the phone shows. The channel's own number would be the seat's.
        variables.put("CONNECTEDLINE(name,i)", command.callerName());
        variables.put("CONNECTEDLINE(num)", command.callerNumber());
        return client.postWithVariables(
                        "/channels/create",
                        variables,
                        "endpoint",
                        command.endpoint(),
                        "app",
                        APPLICATION,
                        "appArgs",
                        Entry.seat(callVariable),
                        "channelId",
                        legId)
                .thenCompose(created -> {
                    if (created.done()) {
                        return dial(command, callVariable, DIAL_ATTEMPTS);
                    }
                    if (created.unknown()) {
                        return CompletableFuture.completedFuture(uncertain(legId));
                    }
                    // 409 says "exists", but also stands for other failures on a connection that has seen it once.
                    if (created.status() == 409) {
                        return exists(command);
                    }
                    return created.isAboutTheEndpoint() ? unreachable(command) : boxInTrouble(command);
                });
    }

    private CompletionStage<Learnt> ringAgain(BoxCommand.RingSeat command, HeldLeg leg, Book book) {
        if (leg.state == Leg.State.UP) {
            return say(command.callId(), new BoxEvent.LegAnswered(leg.legId));
        } else if (leg.state == Leg.State.RINGING) {
            return say(command.callId(), new BoxEvent.LegRinging(leg.legId));
        } else if (leg.uncertain && clock.instant().isAfter(leg.since.plus(DOUBT))) {
            return hangUp(new BoxCommand.HangUp(command.callId(), leg.legId, EndCause.UNKNOWN), book);
        }
        return CompletableFuture.completedFuture(Learnt.NOTHING);
    }

    /**
     * The box answers that the channel is made before the channel has entered our application, and until then refuses to dial it with
     * 409: nothing has happened then, and it is asked again. Any other answer is not repeated, since a second dial ends the leg.
     */
    private CompletionStage<Learnt> dial(BoxCommand.RingSeat command, String callVariable, int attempts) {
        return client.post(
                        "/channels/" + command.legId() + "/dial",
                        "timeout",
                        Integer.toString(command.ringSeconds()),
                        "caller",
                        callVariable)
                .thenCompose(reply -> {
                    if (reply.status() == 409 && attempts > 1) {
                        return CompletableFuture.supplyAsync(() -> attempts - 1, LATER)
                                .thenCompose(left -> dial(command, callVariable, left));
                    }
                    return CompletableFuture.completedFuture(dialled(command, reply));
                });
    }

    private static Learnt dialled(BoxCommand.RingSeat command, AriReply reply) {
        if (reply.done()) {
            return Learnt.NOTHING;
        }
        return reply.status() == 404
                ? book -> book.ended(command.legId(), EndCause.UNKNOWN, 0)
                : uncertain(command.legId());
    }

    private CompletionStage<Learnt> exists(BoxCommand.RingSeat command) {
        return client.get("/channels/" + command.legId())
                .thenCompose(reply -> reply.status() == 404
                        ? unreachable(command)
                        : CompletableFuture.completedFuture(uncertain(command.legId())));
    }

    private static CompletionStage<Learnt> unreachable(BoxCommand.RingSeat command) {
        return CompletableFuture.completedFuture(book -> book.ended(command.legId(), EndCause.UNREACHABLE, 0));
    }

    /**
     * No seat's doing: one box that is ill would else take every agent out, one after the other. Said a little later, since the
     * call is offered again as soon as it is, very likely to the same seat.
     */
    private static CompletionStage<Learnt> boxInTrouble(BoxCommand.RingSeat command) {
        return CompletableFuture.supplyAsync(
                () -> book -> book.ended(command.legId(), EndCause.UNKNOWN, 0), AFTER_TROUBLE);
    }

    private static Learnt uncertain(String legId) {
        return book -> {
            book.leg(legId).ifPresent(leg -> leg.uncertain = true);
            return Outcome.NOTHING;
        };
    }

    // ---- the end

    private CompletionStage<Learnt> hangUp(BoxCommand.HangUp command, Book book) {
        String legId = command.legId();
        var ended = book.endOf(legId);
        if (ended.isPresent()) {
            return CompletableFuture.completedFuture(known -> Outcome.of(List.of(ended.get())));
        }
        book.leg(legId).ifPresent(leg -> leg.asked = command.cause());
        return hangUp(legId, command.cause()).thenApply(reply -> hungUp(command, reply));
    }

    /**
     * A leg that is gone already has ended by itself a moment before. How is in the event that is on its way, and the probe is for
     * when there is none.
     */
    private static Learnt hungUp(BoxCommand.HangUp command, AriReply reply) {
        if (!reply.done() && reply.status() != 404) {
            return Learnt.NOTHING;
        }
        String legId = command.legId();
        return book -> {
            var leg = book.leg(legId);
            if (leg.isEmpty()) {
                return Outcome.of(book.endedForCall(command.callId(), legId, command.cause()));
            }
            leg.get().granted = reply.done();
            return Outcome.todo(new Todo.Probe(legId));
        };
    }

    private CompletionStage<AriReply> hangUp(String legId, EndCause cause) {
        return client.delete("/channels/" + legId, "reason_code", Integer.toString(Causes.q850(cause)));
    }

    private CompletionStage<Learnt> release(BoxCommand.Release command, Book book) {
        CompletionStage<?> done = CompletableFuture.completedFuture(null);
        for (var leg : book.legsOf(command.callId())) {
            leg.asked = EndCause.NORMAL;
            done = done.thenCompose(before -> hangUp(leg.legId, EndCause.NORMAL));
        }
        return done.thenApply(all -> known -> known.released(command.callId(), command.bridgeId()));
    }

    /** Whether a leg still lives. A list of channels does not prove it, asking the channel itself does. */
    CompletionStage<Learnt> probe(String legId) {
        return client.get("/channels/" + legId + "/variable", "variable", "CALL_ID")
                .thenApply(reply -> {
                    return isGone(reply) ? book -> book.foundGone(legId) : Learnt.NOTHING;
                });
    }

    /** By the answer to a question for one of its variables: 404 also stands for a variable that is not set. */
    static boolean isGone(AriReply reply) {
        return reply.status() == 404 && reply.body().path("message").asText().contains("channel");
    }

    // ---- common

    /** A request about a leg: what it means when it was done; gone when there is no such channel; else nothing. */
    private static CompletionStage<Learnt> onLeg(
            String callId, String legId, CompletionStage<AriReply> reply, Function<AriReply, Learnt> done) {
        return reply.thenApply(answer -> {
            if (answer.done()) {
                return done.apply(answer);
            }
            return answer.status() == 404
                    ? book -> Outcome.of(book.endedForCall(callId, legId, EndCause.UNKNOWN))
                    : Learnt.NOTHING;
        });
    }

    private static CompletionStage<Learnt> say(String callId, BoxEvent event) {
        return CompletableFuture.completedFuture(book -> Outcome.of(List.of(new Happened(callId, event))));
    }
}
