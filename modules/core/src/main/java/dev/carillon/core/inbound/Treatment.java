package dev.carillon.core.inbound;

/** What becomes of a call that has arrived. */
public sealed interface Treatment {

    int MOST_IMPORTANT = 10;

    /**
     * @param priority 1 (least) to 10 (most important)
     * @param greeting what the caller hears on entering in place of the queue's own greeting; empty for the queue's own
     */
    record ToQueue(String queueId, int priority, String greeting) implements Treatment {
        @Override
        public String words() {
            return "enters queue " + queueId + " with priority " + priority
                    + (greeting.isEmpty() ? "" : " and hears " + greeting);
        }
    }

    /**
     * Waits for one agent alone, and enters the queue when that one has not taken the call, or is logged out.
     *
     * @param seconds for how long
     * @param then with the priority that holds from the beginning; without a queue ("") the caller hears busy
     */
    record ToAgent(String agentId, int seconds, ToQueue then) implements Treatment {
        @Override
        public String words() {
            return "waits for agent " + agentId + " alone, for " + seconds + " seconds at most and not at all while "
                    + agentId + " is logged out, and then "
                    + (then.queueId().isEmpty() ? "hears busy" : then.words());
        }
    }

    /**
     * Is put through to a number outside, and enters the queue when nobody answers there, or the box has no trunk.
     *
     * @param seconds for how long it rings there
     * @param then with the priority that the call has; without a queue ("") the caller hears busy
     */
    record ToNumber(String number, int seconds, ToQueue then) implements Treatment {
        @Override
        public String words() {
            return "is put through to the outside number " + number + ", where it rings for " + seconds
                    + " seconds at most, and then "
                    + (then.queueId().isEmpty() ? "hears busy" : then.words());
        }
    }

    /**
     * Is answered, hears it, and is hung up on.
     *
     * @param sound the box's name of it
     */
    record HearsAnnouncement(String sound) implements Treatment {
        @Override
        public String words() {
            return "hears " + sound + " and is hung up on";
        }
    }

    /** Hears the busy tone, unanswered. */
    record HearsBusy() implements Treatment {
        @Override
        public String words() {
            return "hears busy";
        }
    }

    /** Is declined, unanswered. */
    record TurnedAway() implements Treatment {
        @Override
        public String words() {
            return "is turned away";
        }
    }

    /** Hears that there is no such number. */
    record Unallocated() implements Treatment {
        @Override
        public String words() {
            return "hears that there is no such number";
        }
    }

    /** What the caller does, as it reads behind "the caller". */
    String words();
}
