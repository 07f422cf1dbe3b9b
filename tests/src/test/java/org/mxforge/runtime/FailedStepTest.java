package org.mxforge.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mxforge.runtime.Request.State;
import org.mxforge.runtime.base.CancelledException;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.options.GenerationOptions;
import org.mxforge.runtime.base.options.SchedulerOptions;
import org.mxforge.runtime.model.Decoder;
import org.mxforge.runtime.model.FailingBackend;
import org.mxforge.runtime.model.Fixtures;
import org.mxforge.runtime.model.ReferenceBackend;

/** Steps that fail in the middle, such as of memory that others took. */
class FailedStepTest {
    private static final GenerationOptions OPTIONS = new GenerationOptions(8, 1.1f, 0.9f, 3);

    private final FailingBackend backend = new FailingBackend(new ReferenceBackend());
    private Engine engine;
    private Scheduler scheduler;

    @BeforeEach
    void open() {
        engine = Engine.open(ServedModel.CPU);
        ModelFolder folder = ModelFolder.open(Fixtures.folder("fx-llama"));
        Model model = new Model(engine, folder, Decoder.load(folder.checkpoint(), backend.backend()));
        scheduler = model.scheduler(
                SchedulerOptions.defaults().withSequences(3).withCache(40, 120).withStepTokens(12));
    }

    @AfterEach
    void close() {
        scheduler.close();
        engine.close();
    }

    private Request submit(int length, IntConsumer listener) {
        int[] prompt = new int[length];
        Arrays.setAll(prompt, i -> 3 + 7 * i);
        return scheduler.submitTokens(prompt, OPTIONS, listener);
    }

    private void assertNothingIsLost() {
        Scheduler.Load load = scheduler.load();
        assertThat(load.freeTokens()).isEqualTo(load.cacheTokens());
        assertThat(load.running() + load.waiting()).isZero();
    }

    private static void assertFailed(Request request) {
        assertThat(request.state()).isEqualTo(State.FAILED);
        assertThatThrownBy(request.result()::join)
                .cause()
                .isInstanceOf(MxForgeException.class)
                .hasMessage("out of memory: so it was wanted");
    }

    /** One whose third token brings {@code failure}: the step after is asked for by then, the one after that fails. */
    private Request failing(Supplier<Throwable> failure) {
        int[] heard = {0};
        return submit(2, token -> {
            if (heard[0]++ == 2) {
                backend.failAt("attention", failure);
            }
        });
    }

    private static MxForgeException outOfMemory() {
        return new MxForgeException("out of memory: so it was wanted");
    }

    private void assertAsAlone(Request request, int length) {
        Request alone = submit(length, id -> {});
        scheduler.finish();
        assertThat(request.result().join().ids())
                .isEqualTo(alone.result().join().ids());
    }

    @Test
    void aPromptThatCannotBeReadHarmsNoTextThatIsWritten() {
        Request[] reading = new Request[1];
        int[] heard = {0};
        Request writing = submit(4, token -> {
            if (heard[0]++ == 2) {
                reading[0] = submit(20, id -> {});
                backend.failAt("attention", FailedStepTest::outOfMemory);
            }
        });
        scheduler.finish();
        assertFailed(reading[0]);
        assertThat(heard[0]).isEqualTo(8);
        assertAsAlone(writing, 4);
        assertNothingIsLost();
    }

    @Test
    void aStepOfWritingFailsAllInItAndNoOther() {
        Request first = failing(FailedStepTest::outOfMemory);
        Request second = submit(3, id -> {});
        Request third = submit(1, id -> {});
        Request waiting = submit(5, id -> {});
        scheduler.finish();
        assertFailed(first);
        assertFailed(second);
        assertFailed(third);
        assertAsAlone(waiting, 5);
        assertNothingIsLost();
    }

    @Test
    void anErrorIsToldToAllAndEndsTheWork() {
        Request first = failing(() -> new StackOverflowError("so it was wanted"));
        Request second = submit(3, id -> {});
        assertThatThrownBy(scheduler::finish).isInstanceOf(StackOverflowError.class);
        assertThat(first.state()).isEqualTo(State.FAILED);
        assertThat(second.state()).isEqualTo(State.FAILED);
        assertAsAlone(submit(5, id -> {}), 5);
        assertNothingIsLost();
    }

    /** As a search for a fast variant is, when the engine's listener wants it. */
    @Test
    void aStepThatIsCancelledIsRunAgainLater() {
        Request first = failing(CancelledException::new);
        Request second = submit(3, id -> {});
        assertThatThrownBy(scheduler::finish).isInstanceOf(CancelledException.class);
        assertThat(first.state()).isEqualTo(State.WRITING);
        scheduler.finish();
        assertAsAlone(first, 2);
        assertAsAlone(second, 3);
        assertNothingIsLost();
    }
}
