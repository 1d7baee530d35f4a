package dev.carillon.node;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Looks, before anything is started, whether the node could listen where it is to. */
final class Ports {

    private Ports() {}

    /** @throws StartupFailure when another program has one of the ports, or the address is not this machine's */
    static void mustBeFree(NodeSettings settings) {
        if (settings.roles().contains("api")) {
            mustBeFree("the API", settings.api().host(), settings.api().port(), "--port (carillon.api.port)");
        }
        mustBeFree(
                "the management",
                settings.management().host(),
                settings.management().port(),
                "--management-port (carillon.node.management.port)");
        mustBeFree(
                "the other nodes",
                settings.remoting().host(),
                settings.remoting().port(),
                "carillon.node.remoting.port (CARILLON_REMOTING_PORT)");
    }

    private static void mustBeFree(String forWhom, String host, int port, String remedy) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(host, port));
        } catch (IOException | IllegalArgumentException e) {
            throw new StartupFailure(
                    "The node cannot listen for " + forWhom + " at " + host + ":" + port + " (" + e.getMessage()
                            + "). Stop whatever uses the port, or choose another with " + remedy + ".",
                    e);
        }
    }
}
