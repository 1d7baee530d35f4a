package dev.carillon.protocol.box;

/**
 * What it takes to reach one box. Never logged as a whole: it carries a password.
 *
 * @param boxId lower-case letters, digits and hyphens; part of the id of every call on it
 * @param kind which adapter speaks to it: {@code asterisk} or {@code simulated}
 * @param address where its control interface listens, for example {@code http://10.0.0.1:8088}; for a simulated box of another process
 *     {@code tcp://host:port}, for one within each node anything else
 * @param user empty when the kind needs none
 * @param password empty when the kind needs none
 * @param trunk as what it reaches numbers outside, with {@code {number}} in the place of the number; empty when it dials none
 */
public record BoxSettings(String boxId, String kind, String address, String user, String password, String trunk) {

    /** Without a trunk. */
    public BoxSettings(String boxId, String kind, String address, String user, String password) {
        this(boxId, kind, address, user, password, "");
    }

    /** Whether the connection to it is made in the same way. */
    public boolean connectsLike(BoxSettings other) {
        return equals(
                new BoxSettings(other.boxId(), other.kind(), other.address(), other.user(), other.password(), trunk));
    }

    @Override
    public String toString() {
        return "BoxSettings[" + boxId + ", " + kind + ", " + address + ", user " + user + "]";
    }
}
