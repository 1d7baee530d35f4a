package dev.carillon.node.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.MDC;

/** What the log of a node looks like, by its own {@code logback.xml}. */
class LogLinesTest {

    private interface Saying {
        void to(Logger log);
    }

    @Test
    void are_json_when_asked_for_with_the_ids_of_whose_line_it_is() throws Exception {
        var line = json(log -> {
            MDC.put("call", "west-1772352000.17");
            MDC.put("akkaSource", "akka://carillon/system/sharding/Call");
            try {
                log.warn("It was {}", "late");
            } finally {
                MDC.clear();
            }
        });

        assertThat(Instant.parse(line.path("time").asText())).isNotNull();
        assertThat(line.path("level").asText()).isEqualTo("WARN");
        assertThat(line.path("logger").asText()).isEqualTo("dev.carillon.Somebody");
        assertThat(line.path("thread").asText()).isNotEmpty();
        assertThat(line.path("message").asText()).isEqualTo("It was late");
        assertThat(line.path("call").asText()).isEqualTo("west-1772352000.17");
        assertThat(line.has("akkaSource")).isFalse();
        assertThat(line.has("exception")).isFalse();
    }

    @Test
    void of_json_have_no_personal_numbers_in_message_or_stack_trace() throws Exception {
        var line =
                json(log -> log.error("No way to +492215550199", new IllegalStateException("callerNumber=4711, id=1")));

        assertThat(line.path("message").asText()).isEqualTo("No way to ***");
        assertThat(line.path("exception").asText())
                .startsWith("java.lang.IllegalStateException: callerNumber=***, id=1")
                .contains(LogLinesTest.class.getName());
    }

    @Test
    void of_text_have_none_either() throws Exception {
        var said = said(
                "text",
                log -> log.error("No way to +492215550199", new IllegalStateException("callerNumber=4711, id=1")));

        assertThat(said).contains("ERROR", "No way to ***", "callerNumber=***, id=1", LogLinesTest.class.getName());
        assertThat(said).doesNotContain("555", "4711");
    }

    private static JsonNode json(Saying saying) throws JoranException, JsonProcessingException {
        var said = said("json", saying);
        assertThat(said.lines()).hasSize(1);
        return new JsonMapper().readTree(said);
    }

    private static String said(String format, Saying saying) throws JoranException {
        var terminal = System.out;
        var written = new ByteArrayOutputStream();
        var loggers = new LoggerContext();
        System.setOut(new PrintStream(written, true, UTF_8));
        try {
            loggers.putProperty("CARILLON_LOG_FORMAT", format);
            var configurator = new JoranConfigurator();
            configurator.setContext(loggers);
            configurator.doConfigure(Path.of("src/main/resources/logback.xml").toFile());
            saying.to(loggers.getLogger("dev.carillon.Somebody"));
            loggers.stop();
        } finally {
            System.setOut(terminal);
        }
        return written.toString(UTF_8);
    }
}
