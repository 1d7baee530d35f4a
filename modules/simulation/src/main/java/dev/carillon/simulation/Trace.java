package dev.carillon.simulation;

import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What happened, line by line: the last lines, and a hash of all of them when asked for. */
final class Trace {

    private static final TextFormat.Printer PRINTER = TextFormat.printer().emittingSingleLine(true);

    private record Line(long at, String who, String what, Object about) {
        @Override
        public String toString() {
            var said = about instanceof Message message ? PRINTER.printToString(message) : String.valueOf(about);
            return String.format(Locale.ROOT, "%8.3f s  %-14s %-9s %s", at / 1000.0, who, what, said);
        }
    }

    private final Line[] last;
    private final boolean hashing;
    private long lines;
    private long hash = 0xcbf29ce484222325L;

    /**
     * @param kept how many of the last lines can be seen
     * @param hashing costs about as much as the simulation itself
     */
    Trace(int kept, boolean hashing) {
        this.last = new Line[kept];
        this.hashing = hashing;
    }

    void line(long at, String who, String what, Object about) {
        var line = new Line(at, who, what, about);
        last[(int) (lines++ % last.length)] = line;
        if (hashing) {
            var text = line.toString();
            for (int i = 0; i < text.length(); i++) {
                hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
            }
        }
    }

    /** Of all lines so far, the same on every machine; 0 when not asked for. */
    long hash() {
        return hashing ? hash : 0;
    }

    /** The last lines, oldest first. */
    List<String> tail() {
        var tail = new ArrayList<String>();
        for (long n = Math.max(0, lines - last.length); n < lines; n++) {
            tail.add(last[(int) (n % last.length)].toString());
        }
        return tail;
    }
}
