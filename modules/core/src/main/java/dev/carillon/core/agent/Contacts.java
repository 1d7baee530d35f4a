package dev.carillon.core.agent;

import dev.carillon.core.agent.Contact.Phase;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/**
 * What an agent has to do with callers at this moment. The units of all contacts together are never more than the agent's capacity, one that
 * takes all of it is alone, and at most one is a reservation.
 *
 * @param all in the order in which they began
 */
record Contacts(PVector<Contact> all) {

    static final Contacts NONE = new Contacts(TreePVector.empty());

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** The reservation or conversation that an offer has led to. */
    Optional<Contact> holding(String offerId) {
        return all.stream()
                .filter(one -> one.busy() && one.offerId().equals(offerId))
                .findFirst();
    }

    Optional<Contact> reserved() {
        return all.stream().filter(one -> one.is(Phase.RESERVED)).findFirst();
    }

    /** Whether there is a reservation or conversation. */
    boolean busy() {
        return all.stream().anyMatch(Contact::busy);
    }

    boolean talking() {
        return all.stream().anyMatch(one -> one.is(Phase.TALKING));
    }

    List<Contact> wrapUps() {
        return all.stream().filter(one -> one.is(Phase.WRAP_UP)).toList();
    }

    /** @param callId empty for any */
    List<Contact> wrapUps(String callId) {
        return wrapUps().stream()
                .filter(one -> callId.isEmpty() || one.callId().equals(callId))
                .toList();
    }

    /** A wrap-up that is not the agent's to end. */
    Optional<Contact> lasting() {
        return wrapUps().stream().filter(one -> !one.afterCall().mayEnd()).findFirst();
    }

    /** The one that is shown where there is room for one only: what rings before who is talked to, and both before work after a call. */
    Optional<Contact> leading() {
        return all.stream().min(Comparator.comparing(Contact::phase));
    }

    /** Whether another one may come beside these, if its units are left. */
    boolean admitMore() {
        return all.stream().noneMatch(one -> one.takesAll() || one.is(Phase.RESERVED));
    }

    /** @param units 0 for all of the capacity */
    boolean leave(int units, int capacity) {
        return units == 0 ? isEmpty() : admitMore() && units <= left(capacity);
    }

    /** How many units others may have; 0 when none is left. */
    int left(int capacity) {
        int taken = all.stream().mapToInt(Contact::units).sum();
        return admitMore() ? Math.max(0, capacity - taken) : 0;
    }

    /** Whether the agent has something to do with that call. */
    boolean areOf(String callId) {
        return all.stream().anyMatch(one -> one.callId().equals(callId));
    }

    /** With this one in place of what was known of it; of one that takes all, with nothing else. */
    Contacts with(Contact contact) {
        if (contact.takesAll()) {
            return new Contacts(TreePVector.singleton(contact));
        }
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).offerId().equals(contact.offerId())) {
                return new Contacts(all.with(i, contact));
            }
        }
        return new Contacts(all.plus(contact));
    }

    Contacts without(String offerId) {
        return new Contacts(all.stream()
                .filter(one -> one.offerId().equals(offerId))
                .findFirst()
                .map(all::minus)
                .orElse(all));
    }
}
