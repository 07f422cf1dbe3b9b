package org.mxforge.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.runtime.base.MxForgeException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class FailuresTest {
    @Command(name = "program")
    private static final class Program {}

    /** A command that fails. */
    @Command(name = "fail")
    private record Failing(Throwable failure) implements Callable<Integer> {
        @Override
        public Integer call() throws Exception {
            if (failure instanceof Error error) {
                throw error;
            }
            throw (Exception) failure;
        }
    }

    private static CommandRun run(Throwable failure) {
        Failures failures = new Failures(() -> false);
        return CommandRun.of(
                new CommandLine(new Program())
                        .addSubcommand(new Failing(failure))
                        .setExecutionStrategy(failures::run)
                        .setExecutionExceptionHandler(failures::execution),
                "fail");
    }

    static Arguments[] faults() {
        return new Arguments[] {
            Arguments.of(new OutOfMemoryError("Java heap space"), "-Xmx"),
            Arguments.of(new OutOfMemoryError("Cannot reserve 8 bytes of direct buffer memory"), "MaxDirectMemorySize"),
            Arguments.of(new OutOfMemoryError("Map failed"), "ulimit -v"),
            Arguments.of(new OutOfMemoryError("unable to create native thread"), "ulimit -u"),
            Arguments.of(new OutOfMemoryError(), "-Xmx"),
            Arguments.of(new IllegalStateException(new ExecutionException(new OutOfMemoryError("x"))), "-Xmx"),
            Arguments.of(new MxForgeException("8 bytes wanted", new OutOfMemoryError("x")), "8 bytes wanted"),
            Arguments.of(new ArithmeticException("integer overflow"), "larger than this program can hold"),
            Arguments.of(new StackOverflowError(), "-Xss"),
            Arguments.of(new ExceptionInInitializerError(new IllegalStateException("no\nfile")), "no file"),
            Arguments.of(new NoClassDefFoundError("a/B"), "a/B"),
            Arguments.of(new UnsatisfiedLinkError("libx.so"), "libx.so"),
            Arguments.of(
                    new InternalError("a fault occurred in a recent unsafe memory access operation"), "became shorter"),
            Arguments.of(new InternalError("odd"), "odd"),
        };
    }

    @ParameterizedTest
    @MethodSource("faults")
    void errorsOfTheMachineAreOneSentenceAndACodeOfTheirOwn(Throwable failure, String named) {
        CommandRun run = run(failure);
        assertThat(run.err()).startsWith("mxforge: ").contains(named).doesNotContain("\tat ");
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.code()).isEqualTo(71);
    }

    /** Such as a file whose header names an impossible shape. */
    @Test
    void whoCaughtAnOverflowKnowsMoreThanItSays() {
        CommandRun run = run(new MxForgeException("tensor 'w' is too large", new ArithmeticException("long overflow")));
        assertThat(run.err().strip()).isEqualTo("mxforge: tensor 'w' is too large");
        assertThat(run.code()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"assertion", "illegal"})
    void faultsOfTheProgramAreInternal(String kind) {
        CommandRun run =
                run(kind.equals("assertion") ? new AssertionError("odd") : new IllegalArgumentException("odd"));
        assertThat(run.err()).startsWith("mxforge: internal error: ").contains("odd");
        assertThat(run.code()).isEqualTo(70);
    }

    @Test
    void aSentenceForTheUserStays() {
        CommandRun run = run(new MxForgeException("choose another name", new UnsatisfiedLinkError("libcuda.so")));
        assertThat(run.err().strip()).isEqualTo("mxforge: choose another name");
        assertThat(run.code()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Java heap space", "Map failed"})
    void errorsBeforeAnyCommandAreReportedAlike(String message) {
        StringWriter err = new StringWriter();
        CommandLine command = new CommandLine(new Program()).setErr(new PrintWriter(err, true));
        assertThat(new Failures(() -> false).report(new OutOfMemoryError(message), command, List.of()))
                .isEqualTo(71);
        assertThat(err.toString()).startsWith("mxforge: out of memory");
    }
}
