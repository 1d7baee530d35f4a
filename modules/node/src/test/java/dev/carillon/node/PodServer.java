package dev.carillon.node;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** The one question of the Kubernetes API that nodes ask: which pods have a label. Whoever asks otherwise, or without the token, is refused. */
final class PodServer implements AutoCloseable {

    static final String NAMESPACE = "call-centre";

    private static final InetAddress ADDRESS = InetAddress.getLoopbackAddress();
    private static final String TOKEN = "token-of-a-service-account";
    private static final String PASSWORD = "of-a-test";

    private final HttpsServer server;
    private final Path folder;

    private PodServer(HttpsServer server, Path folder) {
        this.server = server;
        this.folder = folder;
    }

    /**
     * @param folder for what Kubernetes would put into each pod
     * @param selector the question that is answered
     * @param running addresses of pods that run
     * @param leaving of pods that are being ended
     */
    static PodServer start(Path folder, String selector, List<String> running, List<String> leaving) throws Exception {
        var keys = makeKeys(folder);
        var server = HttpsServer.create(new InetSocketAddress(ADDRESS, 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context(keys)));
        var pods = pods(running, leaving);
        server.createContext(
                "/",
                exchange -> answer(exchange, isAllowed(exchange) && isAskedFor(exchange, selector) ? 200 : 403, pods));
        server.start();
        Files.writeString(folder.resolve("token"), TOKEN);
        return new PodServer(server, folder);
    }

    /** With a certificate that says this address is its. */
    private static Path makeKeys(Path folder) throws IOException, InterruptedException {
        var keys = folder.resolve("keys.p12");
        keytool(
                "-genkeypair -alias api -keyalg EC -dname CN=api -ext san=ip:" + ADDRESS.getHostAddress()
                        + " -storetype PKCS12",
                keys);
        keytool("-exportcert -alias api -rfc -file " + folder.resolve("ca.crt"), keys);
        return keys;
    }

    private static void keytool(String arguments, Path keys) throws IOException, InterruptedException {
        var program = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        var command = Stream.of(
                        Stream.of(program),
                        Stream.of(arguments.split(" ")),
                        Stream.of("-keystore", keys.toString(), "-storepass", PASSWORD))
                .flatMap(part -> part)
                .toList();
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("keytool: " + said);
        }
    }

    private static SSLContext context(Path keys) throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance("PKCS12");
        try (InputStream file = Files.newInputStream(keys)) {
            store.load(file, PASSWORD.toCharArray());
        }
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, PASSWORD.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private static boolean isAllowed(HttpExchange exchange) {
        return ("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"));
    }

    private static boolean isAskedFor(HttpExchange exchange, String selector) {
        return exchange.getRequestURI().getPath().equals("/api/v1/namespaces/" + NAMESPACE + "/pods")
                && URLDecoder.decode(exchange.getRequestURI().getRawQuery(), StandardCharsets.UTF_8)
                        .equals("labelSelector=" + selector);
    }

    private static void answer(HttpExchange exchange, int status, String pods) throws IOException {
        var body = pods.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static String pods(List<String> running, List<String> leaving) {
        return Stream.concat(
                        running.stream().map(address -> pod(address, "{}")),
                        leaving.stream()
                                .map(address -> pod(address, "{\"deletionTimestamp\":\"2026-01-01T00:00:00Z\"}")))
                .collect(Collectors.joining(",", "{\"kind\":\"PodList\",\"items\":[", "]}"));
    }

    private static String pod(String address, String metadata) {
        return """
                {"metadata": %s,
                 "spec": {"containers": [{"name": "carillon", "ports": [{"name": "management", "containerPort": 8558}]}]},
                 "status": {"phase": "Running", "podIP": "%s", "containerStatuses": []}}"""
                .formatted(metadata, address);
    }

    /** What Kubernetes tells every pod. */
    Map<String, String> environment() {
        return Map.of(
                "KUBERNETES_SERVICE_HOST",
                ADDRESS.getHostAddress(),
                "KUBERNETES_SERVICE_PORT",
                String.valueOf(server.getAddress().getPort()));
    }

    Path certificate() {
        return folder.resolve("ca.crt");
    }

    Path token() {
        return folder.resolve("token");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
