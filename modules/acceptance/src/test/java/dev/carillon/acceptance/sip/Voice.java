package dev.carillon.acceptance.sip;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/**
 * The sound of one phone. As soon as it hears anything it says its own name into the line, again and again, and it keeps whose name
 * it hears. So a test knows who heard whom, and cannot take the music of the box for a person.
 *
 * <p>Names travel as they are, in the place of the sound: a box that connects two lines of the same codec passes on every byte. So does
 * one that plays a file in that codec: such an {@link #announcement} is heard by its name, too.
 */
public final class Voice implements AutoCloseable {

    /** How often a name is said. A box passes on what comes when it comes, and needs no fifty packets a second. */
    static final int EVERY_MS = 100;

    private static final int PCMA = 8;

    /** What the scenarios call RFC 4733's events: keys pressed in the sound, as carriers pass them on. */
    private static final int EVENTS = 101;

    private static final String KEYS = "0123456789*#";
    private static final int KEY_IS_UP = 0x80;
    /** That a key is up is said three times: a packet may be lost. */
    private static final int SAID_TIMES = 3;

    private static final int MARKER = 0x80;
    private static final int HEADER = 12;
    private static final int SOUND = 160;
    /** Of the clock of the codec, in a word. */
    private static final int STEP = EVERY_MS * 8;

    /** Of a sound in one packet of what a box plays by itself. */
    private static final int PLAYED_EVERY_MS = 20;

    private static final String MARK = "carillon";

    /** Whatever is no voice and no announcement. */
    public static final String MUSIC = "music";

    private static final byte SILENCE = (byte) 0xd5;
    private static final Set<Voice> ALL = ConcurrentHashMap.newKeySet();

    static {
        new Timer("voices", true)
                .schedule(
                        new TimerTask() {
                            @Override
                            public void run() {
                                everybody();
                            }
                        },
                        0,
                        EVERY_MS);
    }

    /**
     * A name, heard.
     *
     * @param number counts what that voice has said
     */
    public record Word(String name, int number, Instant at) {}

    /** Something that was heard without anything else in between. */
    public record Stretch(String name, Word first, Word last) {}

    /** What a box plays to say a name again and again for so long: one file in the codec of these voices. */
    public static byte[] announcement(String name, Duration length) {
        var words = ByteBuffer.allocate((int) (length.toMillis() / PLAYED_EVERY_MS) * SOUND);
        for (var number = 1; words.hasRemaining(); number++) {
            put(words, name, number);
        }
        return words.array();
    }

    private final String name;
    private final DatagramChannel line;
    private final int port;
    private final List<Word> heard = new ArrayList<>();
    private final Queue<Integer> keys = new ConcurrentLinkedQueue<>();
    private int musicHeard;
    private int said;
    private int ticks;
    private int packets;
    private boolean keyDown;

