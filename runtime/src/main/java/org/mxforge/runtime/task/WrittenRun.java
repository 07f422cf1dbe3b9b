package org.mxforge.runtime.task;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.mxforge.runtime.Generation;
import org.mxforge.runtime.Model;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.Scheduler;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.base.options.GenerationOptions;
import org.mxforge.runtime.base.options.SchedulerOptions;
import org.mxforge.runtime.chat.ChatTemplate;

/** Lets a model write answers, many together, and judges each beside the writing of the others. */
final class WrittenRun implements TaskRun {
    private final WrittenTask task;
    private final List<WrittenItem> items;
    private final int shots;
    private final ModelFolder folder;
    private final WritingOptions options;
    private final Optional<ChatTemplate> template;
    private final PythonJudge judge;

    /** @param judge runs programs; null for a task without any */
    WrittenRun(
            WrittenTask task,
            List<WrittenItem> items,
            int shots,
            ModelFolder folder,
            WritingOptions options,
            PythonJudge judge) {
        this.task = task;
        this.items = items;
        this.shots = shots;
        this.folder = folder;
        this.options = options;
        this.template = options.chat() ? Optional.of(ChatTemplate.of(folder)) : Optional.empty();
        this.judge = judge;
    }

    @Override
    public int shots() {
        return shots;
    }

    @Override
    public List<String> ids(int limit) {
        return items.stream().map(WrittenItem::id).limit(limit).toList();
    }

    @Override
    public void run(Model model, Set<String> wanted, Progress progress, Consumer<Outcome> outcomes) {
        List<WrittenItem> asked =
                items.stream().filter(item -> wanted.contains(item.id())).toList();
        if (asked.isEmpty()) {
            return;
        }
        if (judge != null && !judge.exposed().isEmpty()) {
            progress.warning("programs that the model writes are not cut off from " + String.join(", ", judge.exposed())
                    + " here");
        }
        SchedulerOptions scheduling = options.scheduling().withQueue(asked.size());
        GenerationOptions generation = task.generation(options.chat());
        int context = Math.min(scheduling.context(), folder.maxPositions());
        int room = Math.max(1, Math.min(generation.maxTokens(), context / 2));
        ExecutorService judges = Executors.newFixedThreadPool(options.judges());
        try (Progress.Task told = progress.begin(task.name(), "answers", asked.size());
                Scheduler scheduler = model.scheduler(scheduling)) {
            List<CompletableFuture<Void>> done = new ArrayList<>();
            for (WrittenItem item : asked) {
                CompletableFuture<Generation> answer = scheduler
                        .submit(
                                prompt(item, context - room),
                                GenerationOptions.greedy(room).withStops(generation.stops()),
                                piece -> progress.check())
                        .result();
                done.add(answer.thenAcceptAsync(
                        written -> {
                            Outcome outcome = outcome(item, written);
                            synchronized (told) {
                                outcomes.accept(outcome);
                                told.advance(1);
                            }
                        },
                        judges));
            }
            scheduler.finish();
            done.forEach(CompletableFuture::join);
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        } finally {
            judges.shutdownNow();
        }
    }

    /** Its last tokens where it is too long, as lm-evaluation-harness has it. */
    private int[] prompt(WrittenItem item, int most) {
        int[] ids = template.isPresent()
                ? folder.encode(template.get().render(List.of(new ChatTemplate.Message("user", item.question())), true)
                        + item.answerBegin())
                : folder.encodePrompt(item.prompt());
        return Arrays.copyOfRange(ids, Math.max(0, ids.length - most), ids.length);
    }

    private Outcome outcome(WrittenItem item, Generation written) {
        WrittenTask.Grade grade = task.grade(item, written.text(), options.chat(), judge);
        ObjectNode evidence = JsonNodeFactory.instance
                .objectNode()
                .put("answers", written.text())
                .put("verdicts", grade.verdict());
        return new Outcome(task.name(), item.id(), List.of(), grade.values(), evidence);
    }
}
