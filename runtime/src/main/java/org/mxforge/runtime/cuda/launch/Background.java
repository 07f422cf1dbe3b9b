package org.mxforge.runtime.cuda.launch;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Compiles that nobody waits for yet. The process must not end amid one: the compiler is native code and would crash. */
final class Background implements AutoCloseable {
    private static final int LONGEST_COMPILE_SECONDS = 60;

    private final ThreadPoolExecutor threads = threads();

    private static ThreadPoolExecutor threads() {
        int count = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
        var pool = new ThreadPoolExecutor(count, count, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
            Thread thread = new Thread(work, "kernel compiler");
            thread.setDaemon(true);
            return thread;
        });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Does {@code work} some time; what it throws is lost. */
    public void run(Runnable work) {
        threads.submit(work);
    }

    /** Forgets what has not begun and waits for what has. */
    @Override
    public void close() {
        // Not interrupted: that would break a cache entry off in the middle of its writing.
        threads.getQueue().clear();
        threads.shutdown();
        try {
            threads.awaitTermination(LONGEST_COMPILE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
