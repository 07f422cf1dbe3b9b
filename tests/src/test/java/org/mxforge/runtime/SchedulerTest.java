package org.mxforge.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.runtime.Request.State;
import org.mxforge.runtime.base.CancelledException;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.base.options.GenerationOptions;
import org.mxforge.runtime.base.options.SchedulerOptions;

/** What those who submit requests may rely on. */
class SchedulerTest {
    private static final SchedulerOptions SMALL = SchedulerOptions.defaults()
            .withSequences(4)
            .withCache(64, 256)
            .withStepTokens(16)
            .withQueue(20);
    private static final GenerationOptions EIGHT = GenerationOptions.greedy(8);
    private static final Consumer<String> DEAF = piece -> {};

    @TempDir
    private Path folder;

    private ServedModel served;
    private Scheduler scheduler;
    private volatile boolean cancelled;

    @BeforeEach
    void open() {
        served = ServedModel.open(folder, new Progress() {
            @Override
            public boolean isCancelled() {
                return cancelled;
            }
        });
        scheduler = served.model().scheduler(SMALL);
    }

    @AfterEach
    void close() {
        cancelled = false;
        served.close();
    }

    private static int[] prompt(int length) {
        return IntStream.range(0, length).map(i -> 3 + i * 37 % 500).toArray();
    }

    private Request submit(int length, GenerationOptions options) {
        return scheduler.submit(prompt(length), options, DEAF);
    }

    private static void refused(ThrowingCallable call, String... words) {
        assertThatThrownBy(call).isInstanceOf(MxForgeException.class).hasMessageContainingAll(words);
    }

    private static Throwable failure(Request request) {
        CompletionException thrown = null;
        try {
            request.result().join();
        } catch (CompletionException e) {
            thrown = e;
        }
        assertThat(thrown).as("what failed").isNotNull();
        return thrown.getCause();
    }

    @Test
    void textComesPieceByPieceAndIsTheResult() {
        List<String> pieces = new ArrayList<>();
        GenerationOptions options = new GenerationOptions(12, 1.2f, 0.9f, 7);
        Request request = scheduler.submit(prompt(20), options, pieces::add);
        Request tokens = scheduler.submitTokens(prompt(20), options, id -> {});
        assertThat(request.state()).isEqualTo(State.WAITING);
        scheduler.finish();
        Generation generation = request.result().join();
        assertThat(request.state()).isEqualTo(State.FINISHED);
        assertThat(pieces).hasSizeGreaterThan(1);
        assertThat(String.join("", pieces)).isEqualTo(generation.text());
        assertThat(generation.end()).isEqualTo(Generation.End.LENGTH);
        assertThat(generation.ids())
                .hasSize(12)
                .isEqualTo(tokens.result().join().ids());
        assertThat(tokens.result().join().text()).isEmpty();
        assertThat(generation.timing().promptTokens()).isEqualTo(20);
        assertThat(generation.timing().steps()).isEqualTo(11);
        assertThat(generation.timing().writing()).isPositive();
    }

