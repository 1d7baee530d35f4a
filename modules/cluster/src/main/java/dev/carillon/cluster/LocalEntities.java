package dev.carillon.cluster;

import akka.actor.typed.ActorRef;
import dev.carillon.core.DirectoryChange;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.queue.QueueCommand;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The entities that live on this node now, so that they can be told something without waking the others. */
final class LocalEntities {

    private record Key(String kind, String id) {}

    private final Map<Key, ActorRef<EntityMessage>> living = new ConcurrentHashMap<>();

    void started(String kind, String id, ActorRef<EntityMessage> entity) {
        living.put(new Key(kind, id), entity);
    }

    /** Only if it is still this one: its successor may have started already. */
    void stopped(String kind, String id, ActorRef<EntityMessage> entity) {
        living.remove(new Key(kind, id), entity);
    }

    void configurationChanged(DirectoryChange change) {
        var toAgent = new EntityMessage.ToEntity(new AgentCommand.ConfigurationChanged(), null);
        change.agents().forEach(id -> tell("Agent", id, toAgent));
        var toQueue = new EntityMessage.ToEntity(new QueueCommand.ConfigurationChanged(), null);
        change.queues().forEach(id -> tell("Queue", id, toQueue));
    }

    private void tell(String kind, String id, EntityMessage message) {
        var entity = living.get(new Key(kind, id));
        if (entity != null) {
            entity.tell(message);
        }
    }
}
