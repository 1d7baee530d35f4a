package dev.carillon.cluster;

import dev.carillon.protocol.box.BoxCommand;

/** The way to the telephony node of every box, wherever it lives. Never blocks, never fails: what is lost is said again. */
@FunctionalInterface
public interface BoxGateway {

    void tell(String boxId, BoxCommand command);
}
