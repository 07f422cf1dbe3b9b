package org.mxforge.runtime;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.mxforge.runtime.base.CancelledException;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.options.GenerationOptions;
import org.mxforge.runtime.base.options.SchedulerOptions;
import org.mxforge.runtime.model.ContinuousBatch;

/**
 * Answers many requests on one model together (continuous batching): requests of any lengths join and leave between the steps of the
 * device, and prompts are read in chunks beside those that are written.
 *
 * <p>Any thread submits and cancels requests. The device belongs to the engine's thread, which is the one that works: in {@link #run},
 * until another thread calls {@link #stop}, or in {@link #finish}, until nothing is left to do. It also calls listeners, while the device
 * is at the next step: a listener that blocks holds all requests up.
 *
 * <p>Requests come in as they were submitted, each when there is room for all tokens that it may get. One that has come in therefore ends
 * by itself; the price is room that stays empty where texts end early. The other way, to let in what fits now and to put the youngest
 * back when the cache is full, fills the cache better but reads prompts twice, and who is answered when depends on everyone else.
 *
 * <p>A request gets the tokens that it would get alone. On the CPU this is so bit for bit (experts that get a single token apart). On a
 * GPU it is so up to rounding: kernels are chosen by the number of tokens in a step and add up in an order of their own, so that a near
 * tie between two tokens may go either way, the oftener the fewer bits activations are rounded to. Steps of one size would not change
 * that, since attention shares its work out by how many sequences there are. {@link Model#generate} agrees up to rounding too.
 *
 * <p>What fails in a step fails the requests whose prompts were read in it, or all of the step where there were none; the others go on.
 */
public final class Scheduler implements AutoCloseable {
    private final Model model;
    private final ModelFolder folder;
    private final ContinuousBatch<Request> texts;
    private final SchedulerOptions options;
    private final Object lock = new Object();

    /** Guarded by the lock. */
    private final Deque<Request> waiting = new ArrayDeque<>();

    private boolean stopped;

    // What follows is the engine's thread's, but for what it publishes.
    private final List<Request> running = new ArrayList<>();
    private final List<Request> news = new ArrayList<>();
    private boolean stepping;
    private boolean closed;
    private volatile Load load;

    /**
     * What a scheduler has to do.
     *
     * @param waiting requests that have not come in
     * @param running requests that are read or written
     * @param freeTokens tokens for which there is room, in whole pages
     * @param cacheTokens all tokens for which there is memory
     * @param steps that it ran so far
     * @param hostTime time in which the device waited for the host between two steps, all together
     */
    public record Load(int waiting, int running, int freeTokens, int cacheTokens, long steps, Duration hostTime) {}

    Scheduler(Model model, ContinuousBatch<Request> texts, SchedulerOptions options) {
        this.model = model;
        this.folder = model.folder();
        this.texts = texts;
        this.options = options;
        publish();
    }

    /**
     * Runs steps of all sizes without a meaning, so that kernels are chosen, compiled and recorded for them; else this happens as the first
     * requests need it.
     */
    public void tune() {
        enter();
        try {
            texts.tune();
        } finally {
            stepping = false;
        }
    }

    /**
     * Submits a prompt to be continued.
     *
     * @param listener told the text piece by piece as it comes; may end the request by a {@link CancelledException} of its own
     * @throws MxForgeException if the prompt is empty, leaves no room in the model's context, or is too long with the new tokens for this
     *     scheduler; if there is no tokenizer; or if as many requests wait as may
     * @throws IllegalStateException if the scheduler is stopped
     */
    public Request submit(String prompt, GenerationOptions options, Consumer<String> listener) {
        return submit(folder.encodePrompt(prompt), options, listener);
    }

    /** As {@link #submit(String, GenerationOptions, Consumer)}, after a prompt of tokens. */
    public Request submit(int[] prompt, GenerationOptions options, Consumer<String> listener) {
        int[] ids = check(prompt, options, listener);
        return submit(ids, options, WrittenText.pieces(folder, ids, options.stops(), listener));
    }

