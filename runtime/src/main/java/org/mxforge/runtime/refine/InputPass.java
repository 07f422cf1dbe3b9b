package org.mxforge.runtime.refine;

import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.Matrix;
import org.mxforge.runtime.exec.spi.SiteRounding;
import org.mxforge.runtime.model.BlockRunner;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.model.Decoder.ActivationObserver;

/**
 * Runs windows of text through a model, block after block, and shows what goes into its linear sites.
 *
 * @param windows tokens of each
 * @param progress told of each block
 */
record InputPass(Backend backend, List<int[]> windows, Progress progress) {
    /**
     * Shows the inputs of some sites.
     *
     * @param task what is done with them, for users
     * @param wanted by a site's name
     * @throws MxForgeException naming the site, if an input is not finite
     */
    void run(Checkpoint model, String task, ActivationObserver observer, Predicate<String> wanted) {
        byBlock(model, task, new Finite(observer, wanted), block -> {});
    }

    /**
     * Shows inputs as they are, where they are.
     *
     * @param done told of each block whose inputs were all seen
     */
    void byBlock(Checkpoint model, String task, ActivationObserver observer, IntConsumer done) {
        int longest = windows.stream().mapToInt(ids -> ids.length).max().orElseThrow();
        try (BlockRunner runner = new BlockRunner(model, backend, longest);
                Progress.Task steps = progress.begin(task, "blocks", runner.blocks())) {
            List<Matrix> streams = runner.embed(windows);
            for (int i = 0; i < runner.blocks(); i++) {
                try (BlockRunner.Block block = runner.load(model, i, observer)) {
                    for (int w = 0; w < windows.size(); w++) {
                        block.run(windows.get(w), streams.get(w));
                    }
                }
                done.accept(i);
                steps.advance(1);
                progress.check();
            }
            streams.forEach(Matrix::close);
        }
    }

    static void checkFinite(String site, float[] values) {
        if (!isFinite(values)) {
            throw SiteRounding.notFinite(site);
        }
    }

    static boolean isFinite(float[] values) {
        return IntStream.range(0, values.length).parallel().allMatch(i -> Float.isFinite(values[i]));
    }

    /** Refuses what is not finite, and looks at some sites only. */
    private record Finite(ActivationObserver observer, Predicate<String> wanted) implements ActivationObserver {
        @Override
        public boolean wants(String site) {
            return wanted.test(site);
        }

        @Override
        public void observe(String site, float[] values, int rows, int channels) {
            checkFinite(site, values);
            observer.observe(site, values, rows, channels);
        }
    }
}
