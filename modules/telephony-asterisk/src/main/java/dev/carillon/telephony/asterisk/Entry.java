package dev.carillon.telephony.asterisk;

import java.util.List;

/** With what words a channel comes into our application: those of extensions.conf, or those we gave a leg that we made. */
sealed interface Entry {

    /**
     * A caller: {@code inbound,DID,CALL_ID,T0,TRIES,VIA}.
     *
     * @param heldBefore whether the dialplan had to keep them for a while
     */
    record Caller(String dialledNumber, boolean heldBefore) implements Entry {}

    /** A leg that we made: {@code seat,CALL_ID}. */
    record Seat(String callVariable) implements Entry {}

    record Unknown() implements Entry {}

    static Entry of(List<String> arguments) {
        String kind = at(arguments, 0);
        if (kind.equals("inbound")) {
            String via = at(arguments, 5);
            boolean first =
                    via.isEmpty() || (via.equals("new") && at(arguments, 4).equals("0"));
            return new Caller(at(arguments, 1), !first);
        }
        return kind.equals("seat") ? new Seat(at(arguments, 1)) : new Unknown();
    }

    /** What we give a leg that we make. */
    static String seat(String callVariable) {
        return "seat," + callVariable;
    }

    private static String at(List<String> arguments, int index) {
        return index < arguments.size() ? arguments.get(index) : "";
    }
}
