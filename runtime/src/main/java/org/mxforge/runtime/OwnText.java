package org.mxforge.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.options.GenerationOptions;
import org.mxforge.runtime.base.options.SchedulerOptions;

/** Text that a model writes itself, to be calibrated on where there is none like what it is for: of its own distribution, at temperature 1. */
final class OwnText {
    /** Shorter texts, where the model ended early, say little. */
    private static final int LEAST = 32;

    private OwnText() {}

    /**
     * Lets {@code model} write.
     *
     * @param count texts, each after a token at random
     * @param length tokens of each at most
     * @return tokens of those that became long enough
     */
    static List<int[]> windows(Model model, int count, int length, long seed) {
        int vocabulary = model.folder().vocabulary();
        SplittableRandom random = new SplittableRandom(seed);
        List<IntStream.Builder> texts = new ArrayList<>();
        SchedulerOptions room = SchedulerOptions.defaults().withQueue(count);
        try (Scheduler scheduler = model.scheduler(room.withCache(length, Math.max(length, room.sequences() * length))
                .withStepTokens(room.stepTokens()))) {
            for (int i = 0; i < count; i++) {
                int first = random.nextInt(vocabulary);
                IntStream.Builder text = IntStream.builder().add(first);
                texts.add(text);
                scheduler.submitTokens(
                        new int[] {first}, new GenerationOptions(length - 1, 1, 1, random.nextLong()), text::add);
            }
            scheduler.finish();
        }
        List<int[]> windows = texts.stream()
                .map(text -> text.build().toArray())
                .filter(ids -> ids.length >= LEAST)
                .toList();
        if (windows.isEmpty()) {
            throw new MxForgeException(
                    "the model ends each text of its own within " + LEAST + " tokens: give a text to calibrate on");
        }
        return windows;
    }
}
