package dev.carillon.cluster;

import dev.carillon.protocol.view.View;

/** What a view is of. */
record LiveKey(Kind kind, String id) {

    enum Kind {
        CALL,
        AGENT,
        QUEUE,
        BOX,
        SEAT
    }

    static LiveKey of(View view) {
        return new LiveKey(kindOf(view), view.id());
    }

    private static Kind kindOf(View view) {
        if (view instanceof View.OfCall) {
            return Kind.CALL;
        }
        if (view instanceof View.OfAgent) {
            return Kind.AGENT;
        }
        if (view instanceof View.OfSeat) {
            return Kind.SEAT;
        }
        return view instanceof View.OfQueue ? Kind.QUEUE : Kind.BOX;
    }
}
