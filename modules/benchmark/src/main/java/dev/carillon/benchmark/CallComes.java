package dev.carillon.benchmark;

import dev.carillon.core.queue.QueueState;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** A call enters a queue with ready agents: one of them is asked. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgs = "-Xmx2g")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CallComes {

    @Param({"100", "1000", "10000"})
    public int readyAgents;

    @Param({"1", "10", "1000"})
    public int otherQueues;

    private FullQueue queue;
    private QueueState state;

    @Setup
    public void prepare() {
        queue = new FullQueue(readyAgents, otherQueues);
        state = queue.withReadyAgents(readyAgents);
        queue.mustBid(state, FullQueue.enqueue(0));
    }

    @Benchmark
    public void decide(Blackhole eyes) {
        queue.decide(state, FullQueue.enqueue(0), eyes);
    }
}
