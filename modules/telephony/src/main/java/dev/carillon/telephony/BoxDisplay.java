package dev.carillon.telephony;

import dev.carillon.protocol.view.View;

/** Shows how the boxes look whose telephony nodes live on this member. Returns at once. */
@FunctionalInterface
public interface BoxDisplay {

    /** How a box looks from now on. Said of every change. */
    void show(View.OfBox box);

    /** Nothing is said of it from here any more: its telephony node has stopped. Another member's may say it already. */
    default void hide(String boxId) {}
}