    @Test
    void whatCannotBeAnsweredIsRefusedAtOnce() {
        refused(() -> scheduler.submit(new int[0], EIGHT, DEAF), "the prompt has no token");
        refused(() -> scheduler.submit(new int[] {512}, EIGHT, DEAF), "token 512 is outside the model's vocabulary");
        refused(() -> scheduler.submit(new int[] {-1}, EIGHT, DEAF), "token -1 is outside");
        refused(() -> submit(256, EIGHT), "the prompt has 256 tokens, but the model takes 256");
        refused(
                () -> submit(60, EIGHT),
                "a prompt of 60 tokens and up to 8 new ones do not fit into the 64 tokens",
                "ask for at most 4 new tokens");
        refused(() -> submit(100, EIGHT), "shorten the prompt to less than 64 tokens");
        assertThatThrownBy(() -> scheduler.submit((int[]) null, EIGHT, DEAF))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> scheduler.submit("a", null, DEAF)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> scheduler.submit("a", EIGHT, null)).isInstanceOf(IllegalArgumentException.class);
        IntStream.range(0, 20).forEach(i -> submit(3, EIGHT));
        refused(() -> submit(3, EIGHT), "20 requests wait already", "longer queue");
        scheduler.finish();
        submit(3, EIGHT);
    }

    @Test
    void optionsAreBounded() {
        refused(() -> SMALL.withSequences(0), "sequences of a scheduler is 0: give 1 or more");
        refused(() -> SMALL.withCache(64, 63), "one request of 64 at least, is 63: give 64 or more");
        refused(() -> SMALL.withStepTokens(3), "gives 4 sequences one, is 3: give 4 or more");
        refused(() -> SMALL.withQueue(0), "may wait is 0");
        refused(
                () -> SMALL.withCache(64, Integer.MAX_VALUE),
                "scheduler's cache is 2147483647: give 1073741824 at most");
        refused(() -> SMALL.withStepTokens(1 << 17), "tokens of a step is 131072: give 65536 at most");
        refused(() -> SMALL.withCache(1, 8), "tokens of a request is 1: give 2 or more");
    }

    @Test
    void requestsAreCancelledAtAnyTime() {
        Request waiting = submit(3, EIGHT);
        waiting.cancel();
        assertThat(waiting.state()).isEqualTo(State.CANCELLED);
        assertThat(failure(waiting)).isInstanceOf(CancelledException.class);
        List<Request> self = new ArrayList<>();
        Request writing =
                scheduler.submit(prompt(5), EIGHT, piece -> self.get(0).cancel());
        self.add(writing);
        Request other = submit(30, EIGHT);
        scheduler.finish();
        assertThat(writing.state()).isEqualTo(State.CANCELLED);
        assertThat(other.result().join().ids()).hasSize(8);
        other.cancel();
        assertThat(other.state()).isEqualTo(State.FINISHED);
        assertThat(scheduler.load().freeTokens()).isEqualTo(scheduler.load().cacheTokens());
    }

    @Test
    void aListenerHarmsItsRequestAlone() {
        Request failing = scheduler.submit(prompt(5), EIGHT, piece -> {
            throw new CancellationException("not ours");
        });
        Request error = scheduler.submit(prompt(5), EIGHT, piece -> {
            throw new AssertionError("a listener's");
        });
        Request ending = scheduler.submit(prompt(5), EIGHT, piece -> {
            throw new CancelledException();
        });
        Request reentrant = scheduler.submit(prompt(5), EIGHT, piece -> scheduler.close());
        Request other = submit(5, EIGHT);
        scheduler.finish();
        assertThat(failing.state()).isEqualTo(State.FAILED);
        assertThat(failure(failing)).hasMessage("not ours");
        assertThat(failure(error)).hasMessage("a listener's");
        assertThat(ending.state()).isEqualTo(State.CANCELLED);
        assertThat(failure(reentrant)).hasMessageContaining("a listener may submit and cancel requests");
        assertThat(other.result().join().ids()).hasSize(8);
    }

    @Test
    void aListenerMaySubmitTheNext() {
        List<Request> next = new ArrayList<>();
        scheduler.submit(prompt(5), GenerationOptions.greedy(1), piece -> next.add(submit(6, EIGHT)));
        scheduler.finish();
        assertThat(next).hasSize(1);
        assertThat(next.get(0).result().join().ids()).hasSize(8);
    }

    @Test
    void whoeverIsOpenWhenItClosesIsToldOnce() {
        List<Request> open =
                IntStream.range(0, 7).mapToObj(i -> submit(5, EIGHT)).toList();
        int[] told = {0};
        open.forEach(request -> request.result().whenComplete((generation, failure) -> told[0]++));
        CountDownLatch first = new CountDownLatch(1);
        Request stopping = scheduler.submit(prompt(3), EIGHT, piece -> {
            first.countDown();
            cancelled = true;
        });
        assertThatThrownBy(scheduler::finish).isInstanceOf(CancelledException.class);
        assertThat(first.getCount()).isZero();
        assertThat(stopping.state()).isEqualTo(State.WRITING);
        cancelled = false;
        scheduler.close();
        scheduler.close();
        assertThat(told[0]).isEqualTo(7);
        assertThat(open).allMatch(request -> request.state().isAnswer());
        assertThat(stopping.state()).isEqualTo(State.CANCELLED);
        assertThatThrownBy(() -> submit(3, EIGHT)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(scheduler::finish)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the scheduler is closed");
    }

    @Test
    void workThatWasCancelledGoesOnLater() {
        List<String> pieces = new ArrayList<>();
        Request request = scheduler.submit(prompt(3), EIGHT, piece -> {
            pieces.add(piece);
            cancelled = pieces.size() == 1;
        });
        assertThatThrownBy(scheduler::finish).isInstanceOf(CancelledException.class);
        cancelled = false;
        Request alone = submit(3, EIGHT);
        scheduler.finish();
        assertThat(request.result().join().ids())
                .isEqualTo(alone.result().join().ids());
    }

    @Test
    void anotherThreadSubmitsAndStops() throws Exception {
        CompletableFuture<Generation> answer = CompletableFuture.supplyAsync(() -> {
            try {
                return submit(9, EIGHT).result().join();
            } finally {
                scheduler.stop();
            }
        });
        scheduler.run();
        assertThat(answer.join().ids()).hasSize(8);
        assertThatThrownBy(() -> submit(3, EIGHT))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("stopped");
    }

    @Test
    void theEnginesThreadAloneWorks() {
        for (Runnable work : List.<Runnable>of(scheduler::finish, scheduler::tune, scheduler::close)) {
            assertThatThrownBy(CompletableFuture.runAsync(work)::join)
                    .cause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("use it in one thread");
        }
    }

    @Test
    void anInterruptEndsTheWait() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(scheduler::run).isInstanceOf(InterruptedException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void closingTheModelClosesIt() {
        Request open = submit(3, EIGHT);
        served.model().close();
        assertThat(open.state()).isEqualTo(State.CANCELLED);
    }
}
