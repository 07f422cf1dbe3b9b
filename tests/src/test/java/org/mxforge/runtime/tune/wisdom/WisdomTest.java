package org.mxforge.runtime.tune.wisdom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mxforge.runtime.tune.wisdom.Samples.KEY;
import static org.mxforge.runtime.tune.wisdom.Samples.LEGAL;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WisdomTest {
    @TempDir
    Path folder;

    private Wisdom open() {
        return Wisdom.open(folder, Samples.DEVICE);
    }

    @Test
    void everyRecordReadsBackAsItWasWritten() {
        List<WisdomRecord> records = List.of(
                Samples.trial(LEGAL.get(0), 1.25),
                Samples.failure(
                        LEGAL.get(1), WisdomRecord.Outcome.Status.COMPILE, "error: \"x\" \\ \u00e9\nsecond line"),
                Samples.winner(LEGAL.get(2), 3));
        Wisdom wisdom = open();
        records.forEach(wisdom::append);
        assertThat(open().records(KEY)).isEqualTo(records);
        assertThat(open().skipped()).isZero();
    }

    @Test
    void nothingIsWrittenByReading() {
        assertThat(open().winner(KEY)).isEmpty();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void theNewestCompleteSearchWins() {
        Wisdom wisdom = open();
        wisdom.append(Samples.trial(LEGAL.get(4), 0.1));
        assertThat(wisdom.winner(KEY)).as("a trial alone ends no search").isEmpty();
        wisdom.append(Samples.winner(LEGAL.get(0), 5));
        wisdom.append(Samples.winner(LEGAL.get(1), 4));
        assertThat(open().winner(KEY).orElseThrow().variant()).isEqualTo(LEGAL.get(1));
        wisdom.append(Samples.winner(LEGAL.get(2), LEGAL.size()));
        wisdom.append(Samples.winner(LEGAL.get(3), 7));
        assertThat(open().winner(KEY).orElseThrow().variant()).isEqualTo(LEGAL.get(2));
        wisdom.append(Samples.winner(LEGAL.get(3), LEGAL.size()));
        assertThat(open().winner(KEY).orElseThrow().variant()).isEqualTo(LEGAL.get(3));
    }

    @Test
    void winnersAreShownWithTheTimeThatTheyWonWith() {
        WisdomRecord early = Samples.trial(LEGAL.get(0), 9);
        WisdomRecord other = Samples.trial(LEGAL.get(1), 5);
        WisdomRecord decided = Samples.trial(LEGAL.get(0), 4);
        WisdomRecord winner = decided.winning(new WisdomRecord.Coverage(2, 2));
        WisdomRecord elsewhere = Samples.winner(LEGAL.get(2), 2);
        assertThat(WisdomRecord.trials(List.of(early, other, winner, elsewhere)))
                .containsExactly(winner, other);
        assertThat(WisdomRecord.trials(List.of(early, winner, winner, other))).containsExactly(winner, winner, other);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "garbage",
                "{}",
                "[1]",
                "{\"v\":3}",
                "{\"v\":1,\"whatever\":true}",
                "{\"v\":3,\"v\":3}",
                "{\"a\":{\"b\":{\"c\":{\"d\":1}}}}",
                "\u0000\u0001"
            })
    void aLineThatIsNotUnderstoodIsSkippedAndCounted(String line) throws IOException {
        Wisdom wisdom = open();
        wisdom.append(Samples.winner(LEGAL.get(0), 1));
        Files.writeString(wisdom.path(), line + "\n", StandardOpenOption.APPEND);
        wisdom.append(Samples.winner(LEGAL.get(1), 1));
        Wisdom again = open();
        assertThat(again.skipped()).isEqualTo(1);
        assertThat(again.winner(KEY).orElseThrow().variant()).isEqualTo(LEGAL.get(1));
        assertThat(Files.readString(wisdom.path()))
                .as("the file is left as it was")
                .contains(line);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"correct\" -> \"compile\"",
                "\"correct\" -> \"wonderful\"",
                "\"median_ms\":1.0 -> \"median_ms\":-1.0",
                "\"median_ms\":1.0 -> \"median_ms\":\"1.0\"",
                "\"samples\":1 -> \"samples\":0",
                "\"samples\":1 -> \"samples\":1e99",
                "\"tried\":3 -> \"tried\":3000000",
                "bk= -> bk=7",
                "m512 -> m500",
                "densegemm/v1 -> densegemm/v9",
                "Fake 3000 -> Fake 4000",
                "2026-01-02 -> 2026-31-02",
                "\"tool\" -> \"fool\"",
                "\"options\" -> \"opinions\"",
                "\"plan\" -> \"plane\"",
                "} -> } {}"
            })
    void oneWrongFieldSpoilsALine(String change) throws IOException {
        Wisdom wisdom = open();
        wisdom.append(Samples.winner(LEGAL.get(0), 3));
        String[] fromTo = change.split(" -> ");
        String line = Files.readString(wisdom.path());
        assertThat(line).contains(fromTo[0]);
        Files.writeString(wisdom.path(), line.replace(fromTo[0], fromTo[1]));
        assertThat(open().skipped()).isEqualTo(1);
        assertThat(open().winner(KEY)).isEmpty();
    }

    @Test
    void aLineCutShortByACrashCostsOnlyItself() throws IOException {
        Wisdom wisdom = open();
        wisdom.append(Samples.winner(LEGAL.get(0), 1));
        byte[] whole = Files.readAllBytes(wisdom.path());
        Files.write(wisdom.path(), java.util.Arrays.copyOf(whole, whole.length / 2));
        wisdom.append(Samples.winner(LEGAL.get(1), 1));
        assertThat(open().skipped()).isEqualTo(1);
        assertThat(open().records(KEY)).containsExactly(Samples.winner(LEGAL.get(1), 1));
    }

    @Test
    void anEndlessLineIsSkippedWithoutBeingHeld() throws IOException {
        Wisdom wisdom = open();
        wisdom.append(Samples.winner(LEGAL.get(0), 1));
        Files.writeString(wisdom.path(), "x".repeat(3_000_000) + "\n", StandardOpenOption.APPEND);
        assertThat(open().skipped()).isEqualTo(1);
        assertThat(open().records(KEY)).hasSize(1);
    }

    @Test
    void writersAtTheSameTimeKeepEachOthersLines() throws InterruptedException, ExecutionException {
        int writers = 4;
        int lines = 50;
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < writers; i++) {
                Wisdom wisdom = open();
                running.add(threads.submit(() -> {
                    for (int line = 0; line < lines; line++) {
                        wisdom.append(Samples.trial(LEGAL.get(line % LEGAL.size()), 1));
                    }
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(open().records(KEY)).hasSize(writers * lines);
        assertThat(open().skipped()).isZero();
    }

    @Test
    void aFolderThatCannotBeWrittenCostsTheFileOnly() throws IOException {
        Path inTheWay = Files.writeString(folder.resolve("file"), "");
        Wisdom wisdom = Wisdom.open(inTheWay.resolve("wisdom"), Samples.DEVICE);
        wisdom.append(Samples.winner(LEGAL.get(0), 1));
        assertThat(wisdom.winner(KEY)).isPresent();
    }
}
