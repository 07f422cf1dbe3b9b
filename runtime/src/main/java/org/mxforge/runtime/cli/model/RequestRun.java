package org.mxforge.runtime.cli.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.OptionalLong;
import org.mxforge.runtime.Engine;
import org.mxforge.runtime.Model;
import org.mxforge.runtime.Scheduler;
import org.mxforge.runtime.base.ByteSize;
import org.mxforge.runtime.base.options.SchedulerOptions;
import org.mxforge.runtime.cli.console.Console;

/**
 * A load that was run.
 *
 * @param tally what became of its requests
 * @param end what the scheduler had done and had left, with none open
 * @param seconds from the first request to the end of the last
 * @param memory that the program had taken of a GPU's before the scheduler was opened, when it was ready, when its work was done, and when
 *     it was closed
 */
record RequestRun(RequestTally tally, Scheduler.Load end, double seconds, OptionalLong... memory) {
    /** Runs {@code load} on {@code model}; the engine's thread calls this. */
    static RequestRun of(Engine engine, Model model, SchedulerOptions options, RequestLoad load)
            throws InterruptedException {
        RequestTally tally = new RequestTally();
        OptionalLong before = engine.memory();
        OptionalLong ready;
        OptionalLong done;
        double seconds;
        Scheduler.Load end;
        try (Scheduler scheduler = model.scheduler(options)) {
            scheduler.tune();
            ready = engine.memory();
            RequestClient client =
                    new RequestClient(scheduler, load, model.folder().vocabulary(), tally);
            Thread thread = new Thread(client, "client");
            // It waits for requests to end, which they do not where the scheduler fails.
            thread.setDaemon(true);
            long start = System.nanoTime();
            thread.start();
            scheduler.run();
            seconds = (System.nanoTime() - start) / 1e9;
            thread.join();
            done = engine.memory();
            end = scheduler.load();
        }
        if (tally.ends() != load.requests() || end.freeTokens() != end.cacheTokens()) {
            throw new IllegalStateException(tally.ends() + " ends of " + load.requests() + " requests, and "
                    + end.freeTokens() + " of " + end.cacheTokens() + " tokens free: the scheduler lost one");
        }
        return new RequestRun(tally, end, seconds, before, ready, done, engine.memory());
    }

    /** Microseconds in which the device waited for the host before a step. */
    private double hostMicros() {
        return end.steps() == 0 ? 0 : end.hostTime().toNanos() / 1e3 / end.steps();
    }

    void show(Console console) {
        console.line(tally.sentence());
        console.line(tally.rates(seconds));
        console.table(tally.table());
        console.line(String.format(
                Locale.ROOT, "%,d steps, for each of which the device waited %.1f us", end.steps(), hostMicros()));
        if (memory[0].isPresent()) {
            console.line("GPU memory: " + text(memory[0]) + " before, " + text(memory[1]) + " ready, " + text(memory[2])
                    + " done, " + text(memory[3]) + " closed");
        }
    }

    private static String text(OptionalLong bytes) {
        return ByteSize.text(bytes.orElseThrow());
    }

    void putInto(ObjectNode document) {
        tally.putInto(document, seconds);
        document.put("steps", end.steps()).put("host_us_per_step", hostMicros());
        String[] names = {"memory_before_bytes", "memory_ready_bytes", "memory_done_bytes", "memory_closed_bytes"};
        for (int i = 0; i < names.length; i++) {
            document.put(names[i], memory[i].isPresent() ? (Long) memory[i].getAsLong() : null);
        }
    }
}
