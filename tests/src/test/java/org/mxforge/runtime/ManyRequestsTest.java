package org.mxforge.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.runtime.Request.State;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.options.GenerationOptions;
import org.mxforge.runtime.base.options.SchedulerOptions;

/** Requests of random lengths from several threads, cancelled and failing ones among them. */
class ManyRequestsTest {
    private static final int THREADS = 3;
    private static final int REQUESTS_OF_A_THREAD = 400;
    private static final SchedulerOptions OPTIONS = SchedulerOptions.defaults()
            .withSequences(12)
            .withCache(100, 500)
            .withStepTokens(48)
            .withQueue(30);

    @TempDir
    private Path folder;

    /** A request that may be answered, and how often it was. */
    private record Submitted(Request request, int[] prompt, GenerationOptions options, AtomicInteger answers) {}

    private final ConcurrentLinkedQueue<Submitted> submitted = new ConcurrentLinkedQueue<>();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger clients = new AtomicInteger(THREADS);

    private void submitAll(Scheduler scheduler, int seed) {
        Random random = new Random(seed);
        List<Request> own = new ArrayList<>();
        for (int i = 0; i < REQUESTS_OF_A_THREAD; ) {
            int[] prompt = random.ints(random.nextInt(60), 0, 512).toArray();
            int most = 1 + random.nextInt(20);
            float temperature = random.nextInt(3) * 0.6f;
            GenerationOptions options = new GenerationOptions(most, temperature, 0.9f, random.nextLong());
            int failsAt = random.nextInt(10) == 0 ? random.nextInt(most) : -1;
            int[] heard = {0};
            try {
                Request request = scheduler.submit(prompt, options, piece -> {
                    if (heard[0]++ == failsAt) {
                        throw new IllegalStateException("this listener fails");
                    }
                });
                AtomicInteger answers = new AtomicInteger();
                request.result().whenComplete((generation, failure) -> answers.incrementAndGet());
                submitted.add(new Submitted(request, prompt, options, answers));
                own.add(request);
                i++;
            } catch (MxForgeException e) {
                if (e.getMessage().contains("wait already")) {
                    LockSupport.parkNanos(1_000_000);
                } else {
                    assertThat(prompt).isEmpty();
                    refused.incrementAndGet();
                    i++;
                }
            }
            if (random.nextInt(8) == 0 && !own.isEmpty()) {
                own.get(own.size() - 1 - random.nextInt(Math.min(own.size(), 20)))
                        .cancel();
            }
        }
        if (clients.decrementAndGet() == 0) {
            scheduler.stop();
        }
    }

    @Test
    void everyoneIsAnsweredOnceAndNothingIsLost() throws InterruptedException {
        AtomicReference<Throwable> broken = new AtomicReference<>();
        try (ServedModel served = ServedModel.open(folder)) {
            Scheduler scheduler = served.model().scheduler(OPTIONS);
            for (int i = 0; i < THREADS; i++) {
                int seed = i;
                Thread client = new Thread(() -> submitAll(scheduler, seed), "client");
                client.setUncaughtExceptionHandler((thread, failure) -> {
                    broken.set(failure);
                    scheduler.stop();
                });
                client.start();
            }
            scheduler.run();
            assertThat(broken.get()).isNull();
            Scheduler.Load load = scheduler.load();
            assertThat(load.waiting() + load.running()).isZero();
            assertThat(load.freeTokens()).isEqualTo(load.cacheTokens());
            assertThat(submitted.size() + refused.get()).isEqualTo(THREADS * REQUESTS_OF_A_THREAD);
            assertThat(submitted).allMatch(one -> one.answers().get() == 1);
            assertThat(submitted.stream().map(one -> one.request().state()).distinct())
                    .containsExactlyInAnyOrder(State.FINISHED, State.CANCELLED, State.FAILED);
            assertAsAlone(served.model());
        }
    }

    private void assertAsAlone(Model model) {
        try (Scheduler one = model.scheduler(OPTIONS.withSequences(1).withStepTokens(100))) {
            submitted.stream()
                    .filter(sample -> sample.request().state() == State.FINISHED)
                    .limit(60)
                    .forEach(sample -> {
                        Generation beside = sample.request().result().join();
                        Request alone = one.submit(sample.prompt(), sample.options(), piece -> {});
                        one.finish();
                        assertThat(beside.ids()).isEqualTo(alone.result().join().ids());
                        assertThat(beside.text())
                                .isEqualTo(alone.result().join().text());
                        assertThat(beside.end()).isEqualTo(alone.result().join().end());
                    });
        }
    }
}
