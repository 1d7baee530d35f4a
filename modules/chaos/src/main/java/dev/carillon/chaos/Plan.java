package dev.carillon.chaos;

/**
 * Who calls and who answers.
 *
 * @param boxes simulated boxes
 * @param queues each is served at every box
 * @param agentsEach of every queue at every box
 * @param callsPerSecond on average; callers are independent of each other
 * @param talkMillis how long callers talk: each between half and one and a half of it
 * @param patienceMillis how long they wait: each between half and one and a half of it
 * @param seed the same seed makes the same callers
 */
public record Plan(
        int boxes, int queues, int agentsEach, double callsPerSecond, long talkMillis, long patienceMillis, long seed) {

    private static final int FIRST_NUMBER = 100_000;
    private static final String ENDPOINT = "phone/";

    public Plan {
        if (boxes < 1 || queues < 1 || agentsEach < 1 || callsPerSecond <= 0 || talkMillis < 1 || patienceMillis < 1) {
            throw new IllegalArgumentException("there must be boxes, queues, agents and callers, who talk and wait");
        }
    }

    int agents() {
        return boxes * queues * agentsEach;
    }

    int box(int agent) {
        return agent % boxes;
    }

    int queue(int agent) {
        return agent / boxes % queues;
    }

    static String boxId(int box) {
        return "box-" + box;
    }

    static String queueId(int queue) {
        return "queue-" + queue;
    }

    static String number(int queue) {
        return String.valueOf(FIRST_NUMBER + queue);
    }

    static String agentId(int agent) {
        return "agent-" + agent;
    }

    static String seatId(int agent) {
        return "seat-" + agent;
    }

    static String endpoint(int agent) {
        return ENDPOINT + agent;
    }

    static String agentAt(String endpoint) {
        return agentId(Integer.parseInt(endpoint.substring(ENDPOINT.length())));
    }
}
