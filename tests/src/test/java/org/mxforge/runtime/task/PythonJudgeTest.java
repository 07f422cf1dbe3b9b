package org.mxforge.runtime.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mxforge.runtime.base.MxForgeException;
import org.opentest4j.TestAbortedException;

/** Programs of all sorts, which come to what they should and to nothing else. */
class PythonJudgeTest {
    private static final WritingOptions OPTIONS = WritingOptions.defaults().withSeconds(3);
    private static final List<String> SUITES = List.of("base_input", "plus_input");

    private static PythonJudge judge;

    @TempDir
    static Path folder;

    @BeforeAll
    static void find() {
        try {
            judge = PythonJudge.find(OPTIONS);
        } catch (MxForgeException e) {
            System.err.println("SKIPPED: programs that models write are not run: " + e.getMessage());
            throw new TestAbortedException(e.getMessage());
        }
    }

    static Stream<Arguments> programs() {
        return Stream.of(
                Arguments.of("x = 1\nassert x == 1", true, "passed"),
                Arguments.of("assert False", false, "AssertionError"),
                Arguments.of("def f(:", false, "SyntaxError"),
                Arguments.of("print('a' * 1000000)", true, "passed"),
                Arguments.of("while True: pass", false, "too slow"),
                Arguments.of("import os\nwhile True: os.fork()", false, "BlockingIOError"),
                Arguments.of("import subprocess\nsubprocess.run(['sleep', '99'])", false, "Error"),
                Arguments.of("x = 'a' * (8 << 30)", false, "MemoryError"),
                Arguments.of("open('" + folder.resolve("evil") + "', 'w').write('x')", false, "Error"),
                Arguments.of("import os\nos.remove('/etc/hostname')", false, "Error"),
                Arguments.of("import socket\nsocket.create_connection(('127.0.0.1', 9), 1)", false, "OSError"),
                Arguments.of("import os\nos._exit(0)", false, "ended without a result"),
                Arguments.of("raise SystemExit(0)", false, "SystemExit"),
                Arguments.of("input()", false, "EOFError"),
                Arguments.of("def f(): f()\nf()", false, "RecursionError"));
    }

    @ParameterizedTest
    @MethodSource("programs")
    @Timeout(60)
    void programsDoNoHarm(String program, boolean passed, String verdict) {
        PythonJudge.Verdict result = judge.run(program);
        assertThat(result.passed()).containsExactly(passed);
        assertThat(result.verdict()).contains(verdict);
        assertThat(Files.exists(folder.resolve("evil"))).isFalse();
    }

    static Stream<Arguments> answers() {
        return Stream.of(
                Arguments.of("def twice(x):\n    return x + x\n", true, true),
                // Right for the base inputs alone.
                Arguments.of("def twice(x):\n    return 2 if x == 1 else 4\n", true, false),
                Arguments.of("def twice(x):\n    return 0\n", false, false),
                Arguments.of("def thrice(x):\n    return 3 * x\n", false, false),
                // Words around, helpers, tests that would fail, a call of what is not there.
                Arguments.of(
                        "Here you are, it's easy:\n```python\nimport math\nFACTOR = 2\n\ndef helper(x):\n    return FACTOR * x\n\n"
                                + "def twice(x):\n    return helper(x)\n\nassert twice(1) == 5\nundefined()\n```\nDone, isn't it?\n",
                        true,
                        true),
                Arguments.of("def twice(x):\n    while True: pass\n    return x\n", false, false),
                Arguments.of("", false, false));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void answersAreCutOutAndCompared(String answer, boolean base, boolean plus) {
        WrittenItem item =
                PlusPrograms.mbpp().read(new TaskData(TaskFiles.in(folder))).get(0);
        PythonJudge.Verdict verdict =
                judge.compare(item.fields(), answer, item.fields().text("canonical_solution"), SUITES);
        assertThat(verdict.passed()).as(verdict.verdict()).containsExactly(base, plus);
    }

    @Test
    void wallClockHasTheLastWord() {
        long start = System.nanoTime();
        // Deaf to its own alarm.
        PythonJudge.Verdict verdict =
                judge.run("import signal, time\nsignal.setitimer(signal.ITIMER_REAL, 0)\ntime.sleep(100)");
        assertThat(verdict.passed()).containsExactly(false);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(60));
    }
}
