package dev.carillon.node;

import dev.carillon.api.DecisionHooks;
import dev.carillon.cluster.ClusterEntities;
import dev.carillon.node.metrics.Latencies;
import dev.carillon.node.metrics.Sampled;
import dev.carillon.readmodel.ProjectionFigures;
import dev.carillon.telephony.Admission;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** What the parts of a node count by themselves: for {@code GET /figures}, and for Prometheus. */
record Counted(
        DatabaseWatch database,
        ClusterEntities entities,
        Latencies journalWrites,
        Latencies boxAnswers,
        ProjectionFigures records,
        Supplier<Admission.State> newCalls,
        DecisionHooks.Figures hooks) {

    private static final String NEW_CALLS = "carillon.new-calls";
    private static final String ABOUT_NEW_CALLS = "New calls at the boxes of this node, by whether they were let in";

    private static final String RECORDS = "carillon.call-records";
    private static final String ABOUT_RECORDS = "Ends of calls, by what became of their record";
    private static final String JOURNAL = "carillon.journal.failures";
    private static final String ABOUT_JOURNAL = "Writes to and reads of an entity's journal that came to nothing";
    private static final String HOOKS = "carillon.hook.questions";
    private static final String ABOUT_HOOKS = "Questions to decision hooks, by what became of them";

    /** In a fixed order. */
    Map<String, Long> figures() {
        var figures = new LinkedHashMap<String, Long>();
        figures.put("failedDecisions", entities.failures());
        figures.put("databaseOutages", database.outages());
        database.writes().into(figures, "databaseLooks", "databaseWrite");
        journalWrites.summary().into(figures, "journalWrites", "journalWrite");
        figures.put("journalWritesFailed", entities.journal().writesFailed());
        figures.put("journalReadsFailed", entities.journal().readsFailed());
        boxAnswers.summary().into(figures, "boxAnswers", "boxAnswer");
        figures.put("callRecordsWritten", records.recorded());
        figures.put("callRecordsRepeated", records.repeated());
        figures.put("callRecordsSetAside", records.setAside());
        figures.put("callRecordBreaks", records.failures());
        figures.put("callRecordsRepaired", records.repaired());
        figures.put("callsWoken", records.woken());
        var calls = newCalls.get();
        figures.put("newCallsAdmitted", calls.admitted());
        figures.put("newCallsRefused", calls.refused());
        figures.put("newCallsRefusedNow", calls.refusing() ? 1L : 0L);
        figures.put("newCallsPerSecondCarried", Math.round(calls.capacity()));
        figures.put("hooksAsked", hooks.asked());
        figures.put("hooksAnswered", hooks.answered());
        figures.put("hooksLate", hooks.late());
        figures.put("hooksFailed", hooks.failed());
        figures.put("hooksSkipped", hooks.skipped());
        return figures;
    }

    void follow(Sampled sampled) {
        sampled.follow(
                        "carillon.failed-decisions",
                        "Messages to entities that failed by a fault of the program",
                        entities::failures)
                .follow("carillon.database.outages", "How often the database could not be written", database::outages)
                .follow(JOURNAL, ABOUT_JOURNAL, "what", "write", entities.journal()::writesFailed)
                .follow(JOURNAL, ABOUT_JOURNAL, "what", "read", entities.journal()::readsFailed)
                .follow(RECORDS, ABOUT_RECORDS, "result", "written", records::recorded)
                .follow(RECORDS, ABOUT_RECORDS, "result", "repeated", records::repeated)
                .follow(RECORDS, ABOUT_RECORDS, "result", "set-aside", records::setAside)
                .follow(RECORDS, ABOUT_RECORDS, "result", "repaired", records::repaired)
                .follow("carillon.call-record.breaks", "How often the making of records broke off", records::failures)
                .follow("carillon.calls.woken", "Calls without a record that were told to carry on", records::woken)
                .follow(NEW_CALLS, ABOUT_NEW_CALLS, "result", "admitted", () -> newCalls.get()
                        .admitted())
                .follow(NEW_CALLS, ABOUT_NEW_CALLS, "result", "refused", () -> newCalls.get()
                        .refused())
                .follow(HOOKS, ABOUT_HOOKS, "result", "answered", hooks::answered)
                .follow(HOOKS, ABOUT_HOOKS, "result", "late", hooks::late)
                .follow(HOOKS, ABOUT_HOOKS, "result", "failed", hooks::failed)
                .follow(HOOKS, ABOUT_HOOKS, "result", "skipped", hooks::skipped);
    }
}
