package dev.carillon.load;

/**
 * The contact centre of a run: how many boxes, queues and agents, and who is where. A caller is given only to agents whose seats are at
 * the caller's own box, so the agents of a queue are spread over the boxes and the queues evenly, and every call is for the box and the queue
 * of some agent.
 */
record Centre(int boxes, int queues, int agents) {

    private static final String BOX = "box-";
    private static final String QUEUE = "queue-";
    private static final String AGENT = "agent-";
    private static final String ENDPOINT = "phone/";
    private static final int FIRST_NUMBER = 100_000;

    Centre {
        if (boxes < 1 || queues < 1) {
            throw new IllegalArgumentException("there must be at least one box and one queue");
        }
        if (agents < Math.max(boxes, queues)) {
            throw new IllegalArgumentException(
                    "with " + boxes + " boxes and " + queues + " queues there must be at least "
                            + Math.max(boxes, queues) + " agents: one at every box, and one for every queue");
        }
    }

    /**
     * With as many agents as such a load needs: those who talk at its height, and in each group (of one box and one queue) as many more
     * as chance can want.
     *
     * @param busySeconds for how long a call keeps an agent
     */
    static Centre forLoad(int boxes, int queues, Rate rate, double busySeconds) {
        var groups = (double) boxes * queues;
        var busy = rate.most() * busySeconds / groups;
        var agents = groups * Math.ceil(busy + 3 * Math.sqrt(busy) + 1);
        if (agents > 1_000_000) {
            throw new IllegalArgumentException(String.format(
                    java.util.Locale.ROOT,
                    "%,.0f agents would be needed: choose a shorter --talk, fewer --boxes and --queues, or say --agents",
                    agents));
        }
        return new Centre(boxes, queues, (int) agents);
    }

    int box(int agent) {
        // One further after each round in which boxes and queues come together as before.
        return (int) ((agent + agent / round()) % boxes);
    }

    int queue(int agent) {
        return agent % queues;
    }

    /** The least common multiple. */
    private long round() {
        long one = boxes;
        long other = queues;
        while (other != 0) {
            var rest = one % other;
            one = other;
            other = rest;
        }
        return (long) boxes / one * queues;
    }

    static String boxId(int box) {
        return BOX + box;
    }

    static String queueId(int queue) {
        return QUEUE + queue;
    }

    /** What callers of a queue dial. */
    static String number(int queue) {
        return String.valueOf(FIRST_NUMBER + queue);
    }

    static String agentId(int agent) {
        return AGENT + agent;
    }

    static String seatId(int agent) {
        return "seat-" + agent;
    }

    static String endpoint(int agent) {
        return ENDPOINT + agent;
    }

    static int agentAt(String endpoint) {
        return Integer.parseInt(endpoint.substring(ENDPOINT.length()));
    }
}
