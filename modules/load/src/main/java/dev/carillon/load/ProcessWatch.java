package dev.carillon.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What processes take of the machine, as its kernel counts it (Linux's {@code /proc}). */
final class ProcessWatch {

    /** Of {@code /proc/PID/stat}; the same on every Linux that Java runs on. */
    private static final double TICKS_A_SECOND = 100;

    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
    private static final Path PROC = Path.of("/proc");

    /** By name: the first process, and whether its children count too. */
    private final Map<String, Root> roots = new LinkedHashMap<>();

    private record Root(long pid, boolean withChildren) {}

    /**
     * @param cpuSeconds since it was started
     * @param residentBytes in memory now; what processes share is counted once for each
     */
    record Usage(double cpuSeconds, long residentBytes) {}

    /**
     * One line of {@code /proc/PID/stat}.
     *
     * @param ticks of its own
     * @param ticksOfEnded of those children that have ended
     */
    record Stat(long parent, long ticks, long ticksOfEnded) {

        static Stat parse(String line) {
            // The name may hold anything, also spaces and brackets: what is counted comes after its last bracket.
            var fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
            return new Stat(
                    Long.parseLong(fields[1]),
                    Long.parseLong(fields[11]) + Long.parseLong(fields[12]),
                    Long.parseLong(fields[13]) + Long.parseLong(fields[14]));
        }
    }

    void watch(String name, long pid) {
        roots.put(name, new Root(pid, false));
    }

    /** A server that starts a process for each connection. */
    void watchWithChildren(String name, long pid) {
        roots.put(name, new Root(pid, true));
    }

    Map<String, Usage> look() {
        var stats = stats();
        var usages = new LinkedHashMap<String, Usage>();
        roots.forEach((name, root) -> usages.put(name, usage(root, stats)));
        return usages;
    }

    private static Usage usage(Root root, Map<Long, Stat> stats) {
        var ticks = 0L;
        var resident = 0L;
        var family = new HashSet<>(Set.of(root.pid()));
        if (root.withChildren()) {
            stats.forEach((pid, stat) -> {
                if (stat.parent() == root.pid()) {
                    family.add(pid);
                }
            });
            ticks += stats.containsKey(root.pid()) ? stats.get(root.pid()).ticksOfEnded() : 0;
        }
        for (var pid : family) {
            ticks += stats.containsKey(pid) ? stats.get(pid).ticks() : 0;
            resident += resident(pid);
        }
        return new Usage(ticks / TICKS_A_SECOND, resident);
    }

    private static Map<Long, Stat> stats() {
        var stats = new HashMap<Long, Stat>();
        try (var folders = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (var folder : folders) {
                read(
                        folder.resolve("stat"),
                        text -> stats.put(Long.parseLong(folder.getFileName().toString()), Stat.parse(text)));
            }
        } catch (IOException e) {
            throw new LoadFailure("/proc cannot be read: " + e.getMessage() + ". scripts/load needs Linux.", e);
        }
        return stats;
    }

    private static long resident(long pid) {
        var bytes = new long[1];
        read(PROC.resolve(pid + "/status"), text -> {
            var matcher = RESIDENT.matcher(text);
            bytes[0] = matcher.find() ? Long.parseLong(matcher.group(1)) * 1_024 : 0;
        });
        return bytes[0];
    }

    private interface Reader {
        void read(String text);
    }

    private static void read(Path file, Reader reader) {
        try {
            reader.read(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            // The process has ended meanwhile.
        }
    }
}
