package dev.carillon.readmodel;

import akka.Done;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import akka.persistence.typed.EventAdapter;
import akka.persistence.typed.EventSeq;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import com.google.protobuf.Message;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.carillon.cluster.RecordMark;
import dev.carillon.protocol.agent.AgentEvent;
import dev.carillon.protocol.call.CallEvent;
import dev.carillon.testkit.EmbeddedDatabase;
import dev.carillon.testkit.Eventually;
import java.util.List;
import java.util.Map;

/** A cluster of one node with the real journal, in which calls are written by the smallest possible entity. */
final class Journal implements AutoCloseable {

    private final ActorTestKit node;

    private Journal(ActorTestKit node) {
        this.node = node;
    }

    /** @param settings HOCON, stronger than all others */
    static Journal start(EmbeddedDatabase database, String settings) {
        var node = ActorTestKit.create(
                "readmodel", ConfigFactory.parseString(settings).withFallback(config(database)));
        var cluster = Cluster.get(node.system());
        cluster.manager().tell(Join.create(cluster.selfMember().address()));
        return new Journal(node);
    }

    private static Config config(EmbeddedDatabase database) {
        return ConfigFactory.parseMap(Map.of(
                        "akka.remote.artery.canonical.hostname", "127.0.0.1",
                        "akka.remote.artery.canonical.port", "0",
                        "akka.cluster.roles", List.of("projection"),
                        // A write that fails answers nobody: a busy machine must not make one fail here.
                        "jdbc-journal.circuit-breaker.call-timeout", "90s",
                        "jdbc-snapshot-store.circuit-breaker.call-timeout", "90s",
                        "akka-persistence-jdbc.shared-databases.slick.db.connectionTimeout", "90s",
                        "akka-persistence-jdbc.shared-databases.slick.db.url", database.url(),
                        "akka-persistence-jdbc.shared-databases.slick.db.user", database.user(),
                        "akka-persistence-jdbc.shared-databases.slick.db.password", database.password()))
                .withFallback(ConfigFactory.parseResources("carillon-readmodel.conf"))
                .withFallback(ConfigFactory.parseResources("carillon-cluster.conf"))
                .withFallback(ConfigFactory.load());
    }

    ActorSystem<Void> system() {
        return node.system();
    }

    /** Makes the events of a call durable, marked as the product does it, before it returns. */
    void write(String callId, CallEvent... events) {
        write(PersistenceId.of("Call", callId), List.of(events));
    }

    /** The same of an agent. */
    void writeOfAgent(String agentId, AgentEvent... events) {
        write(PersistenceId.of("Agent", agentId), List.of(events));
    }

    private void write(PersistenceId id, List<? extends Message> events) {
        var probe = node.<Done>createTestProbe();
        var entity = node.spawn(Writer.create(id));
        entity.tell(new Write(events, probe.getRef()));
        probe.receiveMessage(Eventually.LIMIT);
        node.stop(entity);
    }

    @Override
    public void close() {
        ActorTestKit.shutdown(node.system(), Eventually.LIMIT);
    }

    record Write(List<? extends Message> events, ActorRef<Done> whenDone) {}

    private static final class Writer extends EventSourcedBehavior<Write, Message, Integer> {
        static Behavior<Write> create(PersistenceId id) {
            return new Writer(id);
        }

        private Writer(PersistenceId id) {
            super(id);
        }

        @Override
        public Integer emptyState() {
            return 0;
        }

        @Override
        public CommandHandler<Write, Message, Integer> commandHandler() {
            return (state, write) -> Effect()
                    .persist(List.<Message>copyOf(write.events()))
                    .thenRun(() -> write.whenDone().tell(Done.done()));
        }

        @Override
        public EventHandler<Integer, Message> eventHandler() {
            return (state, event) -> state + 1;
        }

        @Override
        public EventAdapter<Message, ?> eventAdapter() {
            return new Marked();
        }
    }

    /** As the entities of the product do it. */
    private static final class Marked extends EventAdapter<Message, Message> {

        @Override
        public Message toJournal(Message event) {
            return event;
        }

        @Override
        public String manifest(Message event) {
            return event instanceof AgentEvent said
                    ? RecordMark.ofAgents().manifest(said)
                    : RecordMark.ofCalls().manifest((CallEvent) event);
        }

        @Override
        public EventSeq<Message> fromJournal(Message event, String manifest) {
            return EventSeq.single(event);
        }
    }
}
