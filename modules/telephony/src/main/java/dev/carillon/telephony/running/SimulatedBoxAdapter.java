package dev.carillon.telephony.running;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import com.typesafe.config.Config;
import dev.carillon.protocol.box.BoxSettings;
import dev.carillon.telephony.BoxAdapter;
import dev.carillon.telephony.BoxLink;
import dev.carillon.telephony.BoxMeter;
import dev.carillon.telephony.simulated.People;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * Speaks to the {@link SimulatedBoxes} of this process. Two processes have two boxes of the same id: when a telephony node moves
 * from one to the other, its calls find their box restarted.
 */
public final class SimulatedBoxAdapter implements BoxAdapter {

    /** The kind of box it speaks to. */
    public static final String KIND = "simulated";

    private final Clock clock;
    private final BoxMeter meter;
    private final Duration commandLatency;
    private final Duration between;
    private final List<String> dialled;
    private final long seed;

    /** As {@link #SimulatedBoxAdapter(Config, Clock, BoxMeter)}, and nobody counts. */
    public SimulatedBoxAdapter(Config config, Clock clock) {
        this(config, clock, BoxMeter.NONE);
    }

    /**
     * @param config of the whole system: {@code carillon.telephony.simulated} is read from it
     * @param meter told of every command that a box has carried out
     */
    public SimulatedBoxAdapter(Config config, Clock clock, BoxMeter meter) {
        var simulated = config.getConfig("carillon.telephony.simulated");
        this.clock = clock;
        this.meter = meter;
        this.commandLatency = simulated.getDuration("command-latency");
        this.between = simulated.getDuration("people.between");
        this.dialled = List.copyOf(simulated.getStringList("people.dialled"));
        this.seed = simulated.getLong("people.seed");
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Behavior<BoxLink.Command> link(BoxSettings settings, ActorRef<BoxLink.Report> owner) {
        var box = SimulatedBoxes.box(settings.boxId(), clock);
        if (!commandLatency.isZero()) {
            box.commandLatency(commandLatency);
        }
        if (!between.isZero()) {
            box.attract(new People(seed, between, dialled));
        }
        return SimulatedLink.create(box, clock, meter, settings, owner);
    }
}
