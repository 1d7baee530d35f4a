package dev.carillon.cluster;

import java.time.Duration;
import java.util.List;

/** Counts what the entities of this node do. Told on their own threads, in the middle of their work: returns at once, and never fails. */
public interface EntityMeter {

    /** Counts nothing. */
    EntityMeter NONE = new EntityMeter() {
        @Override
        public void persisted(String kind, List<?> events, Duration took) {}

        @Override
        public void offered(String queueId, Duration took) {}
    };

    /**
     * Events are durable.
     *
     * @param kind the sharding type of their entity
     * @param events those of one write, at least one
     * @param took from the moment the entity handed them to its journal
     */
    void persisted(String kind, List<?> events, Duration took);

    /**
     * A call of the queue rings an agent.
     *
     * @param took since the call waited and the agent was free
     */
    void offered(String queueId, Duration took);
}
