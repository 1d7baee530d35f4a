package dev.carillon.protocol.box;

/**
 * What it takes to reach one box. Never logged as a whole: it carries a password.
 *
 * @param boxId lower-case letters, digits and hyphens; part of the id of every call on it
 * @param kind which adapter speaks to it: {@code asterisk} or {@code simulated}
 * @param address where its control interface listens, for example {@code http://10.0.0.1:8088}; for a simulated box anything
 * @param user empty when the kind needs none
 * @param password empty when the kind needs none
 */
public record BoxSettings(String boxId, String kind, String address, String user, String password) {

    @Override
    public String toString() {
        return "BoxSettings[" + boxId + ", " + kind + ", " + address + ", user " + user + "]";
    }
}
