package dev.carillon.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;

/** Answers over UDP for one name, with its IPv4 addresses; it knows of no other. RFC 1035, as far as that goes. */
final class NameServer implements AutoCloseable {

    private static final int HEADER = 12;
    private static final int TYPE_A = 1;
    private static final int CLASS_IN = 1;
    private static final int ANSWER = 0x8180;
    private static final int NO_SUCH_NAME = 0x8183;
    /** The name that was asked for stands at the beginning of the question. */
    private static final int SAME_NAME = 0xC000 | HEADER;

    private final String name;
    private final List<String> addresses;
    private final DatagramSocket socket;

    private NameServer(String name, List<String> addresses) throws IOException {
        this.name = name;
        this.addresses = addresses;
        this.socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    static NameServer of(String name, List<String> addresses) throws IOException {
        var server = new NameServer(name, addresses);
        var thread = new Thread(server::serve, "name-server");
        thread.setDaemon(true);
        thread.start();
        return server;
    }

    /** Host and port, as Akka wants them. */
    String place() {
        return socket.getLocalAddress().getHostAddress() + ":" + socket.getLocalPort();
    }

    private void serve() {
        try {
            while (true) {
                var packet = new DatagramPacket(new byte[512], 512);
                socket.receive(packet);
                var answer = answer(Arrays.copyOf(packet.getData(), packet.getLength()));
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            }
        } catch (IOException e) {
            if (!socket.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private byte[] answer(byte[] packet) throws IOException {
        var asked = ByteBuffer.wrap(packet);
        var id = asked.getShort();
        asked.position(HEADER);
        var known = name.equalsIgnoreCase(askedName(asked));
        var found = known && asked.getShort() == TYPE_A ? addresses : List.<String>of();
        var answer = ByteBuffer.allocate(512)
                .putShort(id)
                .putShort((short) (known ? ANSWER : NO_SUCH_NAME))
                .putShort((short) 1)
                .putShort((short) found.size())
                .putInt(0)
                .put(packet, HEADER, packet.length - HEADER);
        for (var address : found) {
            var bytes = InetAddress.getByName(address).getAddress();
            answer.putShort((short) SAME_NAME)
                    .putShort((short) TYPE_A)
                    .putShort((short) CLASS_IN)
                    .putInt(1)
                    .putShort((short) bytes.length)
                    .put(bytes);
        }
        return Arrays.copyOf(answer.array(), answer.position());
    }

    private static String askedName(ByteBuffer asked) {
        var name = new StringJoiner(".");
        for (int length = asked.get(); length > 0; length = asked.get()) {
            var label = new byte[length];
            asked.get(label);
            name.add(new String(label, StandardCharsets.US_ASCII));
        }
        return name.toString();
    }

    @Override
    public void close() {
        socket.close();
    }
}
