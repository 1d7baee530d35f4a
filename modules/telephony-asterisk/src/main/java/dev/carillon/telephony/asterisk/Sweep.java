package dev.carillon.telephony.asterisk;

import dev.carillon.protocol.box.EndCause;
import dev.carillon.protocol.box.Leg;
import dev.carillon.telephony.BoxLink.Happened;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Compares the book with the box, now and then: for what no event told, or what was told while nobody listened. Events are faster
 * than lists, so what looks wrong must look wrong twice in a row before it is believed; only a leg that the list lacks is asked for
 * at once, since asking does no harm.
 */
final class Sweep {

    private Set<String> suspects = Set.of();

    /** Channels that claim to be of our calls and that the book does not have, or that the dialplan may have taken back. */
    static Predicate<AriChannel> worthAsking(Book book) {
        var known = book.legs().stream().map(leg -> leg.legId).collect(Collectors.toSet());
        return channel ->
                !channel.callVariable().isEmpty() && (!known.contains(channel.id()) || channel.heldByDialplan());
    }

    Book.Outcome compare(Book book, Stock stock) {
        var happened = new ArrayList<Happened>();
        var todos = new ArrayList<Todo>();
        var seen = new HashSet<String>();

        for (var channel : stock.listed()) {
            if (book.leg(channel.id()).isPresent()) {
                happened.addAll(book.changed(channel));
            }
        }
        var listed = stock.listed().stream().map(AriChannel::id).collect(Collectors.toSet());
        book.legs().stream()
                .map(leg -> leg.legId)
                .filter(legId -> !listed.contains(legId))
                .forEach(legId -> todos.add(new Todo.Probe(legId)));

        for (var found : stock.legs()) {
            if (found.servedByBox()) {
                servedByBox(book, found.channel().id(), happened, todos);
            } else if (book.leg(found.channel().id()).isEmpty()
                    && twice("leg " + found.channel().id(), seen)) {
                adopt(book, found, happened, todos);
            }
        }
        for (var bridge : stock.bridges()) {
            if (bridge.isOurs() && bridge.channels().size() < 2 && twice("bridge " + bridge.id(), seen)) {
                lonely(book, bridge, happened, todos);
            }
        }
        suspects = Set.copyOf(seen);
        return new Book.Outcome(happened, todos);
    }

    private boolean twice(String what, Set<String> seen) {
        seen.add(what);
        return suspects.contains(what);
    }

    /** Somebody of the emergency queue has them: for Carillon this caller is gone. */
    private static void servedByBox(Book book, String legId, List<Happened> happened, List<Todo> todos) {
        var outcome = book.ended(legId, EndCause.UNKNOWN, 0);
        happened.addAll(outcome.happened());
        todos.addAll(outcome.todos());
    }

    private static void adopt(Book book, Stock.Found found, List<Happened> happened, List<Todo> todos) {
        var channel = found.channel();
        String callId = book.callId(found.callVariable());
        var leg = book.adopt(channel, callId, found.caller());
        todos.add(new Todo.Subscribe(channel.id()));
        if (!found.caller()) {
            happened.add(new Happened(callId, book.stock(callId)));
        } else if (channel.inStasis()) {
            happened.add(new Happened(callId, book.offer(channel, found.dialledNumber())));
        } else {
            leg.inStasis = false;
        }
    }

    /** One person in silence: their call is told what there is. Nobody at all: away with it. */
    private static void lonely(Book book, AriBridge bridge, List<Happened> happened, List<Todo> todos) {
        if (bridge.channels().isEmpty()) {
            todos.add(new Todo.DestroyBridge(bridge.id()));
            return;
        }
        book.leg(bridge.channels().get(0))
                .filter(leg -> leg.state == Leg.State.UP)
                .ifPresent(leg -> happened.add(new Happened(leg.callId, book.stock(leg.callId))));
    }
}
