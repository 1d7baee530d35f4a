package dev.carillon.node;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.PreRestart;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.pubsub.Topic;
import dev.carillon.protocol.CborSerializable;
import java.time.Duration;

/**
 * Tells other nodes that there is a new configuration to read, and reads it when they do. A word that is lost costs no more than
 * the interval in which every node looks by itself.
 */
final class ConfigurationNews extends AbstractBehavior<ConfigurationNews.Message> {

    interface Message {}

    /** A change was made on this node. */
    record MadeHere(long version) implements Message {}

    /** A change was made on some node, perhaps this one. */
    record Changed(long version) implements Message, CborSerializable {}

    private enum Look implements Message {
        AGAIN
    }

    private final LiveConfiguration configuration;
    private final ActorRef<Topic.Command<Message>> topic;
    private final Runnable stopListening;

    static Behavior<Message> create(LiveConfiguration configuration, Duration interval) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(Look.AGAIN, interval);
            return new ConfigurationNews(context, configuration);
        }));
    }

    private ConfigurationNews(ActorContext<Message> context, LiveConfiguration configuration) {
        super(context);
        this.configuration = configuration;
        this.topic = context.spawn(Topic.create(Message.class, "configuration"), "topic");
        topic.tell(Topic.subscribe(context.getSelf()));
        var self = context.getSelf();
        this.stopListening = configuration.onChangeMadeHere(version -> self.tell(new MadeHere(version)));
    }

    @Override
    public Receive<Message> createReceive() {
        return newReceiveBuilder()
                .onMessage(MadeHere.class, this::tellAll)
                .onMessage(Changed.class, this::onChanged)
                .onMessageEquals(Look.AGAIN, this::look)
                .onSignal(PreRestart.class, restart -> end())
                .onSignal(PostStop.class, stop -> end())
                .build();
    }

    /** Whoever takes its place listens for itself. */
    private Behavior<Message> end() {
        stopListening.run();
        return this;
    }

    private Behavior<Message> tellAll(MadeHere made) {
        topic.tell(Topic.publish(new Changed(made.version())));
        return this;
    }

    private Behavior<Message> onChanged(Changed changed) {
        return changed.version() > configuration.current().version() ? look() : this;
    }

    private Behavior<Message> look() {
        configuration.catchUp();
        return this;
    }
}