    private Voice(String name, String address) {
        this.name = name;
        try {
            line = DatagramChannel.open();
            line.bind(new InetSocketAddress(address, 0));
            line.configureBlocking(false);
            port = ((InetSocketAddress) line.getLocalAddress()).getPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ALL.add(this);
    }

    static Voice at(String address, String name) {
        return new Voice(name, address);
    }

    public String name() {
        return name;
    }

    int port() {
        return port;
    }

    /** Presses a key of the phone, for the tenth of a second in which it says nothing else. */
    public void press(char key) {
        keys.add(KEYS.indexOf(key));
    }

    /** All names heard so far, oldest first. */
    public List<Word> heard() {
        return everything().stream().filter(word -> !word.name().equals(MUSIC)).toList();
    }

    /** What was heard one after the other so far; of music, the numbers count its packets. */
    public List<Stretch> stretches() {
        var stretches = new ArrayList<Stretch>();
        for (var word : everything()) {
            var before = stretches.isEmpty() ? null : stretches.remove(stretches.size() - 1);
            if (before != null && before.name().equals(word.name())) {
                stretches.add(new Stretch(word.name(), before.first(), word));
            } else {
                if (before != null) {
                    stretches.add(before);
                }
                stretches.add(new Stretch(word.name(), word, word));
            }
        }
        return stretches;
    }

    private List<Word> everything() {
        synchronized (heard) {
            return List.copyOf(heard);
        }
    }

    /** What was heard of one other since a moment. */
    public List<Word> heard(Voice other, Instant since) {
        return heard().stream()
                .filter(word -> word.name().equals(other.name) && word.at().isAfter(since))
                .toList();
    }

    /** Everybody who was ever heard. */
    public Set<String> everHeard() {
        return heard().stream().map(Word::name).collect(Collectors.toSet());
    }

    /** For a report: who was heard, from when to when, and how many words. */
    public String talks() {
        return heard().stream().collect(Collectors.groupingBy(Word::name)).values().stream()
                .map(words -> "%s from %s to %s, %d words"
                        .formatted(
                                words.get(0).name(),
                                words.get(0).at(),
                                words.get(words.size() - 1).at(),
                                words.size()))
                .collect(Collectors.joining("; "));
    }

    /** By name, how much of what that one said between the first and the last word heard has arrived, in percent. */
    public Map<String, Integer> understood() {
        return heard().stream()
                .collect(Collectors.groupingBy(
                        Word::name, Collectors.collectingAndThen(Collectors.toList(), Voice::understood)));
    }

    private static int understood(List<Word> words) {
        var numbers = words.stream().mapToInt(Word::number).summaryStatistics();
        return (int) (100
                * words.stream().mapToInt(Word::number).distinct().count()
                / (numbers.getMax() - numbers.getMin() + 1));
    }

    @Override
    public void close() {
        ALL.remove(this);
        try {
            line.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- on the thread of all voices

    private static void everybody() {
        var packet = ByteBuffer.allocate(2048);
        for (var voice : ALL) {
            voice.listenAndSpeak(packet);
        }
    }

    private void listenAndSpeak(ByteBuffer packet) {
        try {
            listen(packet);
            if (line.isConnected()) {
                speak(packet);
            }
        } catch (PortUnreachableException over) {
            hangUp();
        } catch (IOException closed) {
            ALL.remove(this);
        }
    }

    /** The other end of the line is known by what comes from there. */
    private void listen(ByteBuffer packet) throws IOException {
        for (var from = line.receive(packet.clear()); from != null; from = line.receive(packet.clear())) {
            packet.flip();
            // Not what a box says about a line of sound, to the port beside it.
            if (packet.remaining() < HEADER || (packet.get(1) & 0x7f) != PCMA) {
                continue;
            }
            if (!line.isConnected()) {
                line.connect(from);
            }
            var words = StandardCharsets.ISO_8859_1
                    .decode(packet.position(HEADER))
                    .toString()
                    .split(" ", 4);
            var isName = words.length == 4 && words[0].equals(MARK);
            synchronized (heard) {
                heard.add(
                        isName
                                ? new Word(words[1], Integer.parseInt(words[2]), Instant.now())
                                : new Word(MUSIC, ++musicHeard, Instant.now()));
            }
        }
    }

    private void speak(ByteBuffer packet) throws IOException {
        ticks++;
        var key = keys.peek();
        if (key == null) {
            said++;
            head(packet, PCMA, ticks);
            put(packet, name, said);
            line.write(packet.flip());
        } else if (!keyDown) {
            keyDown = true;
            key(packet, MARKER | EVENTS, ticks, key, 0, STEP);
        } else {
            // Of the same moment, that of its beginning.
            for (int times = 0; times < SAID_TIMES; times++) {
                key(packet, EVENTS, ticks - 1, key, KEY_IS_UP, 2 * STEP);
            }
            keyDown = false;
            keys.remove();
        }
    }

    private void key(ByteBuffer packet, int type, int tick, int key, int state, int length) throws IOException {
        head(packet, type, tick);
        packet.put((byte) key).put((byte) state).putShort((short) length);
        line.write(packet.flip());
    }

    private void head(ByteBuffer packet, int type, int tick) {
        packets++;
        packet.clear()
                .put((byte) 0x80)
                .put((byte) type)
                .putShort((short) packets)
                .putInt(tick * STEP)
                .putInt(port);
    }

    private static void put(ByteBuffer sound, String name, int number) {
        var end = sound.position() + SOUND;
        sound.put((MARK + " " + name + " " + number + " ").getBytes(StandardCharsets.ISO_8859_1));
        while (sound.position() < end) {
            sound.put(SILENCE);
        }
    }

    /** The box has closed its end; whoever comes next on this phone has another. */
    private void hangUp() {
        try {
            line.disconnect();
        } catch (IOException closed) {
            ALL.remove(this);
        }
    }
}
