package dev.carillon.core;

/** Where a caller goes who leaves a queue. */
public sealed interface Target {

    /** Waits there, with the time they arrived and their priority. */
    record OtherQueue(String queueId) implements Target {
        @Override
        public String words() {
            return "queue:" + queueId;
        }
    }

    /**
     * Hears it, and is hung up on.
     *
     * @param sound the box's name of it
     */
    record Announcement(String sound) implements Target {
        @Override
        public String words() {
            return "announcement";
        }
    }

    /** Is hung up on at once, as busy. */
    record Busy() implements Target {
        @Override
        public String words() {
            return "busy";
        }
    }

    /**
     * Waits for this agent alone, with the time they arrived and their priority; then, and while the agent is logged out, goes
     * back to where they came from.
     */
    record ToAgent(String agentId, int seconds) implements Target {
        @Override
        public String words() {
            return "agent:" + agentId;
        }
    }

    /**
     * Is put through to this number outside, over the trunk of their box, and keeps their place until somebody answers there.
     *
     * @param seconds for how long it rings there; then they are back where they were
     */
    record ToNumber(String number, int seconds) implements Target {

        /** For how long it rings if nothing else is said. */
        public static final int SECONDS = 30;

        @Override
        public String words() {
            return "number:" + number;
        }
    }

    /** From the queue of one agent alone: to where the call says. Nobody configures it. */
    record Onward() implements Target {
        @Override
        public String words() {
            return "onward";
        }
    }

    /** As it stands in the call record. */
    String words();
}
