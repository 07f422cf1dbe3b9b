package org.mxforge.runtime;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.mxforge.runtime.base.CancelledException;
import org.mxforge.runtime.base.options.GenerationOptions;
import org.mxforge.runtime.model.ContinuousBatch;

/** A prompt that a {@link Scheduler} was asked to continue. It is answered once. Safe for concurrent use. */
public final class Request {
    private final Scheduler scheduler;
    private final int[] prompt;
    private final int most;
    private final GenerationOptions options;
    private final WrittenText text;
    private final long submitted = System.nanoTime();
    private final CompletableFuture<Generation> answer = new CompletableFuture<>();
    private volatile State state = State.WAITING;
    private volatile boolean unwanted;

    // What follows is the engine's thread's.
    private ContinuousBatch<Request>.Text running;
    private long firstToken;
    private long lastToken;
    private int tokens;

    /** Where a request is. */
    public enum State {
        /** For room beside those before it. */
        WAITING,
        /** Its prompt goes through the model. */
        READING,
        /** It has tokens, and gets more. */
        WRITING,
        /** It has its {@link Generation}. */
        FINISHED,
        /** It was cancelled, or its scheduler was closed before. */
        CANCELLED,
        /** Its step or its listener failed. */
        FAILED;

        /** Whether it is answered, and stays so. */
        public boolean isAnswer() {
            return compareTo(FINISHED) >= 0;
        }
    }

    /** @param most new tokens for which there is room */
    Request(Scheduler scheduler, int[] prompt, int most, GenerationOptions options, WrittenText text) {
        this.scheduler = scheduler;
        this.prompt = prompt;
        this.most = most;
        this.options = options;
        this.text = text;
    }

    public State state() {
        return state;
    }

    /**
     * What it comes to: the text, which is never a part of one; or a {@link CancelledException}; or what failed, a
     * {@link org.mxforge.runtime.base.MxForgeException} or what its listener threw. Who waits for it must not be the engine's thread,
     * which runs what depends on it; completing the future, or cancelling it, does not touch the request.
     */
    public CompletableFuture<Generation> result() {
        return answer.copy();
    }

    /** Ends it, at once while it waits and before the next step else; does nothing when it is answered already. */
    public void cancel() {
        unwanted = true;
        scheduler.withdraw(this);
    }

    int[] prompt() {
        return prompt;
    }

    /** Tokens for which there must be room. */
    int length() {
        return prompt.length + most;
    }

    boolean isUnwanted() {
        return unwanted;
    }

    /** The text under way; null while it waits. */
    ContinuousBatch<Request>.Text running() {
        return running;
    }

    /** It comes in. */
    void read(ContinuousBatch<Request> texts) {
        running = texts.add(this, prompt, most, options);
        state = State.READING;
    }

    /** A token was sampled for it. */
    void sampled(long now) {
        if (tokens++ == 0) {
            firstToken = now;
            state = State.WRITING;
        }
        lastToken = now;
    }

    /** Tells its listener the token that it got last, and finishes it if that was the last. */
    void deliver(int positions) {
        try {
            if (!running.hasEnded()) {
                text.add(running.last());
            }
            if (running.isOver() || text.isStopped()) {
                text.finish();
                finish(positions);
            }
        } catch (CancelledException e) {
            cancelled();
        } catch (RuntimeException | Error e) {
            // Whatever a listener throws is its request's alone.
            failed(e);
        }
    }

    private void finish(int positions) {
        int[] ids = running.written();
        Generation.End end = Generation.End.of(text, prompt.length, ids.length, options, positions);
        Generation.Timing timing = new Generation.Timing(
                prompt.length,
                Duration.ofNanos(firstToken - submitted),
                tokens - 1,
                Duration.ofNanos(lastToken - firstToken));
        state = State.FINISHED;
        answer.complete(new Generation(ids, text.whole(), end, timing));
    }

    void cancelled() {
        state = State.CANCELLED;
        answer.completeExceptionally(new CancelledException());
    }

    void failed(Throwable cause) {
        state = State.FAILED;
        answer.completeExceptionally(cause);
    }
}
