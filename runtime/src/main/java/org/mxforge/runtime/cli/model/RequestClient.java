package org.mxforge.runtime.cli.model;

import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.mxforge.runtime.Request;
import org.mxforge.runtime.Scheduler;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.cli.model.RequestLoad.Drawn;
import org.mxforge.runtime.cli.model.RequestLoad.Fate;

/** Submits a load's requests in a thread of its own, and stops the scheduler behind the last; ends when that is stopped before. */
final class RequestClient implements Runnable {
    private final Scheduler scheduler;
    private final RequestLoad load;
    private final int vocabulary;
    private final RequestTally tally;
    private final Semaphore open;
    private final SplittableRandom random;

    RequestClient(Scheduler scheduler, RequestLoad load, int vocabulary, RequestTally tally) {
        this.scheduler = scheduler;
        this.load = load;
        this.vocabulary = vocabulary;
        this.tally = tally;
        this.open = new Semaphore(load.atOnce());
        this.random = new SplittableRandom(load.seed());
    }

    @Override
    public void run() {
        try {
            long next = System.nanoTime();
            for (int i = 0; i < load.requests(); i++) {
                if (load.rate() > 0) {
                    // Gaps of a Poisson process.
                    next += (long) (-Math.log(1 - random.nextDouble()) / load.rate() * 1e9);
                    for (long left = next - System.nanoTime(); left > 0; left = next - System.nanoTime()) {
                        LockSupport.parkNanos(left);
                    }
                }
                open.acquireUninterruptibly();
                submit(load.draw(i, vocabulary, random));
            }
        } catch (IllegalStateException stopped) {
            // What failed is told where the scheduler runs.
        } finally {
            scheduler.stop();
        }
    }

    private void submit(Drawn drawn) {
        Listener listener = new Listener(drawn);
        try {
            long start = System.nanoTime();
            Request request = scheduler.submitTokens(drawn.prompt(), drawn.options(), listener);
            listener.submitted(request);
            request.result().whenComplete((generation, failure) -> {
                tally.ended(request.state(), generation, System.nanoTime() - start);
                open.release();
            });
        } catch (MxForgeException refused) {
            tally.refused();
            open.release();
        }
    }

    /** Hears the tokens of a request, and does to it what is to become of it. */
    private final class Listener implements IntConsumer {
        private final Drawn drawn;
        private volatile Request request;
        private int heard;
        private long last;

        Listener(Drawn drawn) {
            this.drawn = drawn;
        }

        /** One that is cancelled before its first token is cancelled by the client. */
        void submitted(Request submitted) {
            request = submitted;
            if (drawn.fate() == Fate.CANCELLED && drawn.turn() == 0) {
                submitted.cancel();
            }
        }

        @Override
        public void accept(int token) {
            long now = System.nanoTime();
            if (heard > 0) {
                tally.nextToken(now - last);
            }
            last = now;
            if (heard++ == drawn.turn()) {
                if (drawn.fate() == Fate.FAILING) {
                    throw new IllegalStateException("this listener fails");
                }
                if (drawn.fate() == Fate.CANCELLED && request != null) {
                    request.cancel();
                }
            }
        }
    }
}
