package org.mxforge.runtime.task;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.json.JsonFields;
import org.mxforge.runtime.base.json.StrictJson;

/**
 * Runs programs that a model wrote, each in a Python process of its own, which has a limit of time and memory and in which, where the system
 * has namespaces for users, there is no network, no file can be written and no process be started. Safe for concurrent use.
 */
final class PythonJudge {
    /** Where the first works, nothing is left to wish; users other than root need no one else to be. */
    private static final List<List<String>> CAGES = List.of(
            words(
                    "setpriv --reuid=65534 --regid=65534 --clear-groups unshare --user --map-root-user --mount --net --ipc"
                            + " --pid --fork --kill-child=KILL --"),
            words("unshare --user --map-root-user --mount --net --ipc --pid --fork --kill-child=KILL --"),
            List.of());

    /** As Python's json reads it, numbers that are none included. */
    private static final JsonMapper JSON =
            JsonMapper.builder().disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS).build();

    private static final List<String> ISOLATED = List.of("network", "files", "processes");
    private static final int OLDEST_MINOR = 9;
    private static final int PROBE_SECONDS = 20;
    private static final long GRACE_SECONDS = 20;
    private static final int LONGEST_ANSWER = 1 << 16;

    private final List<String> command;
    private final WritingOptions options;
    private final String mounts;
    private final List<String> exposed;

    private PythonJudge(List<String> command, WritingOptions options, List<String> exposed) {
        this.command = command;
        this.options = options;
        this.exposed = List.copyOf(exposed);
        this.mounts = mounts();
    }

    /**
     * What came of a program.
     *
     * @param passed whether it passed each of its suites of tests
     * @param verdict in words
     */
    record Verdict(List<Boolean> passed, String verdict) {}

    /** Looks for a judge when the first task wants one, once: trying out what isolation works here takes a second or two. */
    static final class Finder {
        private final WritingOptions options;
        private PythonJudge found;

        Finder(WritingOptions options) {
            this.options = options;
        }

        /** As {@link PythonJudge#find}. */
        PythonJudge get() {
            if (found == null) {
                found = find(options);
            }
            return found;
        }
    }

    private static List<String> words(String line) {
        return List.of(line.split(" "));
    }

    /**
     * Finds Python and the strongest isolation that works here.
     *
     * @throws MxForgeException if there is no Python, or programs could not be cut off from something and the options do not allow that
     */
    static PythonJudge find(WritingOptions options) {
        List<String> pythons = pythons();
        if (pythons.isEmpty()) {
            throw noPython("there is no python3 on the PATH");
        }
        List<PythonJudge> judges = CAGES.stream()
                .flatMap(cage ->
                        pythons.stream().map(python -> new PythonJudge(command(cage, python), options, ISOLATED)))
                .toList();
        PythonJudge found = null;
        List<String> missing = ISOLATED;
        for (int i = 0; i < judges.size() && (found == null || !missing.isEmpty()); i++) {
            Optional<List<String>> open = judges.get(i).probe();
            if (open.isPresent() && (found == null || open.get().size() < missing.size())) {
                found = judges.get(i);
                missing = open.get();
            }
        }
        if (found == null) {
            throw noPython(String.join(", ", pythons) + " do not run or are older than 3." + OLDEST_MINOR);
        }
        if (!missing.isEmpty() && !options.unisolated()) {
            throw new MxForgeException(
                    "programs that a model writes cannot be cut off here from "
                            + String.join(", ", missing)
                            + " (that needs namespaces for users, and unshare and setpriv of"
                            + " util-linux): run where that works, such as in a container, or allow it with --allow-unisolated");
        }
        return new PythonJudge(found.command, options, missing);
    }

    /** What programs are not cut off from here. */
    List<String> exposed() {
        return exposed;
    }

    /** All on the PATH: some may be scripts that need their user's environment, or lie where others must not look. */
    private static List<String> pythons() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, "python3"))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .distinct()
                .toList();
    }

    private static MxForgeException noPython(String why) {
        return new MxForgeException("programs that a model writes are run by Python, but " + why + ": install Python 3."
                + OLDEST_MINOR + " or later");
    }

    private static List<String> command(List<String> cage, String python) {
        List<String> command = new ArrayList<>(cage);
        command.addAll(List.of(python, "-I", "-c", source()));
        return command;
    }

    private static String source() {
        try (InputStream in = PythonJudge.class.getResourceAsStream("judge.py")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The mount namespace of this program; what a judge does to that of its own must not happen to it. */
    private static String mounts() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/ns/mnt")).toString();
        } catch (IOException e) {
            return "";
        }
    }

    /** What programs are not cut off from; empty where Python does not run. */
    private Optional<List<String>> probe() {
        try {
            Path folder = Files.createTempDirectory("mxforge-probe");
            try {
                folder.toFile().setWritable(true, false);
                ObjectNode job = job("probe").put("folder", folder.toString());
                return answer(job, PROBE_SECONDS).flatMap(PythonJudge::open);
            } finally {
                Files.deleteIfExists(folder.resolve("probe"));
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new MxForgeException("cannot try out how programs run: " + e.getMessage(), e);
        }
    }

    private static Optional<List<String>> open(JsonFields answer) {
        List<Integer> version = answer.integers("version", 0, Integer.MAX_VALUE);
        boolean recent = version.size() == 2 && version.get(0) == 3 && version.get(1) >= OLDEST_MINOR;
        return recent
                ? Optional.of(ISOLATED.stream()
                        .filter(part -> !answer.flag(part, false))
                        .collect(Collectors.toList()))
                : Optional.empty();
    }

    private ObjectNode job(String kind) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("kind", kind)
                .put("mounts", mounts)
                .put("seconds", options.seconds())
                .put("memory", options.memory());
    }

    /** Runs a program as it is, which is right if it ends well. */
    Verdict run(String program) {
        return verdict(job("program").put("program", program), 1);
    }

    /**
     * Compares the function that an answer defines with the right one.
     *
     * @param fields of EvalPlus's item: its name, function, solution, inputs and tolerance
     * @param solution right, whole
     * @param suites the fields with inputs, each with those before it
     */
    Verdict compare(JsonFields fields, String answer, String solution, List<String> suites) {
        ObjectNode job = job("compare")
                .put("text", answer)
                .put("canonical", solution)
                .put("entry", fields.text("entry_point"))
                .put("task", fields.text("task_id"))
                .put("mbpp", fields.text("task_id").startsWith("Mbpp/"));
        job.set("atol", fields.object().get("atol"));
        ArrayNode names = job.putArray("suites");
        for (String suite : suites) {
            names.add(suite);
            job.set(suite, fields.object().get(suite));
        }
        return verdict(job, suites.size());
    }

    private Verdict verdict(ObjectNode job, int suites) {
        String token = UUID.randomUUID().toString();
        Optional<JsonFields> answer = answer(job.put("token", token), options.seconds())
                .filter(fields -> token.equals(fields.text("token", "")));
        if (answer.isEmpty()) {
            // Ended by a limit, or by itself in a way that nothing survives.
            return new Verdict(Collections.nCopies(suites, false), "ended without a result, or too slow");
        }
        List<Boolean> passed = new ArrayList<>();
        answer.get().object().path("passed").forEach(suite -> passed.add(suite.asBoolean()));
        return new Verdict(passed, answer.get().text("verdict"));
    }

    /** What a process says about {@code job}; nothing where it ends otherwise. */
    private Optional<JsonFields> answer(ObjectNode job, int seconds) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(Path.of("/").toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        String path = System.getenv("PATH");
        builder.environment().clear();
        builder.environment().put("PATH", path);
        try {
            Process process = builder.start();
            // Later than its own clock, so that it can say so itself, and has time to begin on a busy machine.
            CompletableFuture<Process> ended = process.onExit().orTimeout(seconds + GRACE_SECONDS, TimeUnit.SECONDS);
            ended.whenComplete((any, late) -> {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            });
            try (OutputStream in = process.getOutputStream()) {
                in.write(JSON.writeValueAsBytes(job));
            } catch (IOException e) {
                // It ended before it had read all: there is no answer then.
            }
            String said = new String(process.getInputStream().readNBytes(LONGEST_ANSWER), StandardCharsets.UTF_8);
            ended.exceptionally(late -> process).join();
            return said.startsWith("{") ? Optional.of(StrictJson.parse("a judge's answer", said)) : Optional.empty();
        } catch (IOException e) {
            // Such as that there is no unshare here.
            return Optional.empty();
        }
    }
}
