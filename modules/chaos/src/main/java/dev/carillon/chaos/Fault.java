package dev.carillon.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * Something that is going to break.
 *
 * @param node which one, counted from 1; 0 when it is none alone
 * @param box which one, counted from 0; -1 when it is none
 * @param length for how long; until it is started again for a node that ends
 * @param amount how much slower; zero when it is not about that
 * @param sides who hears each other; empty when it is not about that
 */
public record Fault(Kind kind, int node, int box, Duration length, Duration amount, List<Set<Integer>> sides) {

    /** What can break. */
    public enum Kind {
        KILL("kill -9 of a node"),
        RESTART("a planned stop and start of a node"),
        PAUSE("a node stands still (SIGSTOP)"),
        DATABASE("PostgreSQL is stopped and started"),
        PARTITION("the network between the nodes is cut"),
        PARTITION_WITH_DATABASE("the network is cut, and one side alone reaches database and boxes"),
        LATENCY("the way to the database is slow"),
        SLOW_BOX("a box obeys slowly"),
        BOX_AWAY("a box cannot be reached"),
        BOX_RESTARTED("a box is restarted");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }

        boolean cuts() {
            return this == PARTITION || this == PARTITION_WITH_DATABASE;
        }
    }

    /** For people. */
    public String words() {
        return switch (kind) {
            case KILL -> "node %d is killed (kill -9), and started again after %d s"
                    .formatted(node, length.toSeconds());
            case RESTART -> "node %d is stopped as planned, and started again".formatted(node);
            case PAUSE -> "node %d stands still for %d s (SIGSTOP)".formatted(node, length.toSeconds());
            case DATABASE -> "PostgreSQL is stopped for %d s".formatted(length.toSeconds());
            case PARTITION -> "the network is cut for %d s; %s".formatted(length.toSeconds(), sidesInWords());
            case PARTITION_WITH_DATABASE -> "the network is cut for %d s; %s; of these, only the first reach database and boxes"
                    .formatted(length.toSeconds(), sidesInWords());
            case LATENCY -> "the database answers %d ms later for %d s"
                    .formatted(amount.toMillis(), length.toSeconds());
            case SLOW_BOX -> "box %d obeys %d ms later for %d s".formatted(box, amount.toMillis(), length.toSeconds());
            case BOX_AWAY -> "box %d cannot be reached for %d s".formatted(box, length.toSeconds());
            case BOX_RESTARTED -> "box %d is restarted: its callers are gone".formatted(box);
        };
    }

    private String sidesInWords() {
        return "nodes that hear each other: " + sides;
    }

    /** Draws them: each kind once in a random order, then all of them again. */
    static final class Deck {
        private final Random random;
        private final List<Kind> kinds;
        private final List<Kind> left = new ArrayList<>();
        private final int nodes;
        private final int boxes;

        Deck(long seed, List<Kind> kinds, int nodes, int boxes) {
            this.random = new Random(seed);
            this.kinds = List.copyOf(kinds);
            this.nodes = nodes;
            this.boxes = boxes;
        }

        /** Until the next one begins. */
        Duration pause() {
            return Duration.ofMillis(3_000 + random.nextInt(7_000));
        }

        /** Whether the next one comes only after all has healed. */
        boolean patient() {
            return random.nextInt(3) > 0;
        }

        Fault next() {
            if (left.isEmpty()) {
                left.addAll(kinds);
                Collections.shuffle(left, random);
            }
            var kind = left.remove(left.size() - 1);
            // In this order, whatever is needed of it: the same seed makes the same faults.
            var node = 1 + random.nextInt(nodes);
            var box = random.nextInt(boxes);
            var length = length(kind);
            var amount = Duration.ofMillis(100 + random.nextInt(kind == Kind.SLOW_BOX ? 1_400 : 200));
            var sides = sides();
            return new Fault(kind, node, box, length, amount, kind.cuts() ? sides : List.of());
        }

        private Duration length(Kind kind) {
            var share = random.nextDouble();
            return Duration.ofMillis(Math.round(1_000
                    * switch (kind) {
                        case KILL -> 1 + share * 9;
                        case RESTART, BOX_RESTARTED -> 0;
                        case PAUSE -> 5 + share * 20;
                        case DATABASE -> 2 + share * 28;
                        case PARTITION, PARTITION_WITH_DATABASE -> 8 + share * 27;
                        case LATENCY, SLOW_BOX, BOX_AWAY -> 6 + share * 9;
                    }));
        }

        /** One node against the others, most often; or everybody alone. */
        private List<Set<Integer>> sides() {
            var order = new ArrayList<Integer>();
            for (var node = 1; node <= nodes; node++) {
                order.add(node);
            }
            Collections.shuffle(order, random);
            var alone = random.nextInt(4) == 0;
            var first = 1 + random.nextInt(Math.max(1, nodes - 1));
            if (alone) {
                return order.stream().map(Set::of).toList();
            }
            return List.of(new TreeSet<>(order.subList(0, first)), new TreeSet<>(order.subList(first, order.size())));
        }
    }
}
