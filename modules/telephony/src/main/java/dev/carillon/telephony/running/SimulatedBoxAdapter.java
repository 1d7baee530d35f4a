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
 * from one to the other, its calls find their box restarted. A box whose address begins with {@code tcp://} is one of another process
 * instead, where a {@link SimulatedBoxServer} has it for all nodes.
 */
public final class SimulatedBoxAdapter implements BoxAdapter {

    /** The kind of box it speaks to. */
    public static final String KIND = "simulated";

    private static final String ELSEWHERE = "tcp://";

    private final String carillon;
    private final Clock clock;
    private final BoxMeter meter;
    private final Duration commandLatency;
    private final Duration between;
    private final List<String> dialled;
    private final long seed;

    /** As {@link #SimulatedBoxAdapter(String, Config, Clock, BoxMeter)}, and nobody counts. */
    public SimulatedBoxAdapter(String carillon, Config config, Clock clock) {
        this(carillon, config, clock, BoxMeter.NONE);
    }

    /**
     * @param carillon the same for all nodes of one Carillon, and of no other: by it they know each other on a box of another process
     * @param config of the whole system: {@code carillon.telephony.simulated} is read from it
     * @param meter told of every command that a box has carried out
     */
    public SimulatedBoxAdapter(String carillon, Config config, Clock clock, BoxMeter meter) {
        this.carillon = carillon;
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
        if (settings.address().startsWith(ELSEWHERE)) {
            return RemoteLink.create(carillon, settings, owner);
        }
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
