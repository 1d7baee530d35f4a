package dev.carillon.telephony;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import dev.carillon.protocol.box.BoxSettings;

/** How to speak to boxes of one kind. */
public interface BoxAdapter {

    /** The {@link BoxSettings#kind} it serves. */
    String kind();

    /**
     * One connection to one box: connects, takes stock, reports {@link BoxLink.Up}, then executes commands and reports what
     * happens, until it reports {@link BoxLink.Down} and stops. It never connects a second time: that is the telephony node's
     * decision, so a connection that was replaced by another controller's cannot fight back.
     */
    Behavior<BoxLink.Command> link(BoxSettings settings, ActorRef<BoxLink.Report> owner);
}
