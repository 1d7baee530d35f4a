package dev.carillon.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

class ReportTest {

    private static final Latency.Percentiles SOME = new Latency.Percentiles(1_234, 5, 4.2, 9, 11, 19.5, 31.75, 40);

    @Test
    void the_page_is_well_formed_and_has_every_chart() throws Exception {
        var page = parsed(report(List.of()));

        assertThat(page.getElementsByTagName("svg").getLength()).isEqualTo(8);
        assertThat(page.getElementsByTagName("polyline").getLength()).isGreaterThan(8);
        assertThat(page.getElementsByTagName("body").item(0).getTextContent())
                .contains("300 calls a second for 10m", "19.5", "31.8", "25 %", "has one record");
    }

    @Test
    void the_page_needs_no_network_and_no_script() throws Exception {
        var page = parsed(report(List.of()));

        for (var kind : List.of("script", "link", "img", "iframe", "object")) {
            assertThat(page.getElementsByTagName(kind).getLength()).isZero();
        }
        assertThat(new ReportPage(report(List.of())).html().replace("http://www.w3.org/2000/svg", ""))
                .doesNotContain("http:")
                .doesNotContain("https:");
    }

    @Test
    void differences_are_shown_whatever_is_in_them() throws Exception {
        var page = parsed(report(List.of("Call <b>&amp;\"'\u0001 has no record")));

        assertThat(page.getElementsByTagName("li").item(0).getTextContent())
                .isEqualTo("Call <b>&amp;\"'? has no record");
    }

    @Test
    void a_report_without_anything_in_it_has_a_page_too() throws Exception {
        var none = new Latency.Percentiles(0, 0, 0, 0, 0, 0, 0, 0);
        var full = report(List.of());
        var empty = new LoadReport(
                full.startedAt(),
                full.asked(),
                full.where(),
                new LoadReport.Calls(0, 0, 0, 0, 0, 0, 0, 1, 0),
                new LoadReport.Latencies(none, none, none, none, none, none, none),
                new LoadReport.JournalFigures(
                        0, 0, 0, Map.of(), new Journal.Batches(0, 0, 0, 0, 0, 0), 0, WriteLimit.NONE, 0),
                List.of(),
                full.memory(),
                List.of(),
                List.of());

        assertThat(parsed(empty).getElementsByTagName("svg").getLength()).isEqualTo(8);
    }

    @Test
    void the_terminal_gets_the_figures_too() {
        var said = new StringWriter();
        new ReportText(new PrintWriter(said, true)).print(report(List.of("Call box-0-1 has no record")));

        assertThat(said.toString())
                .contains("1,000 calls: 970 answered, 29 abandoned", "299.5 calls/s carried at full flow (590 s of it)")
                .containsPattern("seat told to ring +p50 +4.2  p95 +11.0  p99 +19.5  p99.9 +31.8 ms")
                .contains("the run was at 25 % of that", "1 DIFFERENCES", "Call box-0-1 has no record")
                .doesNotContain("Every call has one record");
    }

    @Test
    void both_are_written_into_a_folder_of_their_own(@TempDir Path folder) throws Exception {
        var report = report(List.of());

        report.write(folder.resolve("a/b"));

        assertThat(new JsonMapper().readValue(folder.resolve("a/b/report.json").toFile(), LoadReport.class))
                .isEqualTo(report);
        assertThat(folder.resolve("a/b/report.html")).hasContent(new ReportPage(report).html());
    }

    @Test
    void scales_end_at_round_numbers() {
        assertThat(LineChart.roundedUp(0)).isEqualTo(1);
        assertThat(LineChart.roundedUp(0.7)).isEqualTo(1);
        assertThat(LineChart.roundedUp(1.1)).isEqualTo(2);
        assertThat(LineChart.roundedUp(230)).isEqualTo(250);
        assertThat(LineChart.roundedUp(500)).isEqualTo(500);
        assertThat(LineChart.roundedUp(5_001)).isEqualTo(10_000);
    }

    private static Document parsed(LoadReport report) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(new ReportPage(report).html().getBytes(StandardCharsets.UTF_8)));
    }

    private static LoadReport report(List<String> differences) {
        var limit = new WriteLimit.Measured(12_000, 12, 8, 5);
        return new LoadReport(
                "2026-01-01T00:00:00Z",
                new LoadReport.Asked("300", "10m", 10, 10, 4_800, "10s", "1m", 1, true),
                new LoadReport.Where("17", 2, 8L << 30, 1, List.of("-Xmx4g")),
                new LoadReport.Calls(1_000, 1_000, 970, 29, 1, 300, 299.5, 590, 3),
                new LoadReport.Latencies(SOME, SOME, SOME, SOME, SOME, SOME, SOME),
                new LoadReport.JournalFigures(
                        11_000,
                        3_000,
                        11,
                        Map.of("Call", 6_000L),
                        new Journal.Batches(900, 12.2, 11, 30, 38, 40),
                        400,
                        limit,
                        limit.share(3_000)),
                List.of(new LoadReport.ProcessFigures("node", 1, 1.2, 4, 1L << 30)),
                new LoadReport.Memory(1L << 29, 1L << 30, 1L << 30, 1L << 28, 5, 100, 0.02),
                List.of(
                        new LoadReport.Sample(2, 300, 0, 600, 3_000, SOME, SOME, SOME, Map.of("node", 1.0), 1L << 28),
                        new LoadReport.Sample(
                                4, 301, 250, 620, 3_100, SOME, SOME, SOME, Map.of("node", 1.2), 1L << 28)),
                differences);
    }
}
