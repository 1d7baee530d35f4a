package dev.carillon.telephony.asterisk;

import dev.carillon.protocol.box.BoxCommand;

/** What has to be done about something that happened on the box. */
sealed interface Todo {

    /** Without this, Asterisk does not say when a caller's channel ends. */
    record Subscribe(String channelId) implements Todo {}

    /** Tell the box that we take this caller. */
    record Claim(String channelId) implements Todo {}

    /** It may have ended, or only left: find out, soon. */
    record Probe(String legId) implements Todo {}

    /** As if the call had asked for it. */
    record Execute(BoxCommand command) implements Todo {}

    /** Nobody needs this bridge any more, and nobody is in it. */
    record DestroyBridge(String bridgeId) implements Todo {}

    /** Not ours, and nothing we can do anything about. */
    record Strange(String what) implements Todo {}
}
