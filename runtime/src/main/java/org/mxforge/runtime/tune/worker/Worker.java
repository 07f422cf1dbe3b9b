package org.mxforge.runtime.tune.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.tune.search.TuningDevice.Trial;

/** One worker process, as this process sees it. Dead once it ended by itself, was silent for too long, or said it is lost. */
final class Worker implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final int ENDING_SECONDS = 10;

    private final Process process;
    private final BlockingQueue<Optional<String>> answers = new LinkedBlockingQueue<>();

    private Worker(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read, "trial worker's answers");
        reader.setDaemon(true);
        reader.start();
    }

    static Worker start(WorkerLauncher launcher) {
        try {
            return new Worker(launcher.start());
        } catch (IOException e) {
            throw new MxForgeException("a process for trials cannot be started: " + e.getMessage(), e);
        }
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                answers.add(Optional.of(line));
            }
        } catch (IOException e) {
            // The process is gone: the same as its end.
        } finally {
            answers.add(Optional.empty());
        }
    }

    boolean lives() {
        return process.isAlive();
    }

    /**
     * Asks and waits for the answer.
     *
     * @throws Trial.Timeout if it does not come within {@code patience}
     * @throws MxForgeException if the process ended, or answers that it failed
     * @throws IllegalArgumentException if it answers that it refuses
     */
    JsonNode ask(JsonNode request, Duration patience) {
        try {
            TrialServer.write(process.getOutputStream(), request);
        } catch (IOException e) {
            throw ended();
        }
        return judged(answer(patience));
    }

    private JsonNode answer(Duration patience) {
        try {
            Optional<String> line = answers.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (line == null) {
                close();
                throw new Trial.Timeout("took longer than " + patience.toSeconds() + " s and was stopped");
            }
            return JSON.readTree(line.orElseThrow(this::ended));
        } catch (IOException e) {
            close();
            throw new MxForgeException("the process for trials gave a senseless answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MxForgeException("the wait for a trial was interrupted", e);
        }
    }

    private JsonNode judged(JsonNode answer) {
        if (answer.has(Words.LOST)) {
            close();
        }
        if (answer.has(Words.REFUSED)) {
            throw new IllegalArgumentException(answer.get(Words.REFUSED).asText());
        }
        if (answer.has(Words.FAILED)) {
            throw new MxForgeException(answer.get(Words.FAILED).asText());
        }
        return answer;
    }

    private MxForgeException ended() {
        boolean over = waitForEnd();
        close();
        return new MxForgeException(
                over
                        ? "the process for trials ended with code " + process.exitValue()
                        : "the process for trials does not answer any more");
    }

    private boolean waitForEnd() {
        try {
            return process.waitFor(ENDING_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        // What it held of the GPU should be free before another one is started.
        waitForEnd();
    }
}
