package dev.carillon.acceptance.lab;

import dev.carillon.acceptance.sip.Sipp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** See {@link RequiresAsterisk}. */
final class AsteriskCondition implements ExecutionCondition {

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        var missing = new ArrayList<String>();
        if (Sipp.program().isEmpty()) {
            missing.add("no SIPp (apt-get install sip-tester)");
        }
        if (!asteriskIsThere()) {
            missing.add("no Asterisk (scripts/asterisk provide)");
        }
        if (missing.isEmpty()) {
            return ConditionEvaluationResult.enabled("Asterisk and SIPp are there");
        }
        var reason = String.join(", ", missing);
        if ("1".equals(System.getenv("CARILLON_REQUIRE_ASTERISK"))) {
            throw new IllegalStateException("CARILLON_REQUIRE_ASTERISK=1, but there is " + reason);
        }
        return ConditionEvaluationResult.disabled(reason);
    }

    // The places in which scripts/asterisk looks; it would make one that is missing, which takes minutes and root.
    private static boolean asteriskIsThere() {
        var cache = System.getenv("XDG_CACHE_HOME");
        var home = cache != null ? Path.of(cache) : Path.of(System.getProperty("user.home"), ".cache");
        return Stream.concat(
                        Stream.of(System.getenv("PATH").split(":", -1)).map(folder -> Path.of(folder, "asterisk")),
                        Stream.of(
                                Path.of("/usr/sbin/asterisk"),
                                Path.of("/usr/local/sbin/asterisk"),
                                home.resolve("carillon/asterisk-sid/usr/sbin/asterisk")))
                .anyMatch(Files::isExecutable);
    }
}