    /**
     * As {@link #submit(int[], GenerationOptions, Consumer)}, for who wants tokens and no text: needs no tokenizer, and no text stops it.
     *
     * @param listener told each token as it comes
     */
    public Request submitTokens(int[] prompt, GenerationOptions options, IntConsumer listener) {
        int[] ids = check(prompt, options, listener);
        if (!options.stops().isEmpty()) {
            throw new IllegalArgumentException("a request for tokens has no text that could stop it: leave stops out");
        }
        return submit(ids, options, WrittenText.tokens(listener));
    }

    private int[] check(int[] prompt, GenerationOptions options, Object listener) {
        Arguments.require(options, "the options of a request are missing: give GenerationOptions.greedy(64), say");
        Arguments.require(listener, "the listener of a request is missing: give one that does nothing to hear nothing");
        int[] ids = Arguments.require(prompt, "the prompt is missing: give its tokens")
                .clone();
        folder.checkPrompt(ids);
        checkRoom(ids.length, most(ids, options));
        return ids;
    }

    private int most(int[] prompt, GenerationOptions options) {
        return Math.min(options.maxTokens(), folder.maxPositions() - prompt.length);
    }

    private Request submit(int[] prompt, GenerationOptions options, WrittenText text) {
        Request request = new Request(this, prompt, most(prompt, options), options, text);
        synchronized (lock) {
            if (stopped) {
                throw new IllegalStateException("the scheduler is stopped and takes no more requests: open another");
            }
            if (waiting.size() >= this.options.queue()) {
                throw new MxForgeException(waiting.size() + " requests wait already, as many as may: submit this one"
                        + " again when others are answered, or open a scheduler with a longer queue");
            }
            waiting.add(request);
            lock.notifyAll();
        }
        return request;
    }

    private void checkRoom(int prompt, int most) {
        int context = texts.context();
        if (prompt + most > context) {
            String fits = prompt < context
                    ? "ask for at most " + (context - prompt) + " new tokens"
                    : "shorten the prompt to less than " + context + " tokens";
            throw new MxForgeException("a prompt of " + prompt + " tokens and up to " + most
                    + " new ones do not fit into the " + context + " tokens that this scheduler has for a request: "
                    + fits + ", or open a scheduler with a longer context");
        }
    }

    /** Answers a request at once if it waits; one that has come in is seen to before the next step. */
    void withdraw(Request request) {
        boolean waited;
        synchronized (lock) {
            waited = waiting.remove(request);
        }
        if (waited) {
            request.cancelled();
        }
    }

    /** What there is to do, as of the last step. */
    public Load load() {
        Load last = load;
        synchronized (lock) {
            return new Load(waiting.size(), last.running, last.freeTokens, last.cacheTokens, last.steps, last.hostTime);
        }
    }

    private void publish() {
        Duration host = Duration.ofNanos(texts.idleNanos());
        load = new Load(0, running.size(), texts.freeTokens(), texts.cacheTokens(), texts.steps(), host);
    }

    /**
     * Works, and waits for work, until the scheduler is {@linkplain #stop stopped} and every request is answered. The engine's thread calls
     * this.
     *
     * @throws InterruptedException if the thread is interrupted, between two steps; open requests stay so
     * @throws CancelledException if the engine's progress listener cancels the work; open requests stay so
     */
    public void run() throws InterruptedException {
        check();
        while (awaitWork()) {
            step();
        }
    }

    /**
     * Works until every request is answered, without waiting for more. The engine's thread calls this.
     *
     * @throws CancelledException if the engine's progress listener cancels the work; open requests stay so
     */
    public void finish() {
        check();
        while (hasWork()) {
            step();
        }
    }

    /** Lets no more requests in; {@link #run} returns when those that are open are answered. Any thread may call this. */
    public void stop() {
        synchronized (lock) {
            stopped = true;
            lock.notifyAll();
        }
    }

