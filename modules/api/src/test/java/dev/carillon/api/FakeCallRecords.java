package dev.carillon.api;

import dev.carillon.store.CallRecord;
import dev.carillon.store.CallRecords;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Call records in memory; the cursor is the index of the next record. Remembers what it was asked, and on which thread. */
final class FakeCallRecords implements CallRecords {

    record Asked(Filter filter, String cursor, int limit) {}

    final List<CallRecord> records = new CopyOnWriteArrayList<>();
    final List<Asked> asked = new CopyOnWriteArrayList<>();
    final List<String> threads = new CopyOnWriteArrayList<>();
    volatile RuntimeException broken;

    @Override
    public Optional<CallRecord> find(String callId) {
        work();
        return records.stream().filter(record -> record.callId().equals(callId)).findFirst();
    }

    @Override
    public Page list(Filter filter, String cursor, int limit) {
        work();
        asked.add(new Asked(filter, cursor, limit));
        var from = cursor == null ? 0 : index(cursor);
        var to = Math.min(records.size(), from + limit);
        return new Page(records.subList(from, to), to < records.size() ? Integer.toString(to) : null);
    }

    private static int index(String cursor) {
        try {
            return Integer.parseInt(cursor);
        } catch (NumberFormatException e) {
            throw new InvalidCursor();
        }
    }

    private void work() {
        threads.add(Thread.currentThread().getName());
        if (broken != null) {
            throw broken;
        }
    }
}
