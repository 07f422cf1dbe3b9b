package org.mxforge.runtime.exec.cpu;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/**
 * A fixed team of threads that share numbered tasks; the calling thread is one of them. Idle threads sleep. Not safe for
 * concurrent use.
 */
final class CpuExecutor implements AutoCloseable {
    private final int threads;
    private final ExecutorService helpers;

    CpuExecutor(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("a CPU backend needs at least one thread, not " + threads);
        }
        this.threads = threads;
        AtomicInteger number = new AtomicInteger(1);
        this.helpers = Executors.newFixedThreadPool(Math.max(1, threads - 1), task -> {
            Thread thread = new Thread(task, "mxforge-cpu-" + number.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        });
    }

    int threads() {
        return threads;
    }

    /** Runs {@code task} for 0 .. tasks-1, each once, in any order; returns when all are done and throws what one of them threw. */
    void run(int tasks, IntConsumer task) {
        int helping = Math.min(threads, tasks) - 1;
        if (helping <= 0) {
            for (int i = 0; i < tasks; i++) {
                task.accept(i);
            }
            return;
        }
        AtomicInteger next = new AtomicInteger();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Runnable worker = () -> {
            try {
                for (int i = next.getAndIncrement(); i < tasks; i = next.getAndIncrement()) {
                    task.accept(i);
                }
            } catch (RuntimeException | Error e) {
                failure.compareAndSet(null, e);
                next.set(tasks);
            }
        };
        CountDownLatch done = new CountDownLatch(helping);
        for (int i = 0; i < helping; i++) {
            helpers.execute(() -> {
                worker.run();
                done.countDown();
            });
        }
        worker.run();
        await(done);
        rethrow(failure.get());
    }

    /** Cuts {@code count} items into runs of at least {@code grain}, a few for each thread, and runs {@code task} on each. */
    void ranges(int count, int grain, Range task) {
        int pieces = Math.max(1, Math.min(count / Math.max(1, grain), 4 * threads));
        run(pieces, i -> {
            int begin = (int) ((long) count * i / pieces);
            int end = (int) ((long) count * (i + 1) / pieces);
            task.run(begin, end);
        });
    }

    /** Work on the items {@code begin .. end-1}. */
    @FunctionalInterface
    interface Range {
        void run(int begin, int end);
    }

    private static void await(CountDownLatch done) {
        boolean interrupted = false;
        while (true) {
            try {
                done.await();
                break;
            } catch (InterruptedException e) {
                // The helpers still write into the caller's arrays: leaving now would hand out half-written results.
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void rethrow(Throwable failure) {
        if (failure instanceof RuntimeException exception) {
            throw exception;
        }
        if (failure instanceof Error error) {
            throw error;
        }
    }

    @Override
    public void close() {
        helpers.shutdown();
    }
}
