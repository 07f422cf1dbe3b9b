package org.mxforge.runtime.cli.model;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.mxforge.runtime.Generation;
import org.mxforge.runtime.Model;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.Request;
import org.mxforge.runtime.Scheduler;
import org.mxforge.runtime.base.options.GenerationOptions;
import org.mxforge.runtime.base.options.SchedulerOptions;
import org.mxforge.runtime.cli.console.Console;

/** Prompts that are continued together, and told in their order. */
final class PromptBatch {
    private static final Set<Generation.End> CUT_OFF = Set.of(Generation.End.LENGTH, Generation.End.CONTEXT);

    private final List<Prompt> prompts;
    private final List<int[]> ids;
    private final GenerationOptions options;
    private final int positions;
    private final List<Request> requests = new ArrayList<>();
    private int told;
    private int failed;
    private int cutOff;

    /**
     * A batch for the model in {@code folder}.
     *
     * @param options of all; the seed is the first one's, each has the next
     * @throws org.mxforge.runtime.base.MxForgeException if one of them cannot be continued
     */
    PromptBatch(ModelFolder folder, List<Prompt> prompts, GenerationOptions options) {
        this.prompts = prompts;
        this.ids = prompts.stream().map(prompt -> prompt.encode(folder)).toList();
        this.options = options;
        this.positions = folder.maxPositions();
    }

    /** Just large enough, and no larger than usual if one text does not need that. */
    SchedulerOptions room() {
        SchedulerOptions usual = SchedulerOptions.defaults();
        int context = 2;
        long read = 0;
        for (int[] prompt : ids) {
            context = Math.max(context, prompt.length + Math.min(positions - prompt.length, options.maxTokens()));
            read += prompt.length;
        }
        int sequences = Math.min(usual.sequences(), ids.size());
        int cache = Math.max(context, (int) Math.min(usual.cacheTokens(), (long) sequences * context));
        int step = Math.max(sequences, (int) Math.min(usual.stepTokens(), read));
        return new SchedulerOptions(sequences, context, cache, step, ids.size());
    }

    /**
     * Continues all of them.
     *
     * @param texts where each is put down
     * @return how many could not be continued, which is told
     */
    int run(Model model, Console console, ArrayNode texts) {
        try (Scheduler scheduler = model.scheduler(room())) {
            // Before a text is shown: progress must not cut into it.
            scheduler.tune();
            for (int i = 0; i < ids.size(); i++) {
                GenerationOptions own = options.withSeed(options.seed() + i);
                requests.add(scheduler.submit(ids.get(i), own, piece -> {}));
            }
            requests.forEach(
                    request -> request.result().whenComplete((generation, failure) -> tellAnswered(console, texts)));
            scheduler.finish();
        }
        if (cutOff > 0) {
            console.note(cutOff + " of " + prompts.size() + " texts were cut off after " + options.maxTokens()
                    + " tokens, or because the model's context was full");
        }
        return failed;
    }

    /** Those that are answered, up to the first that is not. */
    private void tellAnswered(Console console, ArrayNode texts) {
        while (told < requests.size() && requests.get(told).state().isAnswer()) {
            Request request = requests.get(told);
            Prompt asked = prompts.get(told++);
            String prompt = asked.text();
            try {
                Generation generated = request.result().join();
                console.text(prompt + generated.text() + "\n\n");
                cutOff += CUT_OFF.contains(generated.end()) ? 1 : 0;
                put(texts.addObject(), prompt, generated);
            } catch (CompletionException e) {
                failed++;
                String sentence = e.getCause().getMessage();
                console.warning(asked.place() + " was not continued: " + sentence);
                texts.addObject().put("prompt", prompt).put("error", sentence);
            }
        }
    }

    /** A prompt, its text, and how long that took. */
    static void put(ObjectNode node, String prompt, Generation generated) {
        node.put("prompt", prompt).put("text", generated.text());
        node.put("end", generated.end().name().toLowerCase(Locale.ROOT));
        ArrayNode ids = node.putArray("ids");
        Arrays.stream(generated.ids()).forEach(ids::add);
        Generation.Timing timing = generated.timing();
        node.put("prompt_tokens", timing.promptTokens())
                .put("time_to_first_token_ms", timing.firstToken().toNanos() / 1e6);
        timing.writingTokensPerSecond()
                .ifPresentOrElse(
                        rate -> node.put("writing_tokens_per_second", rate),
                        () -> node.putNull("writing_tokens_per_second"));
    }
}
