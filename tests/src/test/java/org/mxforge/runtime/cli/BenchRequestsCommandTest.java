package org.mxforge.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.mxforge.runtime.model.Fixtures;

class BenchRequestsCommandTest {
    private static CommandRun run(Object... more) {
        Stream<Object> command = Stream.of(
                "bench", "requests", "--model", Fixtures.folder("fx-llama"), "--device", "cpu", "--tune", "off");
        return CommandRun.of(Stream.concat(command, Stream.of(more)).toArray());
    }

    private static Object[] small(Object... more) {
        Stream<Object> sizes = Stream.of(
                "--requests",
                60,
                "--prompt",
                "1-20",
                "--tokens",
                "2-9",
                "--sequences",
                5,
                "--context",
                64,
                "--cache-tokens",
                256,
                "--step-tokens",
                24,
                "--cancelled",
                0.2,
                "--faulty",
                0.2);
        return Stream.concat(sizes, Stream.of(more)).toArray();
    }

    @Test
    void everyRequestIsCounted() {
        JsonNode document = run(small("--json")).json();
        int sum = 0;
        for (String end : List.of("answered", "cancelled", "failed", "refused")) {
            assertThat(document.get(end).intValue()).as(end).isPositive();
            sum += document.get(end).intValue();
        }
        assertThat(sum).isEqualTo(60);
        for (String time : List.of("first_token_ms", "next_token_ms", "whole_request_ms")) {
            JsonNode times = document.get(time);
            assertThat(times.get("p50").doubleValue()).as(time).isPositive();
            assertThat(times.get("p50").doubleValue())
                    .isLessThanOrEqualTo(times.get("p95").doubleValue());
            assertThat(times.get("p99").doubleValue())
                    .isLessThanOrEqualTo(times.get("most").doubleValue());
        }
        assertThat(document.get("steps").intValue()).isPositive();
        assertThat(document.get("memory_closed_bytes").isNull()).isTrue();
    }

    @Test
    void theTextFitsATerminal() {
        CommandRun run = run(small("--rate", 2000, "--recipe", "mxfp4"));
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains("mxfp4", "P95", "first token", "2000.0 a second come, at most 5 are open", "steps");
        assertThat(run.out().lines().skip(1)).allMatch(line -> line.length() <= 80);
    }

    private static void refused(int code, String sentence, Object... more) {
        CommandRun run = run(more);
        assertThat(run.code()).as(run.err()).isEqualTo(code);
        assertThat(run.err()).startsWith("mxforge: ").contains(sentence).doesNotContain("\tat ");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void whatCannotBeMeasuredIsRefused() {
        refused(1, "there are 0 requests", "--requests", 0);
        refused(
                1,
                "up to 128 tokens and 64 new ones do not fit into the 100 of the scheduler's --context",
                "--context",
                100);
        refused(1, "do not fit into the 256 of the model's context", "--prompt", "250");
        refused(1, "the number of sequences of a scheduler is 0", "--sequences", 0);
        refused(1, "must be 0 or more and come to 1 at most", "--cancelled", 0.6, "--faulty", 0.6);
        refused(2, "'9-3' is no range of numbers: write it as 8-128", "--prompt", "9-3");
        refused(1, "the rate is -1.0 requests a second", "--rate", -1);
    }
}
