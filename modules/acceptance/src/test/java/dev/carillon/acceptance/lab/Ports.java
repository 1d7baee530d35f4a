package dev.carillon.acceptance.lab;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/** Ports that nobody uses now and that were not given out before. Below the range from which the system takes its own. */
public final class Ports {

    private static final int FIRST = 20000;
    private static final int LAST = 32000;

    // Different JVMs begin at different places, so that two test runs on one machine seldom meet.
    private static final AtomicInteger NEXT =
            new AtomicInteger(FIRST + (int) (ProcessHandle.current().pid() * 61 % (LAST - FIRST - 2000)));

    /** One port, free for TCP and UDP on every loopback address. */
    public static int one() {
        return block(1);
    }

    /** The first of so many free ports in a row. */
    public static synchronized int block(int size) {
        for (var attempt = 0; attempt < LAST - FIRST; attempt++) {
            var first = NEXT.getAndAdd(size);
            if (first + size > LAST) {
                NEXT.set(FIRST);
                continue;
            }
            var free = true;
            for (var port = first; free && port < first + size; port++) {
                free = isFree(port);
            }
            if (free) {
                return first;
            }
        }
        throw new IllegalStateException("no free ports between " + FIRST + " and " + LAST);
    }

    private static boolean isFree(int port) {
        var anywhere = new InetSocketAddress((InetAddress) null, port);
        try (var tcp = new ServerSocket();
                var udp = new DatagramSocket(null)) {
            tcp.bind(anywhere);
            udp.bind(anywhere);
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    private Ports() {}
}
