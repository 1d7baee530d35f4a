package dev.carillon.telephony.asterisk;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import dev.carillon.protocol.box.BoxSettings;
import dev.carillon.telephony.BoxAdapter;
import dev.carillon.telephony.BoxLink;
import dev.carillon.telephony.BoxMeter;
import java.util.function.BooleanSupplier;

/**
 * Speaks to Asterisk 22 (tested) and 20 (by its documentation, untested). The box needs the configuration of
 * {@code deploy/asterisk}; one without it is reported down as {@code BOX_STARTING}, since while it starts it looks the same.
 */
public final class AsteriskAdapter implements BoxAdapter {

    private final String carillon;
    private final BoxMeter meter;
    private final BooleanSupplier mayAct;

    /**
     * @param carillon the same for all nodes of one Carillon, and of no other: by it they know each other on a box
     * @param meter told of every answer
     * @param mayAct asked before every command, on any thread: while it says no a box is only looked at, and no connection to one is begun
     */
    public AsteriskAdapter(String carillon, BoxMeter meter, BooleanSupplier mayAct) {
        this.mayAct = mayAct;
        this.carillon = carillon;
        this.meter = meter;
    }

    @Override
    public String kind() {
        return "asterisk";
    }

    @Override
    public Behavior<BoxLink.Command> link(BoxSettings settings, ActorRef<BoxLink.Report> owner) {
        return Connecting.create(carillon, meter, mayAct, settings, owner);
    }
}
