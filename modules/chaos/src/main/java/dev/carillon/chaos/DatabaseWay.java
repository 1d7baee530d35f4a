package dev.carillon.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** The way of one node to the database, over which what is said can be made to take longer. */
final class DatabaseWay implements AutoCloseable {

    private static final int AT_A_TIME = 64 * 1024;

    private final ServerSocket server;
    private final int port;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile Duration latency = Duration.ZERO;

    /** @param port of the database, at 127.0.0.1 */
    DatabaseWay(String host, int port) {
        this.port = port;
        try {
            server = new ServerSocket();
            server.bind(new InetSocketAddress(host, 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Each question and its answer take so much longer together. */
    void latency(Duration added) {
        latency = added;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                connect(server.accept());
            } catch (IOException e) {
                // Closed, or the database is away: the node is told by the end of its connection.
            }
        }
    }

    private void connect(Socket node) throws IOException {
        try {
            var database = new Socket(InetAddress.getLoopbackAddress(), port);
            for (var socket : new Socket[] {node, database}) {
                socket.setTcpNoDelay(true);
                sockets.add(socket);
            }
            thread(() -> carry(node, database));
            thread(() -> carry(database, node));
        } catch (IOException e) {
            node.close();
            throw e;
        }
    }

    private void carry(Socket from, Socket to) {
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            var bytes = new byte[AT_A_TIME];
            for (var read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                var half = latency.toNanos() / 2;
                for (var end = System.nanoTime() + half; half > 0 && end - System.nanoTime() > 0; ) {
                    LockSupport.parkNanos(end - System.nanoTime());
                }
                out.write(bytes, 0, read);
            }
        } catch (IOException e) {
            // The other direction ends with this one.
        } finally {
            end(from);
            end(to);
        }
    }

    private void end(Socket socket) {
        sockets.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            // Nothing is lost with it.
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            // It goes with the process at the latest.
        }
        sockets.forEach(this::end);
    }

    private static void thread(Runnable work) {
        var thread = new Thread(work, "way-to-the-database");
        thread.setDaemon(true);
        thread.start();
    }
}