    private boolean awaitWork() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("the scheduler's thread was interrupted");
        }
        if (!running.isEmpty() || !news.isEmpty()) {
            return true;
        }
        synchronized (lock) {
            while (waiting.isEmpty() && !stopped) {
                lock.wait();
            }
            return !waiting.isEmpty();
        }
    }

    private boolean hasWork() {
        synchronized (lock) {
            return !running.isEmpty() || !news.isEmpty() || !waiting.isEmpty();
        }
    }

    private void check() {
        model.check();
        if (closed) {
            throw new IllegalStateException("the scheduler is closed: open another");
        }
        if (stepping) {
            throw new IllegalStateException(
                    "a listener may submit and cancel requests and stop the scheduler, no more");
        }
    }

    private void enter() {
        check();
        model.engine().progress().check();
        stepping = true;
    }

    /** One step; what the one before gave is told while the device is at it. */
    private void step() {
        enter();
        try {
            sweep();
            admit();
            boolean asked = attempt(texts::ask);
            deliver();
            if (asked && attempt(this::await)) {
                collect();
            }
        } finally {
            publish();
            stepping = false;
        }
    }

    private boolean await() {
        texts.await();
        return true;
    }

    /** Lets requests go that are answered, unwanted, or have all their tokens. */
    private void sweep() {
        running.removeIf(request -> {
            if (request.isUnwanted() && !request.state().isAnswer()) {
                request.cancelled();
            }
            boolean over = request.state().isAnswer() || request.running().isOver();
            if (over) {
                texts.remove(request.running());
            }
            return over;
        });
    }

    /** Lets requests in, in their order: none overtakes one that there is no room for yet. */
    private void admit() {
        while (running.size() < options.sequences()) {
            Request next;
            synchronized (lock) {
                next = waiting.peek();
                if (next == null || !texts.hasRoom(next.length())) {
                    return;
                }
                waiting.remove();
            }
            next.read(texts);
            running.add(next);
        }
    }

    /** Does a part of a step. If it fails, the step is taken back and fails those that this is put down to. */
    private boolean attempt(BooleanSupplier part) {
        try {
            return part.getAsBoolean();
        } catch (CancelledException e) {
            texts.undo();
            throw e;
        } catch (RuntimeException e) {
            fail(texts.undo(), e);
            return false;
        } catch (Error e) {
            fail(texts.undo(), e);
            throw e;
        }
    }

    private static void fail(List<ContinuousBatch<Request>.Text> texts, Throwable cause) {
        texts.stream()
                .map(ContinuousBatch.Text::owner)
                .filter(request -> !request.state().isAnswer())
                .forEach(request -> request.failed(cause));
    }

    /** Takes note of the tokens of a step. */
    private void collect() {
        long now = System.nanoTime();
        for (ContinuousBatch<Request>.Text text : texts.sampled()) {
            Request request = text.owner();
            if (request.state().isAnswer()) {
                continue;
            }
            if (text.isFinite()) {
                request.sampled(now);
                news.add(request);
            } else {
                request.failed(new MxForgeException("the model's logits are not finite after "
                        + text.length() + " tokens of a request: its weights are damaged, or its activations are too"
                        + " large for " + model.engine().device() + "; generate says where when it continues the same"
                        + " prompt"));
            }
        }
    }

    private void deliver() {
        for (Request request : news) {
            if (!request.state().isAnswer()) {
                request.deliver(folder.maxPositions());
            }
        }
        news.clear();
    }

    /**
     * Gives the memory back; requests that are open end as cancelled. The engine's thread calls this, unless from a listener; does nothing
     * when it is closed already.
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        check();
        List<Request> open;
        synchronized (lock) {
            stopped = true;
            open = new ArrayList<>(waiting);
            waiting.clear();
        }
        stepping = true;
        deliver();
        open.addAll(0, running);
        open.stream().filter(request -> !request.state().isAnswer()).forEach(Request::cancelled);
        running.clear();
        closed = true;
        texts.close();
        model.forget(this);
    }
}
