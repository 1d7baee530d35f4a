package dev.carillon.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of the machine that does its work at once. */
final class Command {

    private static final long LIMIT_SECONDS = 20;

    /** @throws ChaosFailure when it fails, with what it said */
    static void run(String... words) {
        var said = tell(words);
        if (said.code() != 0) {
            throw new ChaosFailure(
                    String.join(" ", words) + " failed: " + said.text().strip());
        }
    }

    /** Whether it could be run, and ended well. */
    static boolean succeeds(String... words) {
        try {
            return tell(words).code() == 0;
        } catch (ChaosFailure e) {
            return false;
        }
    }

    private record Said(int code, String text) {}

    private static Said tell(String... words) {
        try {
            var process =
                    new ProcessBuilder(List.of(words)).redirectErrorStream(true).start();
            process.getOutputStream().close();
            var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new ChaosFailure(String.join(" ", words) + " has not ended after " + LIMIT_SECONDS + " s");
            }
            return new Said(process.exitValue(), text);
        } catch (IOException e) {
            throw new ChaosFailure(String.join(" ", words) + " cannot be run: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChaosFailure("Interrupted.", e);
        }
    }

    private Command() {}
}
