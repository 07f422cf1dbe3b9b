package org.mxforge.runtime;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.CancelledException;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.model.Decoder;
import org.mxforge.runtime.quant.CalibrationReport;
import org.mxforge.runtime.quant.InputStatistics;
import org.mxforge.runtime.quant.Partitioning;
import org.mxforge.runtime.quant.Recipe;
import org.mxforge.runtime.quant.Refinement;
import org.mxforge.runtime.refine.RefinementPage;
import org.mxforge.runtime.refine.Refiner;
import org.mxforge.runtime.simulate.Simulation;
import org.mxforge.runtime.tune.search.TuningDevice;

/**
 * A device that is ready to run models, on kernels that are tuned for it; where users of MXForge begin.
 *
 * <p>An engine and all that comes from it are used by the thread that opened it, since a GPU's context belongs to a thread: other
 * threads are refused, except where they submit requests to a {@link Scheduler}. Several engines may be open at once, each in its thread. Its {@link Progress} listener is told of all long
 * work, such as searches for fast variants, which happen when a shape is first run, and can cancel it.
 */
public final class Engine implements AutoCloseable {
    private final OpenDevice device;
    private final Progress progress;
    private final Thread owner = Thread.currentThread();
    private final Set<Model> models = new LinkedHashSet<>();
    private boolean closed;

    private Engine(OpenDevice device, Progress progress) {
        this.device = device;
        this.progress = progress;
    }

    /** As {@link #open(EngineOptions, Progress)}, showing nothing. */
    public static Engine open(EngineOptions options) {
        return open(options, Progress.SILENT);
    }

    /**
     * Opens the device that {@code options} name, with the user's cache and wisdom.
     *
     * @param progress told of all long work
     * @throws MxForgeException if it is a GPU and there is none
     */
    public static Engine open(EngineOptions options, Progress progress) {
        Arguments.require(options, "an engine's options are missing: give EngineOptions.defaults(), say");
        Arguments.require(progress, "an engine's progress listener is missing: give Progress.SILENT to hear nothing");
        return new Engine(OpenDevice.open(options, progress), progress);
    }

    /** What the device is called. */
    public String device() {
        return device.backend().device();
    }

    /** Bytes of a GPU's memory that this program has taken, of several that of the fullest; empty on the CPU. */
    public OptionalLong memory() {
        check();
        return device.backend()
                .memory()
                .map(memory -> OptionalLong.of(memory.own()))
                .orElse(OptionalLong.empty());
    }

    /** What kernels are compiled for here. */
    public Target target() {
        return device.tuning().device().target();
    }

    /**
     * Measures the activations of a plain model.
     *
     * @param partitioning how channels are ordered and cut
     * @throws MxForgeException if the model is quantized, its channels cannot be cut so, or an activation is not finite
     * @throws CancelledException if the listener cancels it
     */
    public CalibrationReport calibrate(ModelFolder folder, Partitioning partitioning, CalibrationOptions options) {
        check();
        Arguments.require(folder, "the model to calibrate is missing: give a ModelFolder");
        Arguments.require(partitioning, "a calibration's partitioning is missing: give Partitioning.DEFAULT, say");
        Arguments.require(options, "the options of a calibration are missing: give CalibrationOptions.defaults(), say");
        return calibrate(folder, partitioning, InputStatistics.Kind.NONE, options);
    }

    private CalibrationReport calibrate(
            ModelFolder folder, Partitioning partitioning, InputStatistics.Kind kind, CalibrationOptions options) {
        requireHeap(HeapNeed.of(folder, Quantization.NONE));
        CalibrationReport report =
                Calibration.of(folder.checkpoint(), device.one(), partitioning, kind, options, progress);
        report.warnings().forEach(progress::warning);
        return report;
    }

    /** {@code recipe} for a model, which is calibrated as {@code options} say if the recipe needs that. */
    public Quantization quantization(ModelFolder folder, Recipe recipe, CalibrationOptions options) {
        check();
        Arguments.require(folder, "the model to quantize is missing: give a ModelFolder");
        Arguments.require(options, "the options of a calibration are missing: give CalibrationOptions.defaults(), say");
        Quantization quantization = Quantization.by(recipe);
        if (recipe.mixed().isPresent()) {
            return quantization.with(Refiner.run(
                    folder.checkpoint(),
                    device.one(),
                    recipe.mixed().get(),
                    windows(folder, options),
                    device.clock(),
                    ArtifactCache.user(),
                    progress));
        }
        return recipe.partitioning()
                .map(partitioning ->
                        calibrate(folder, partitioning, recipe.quantizer().needs(), options))
                .map(quantization::with)
                .orElse(quantization);
    }

    /**
     * An HTML page, complete in itself, about a recipe that was searched for: what was found, how much this recipe and others lose on a text
     * at how many bits, which is measured now, and what their layers take here.
     *
     * @param calibration of recipes that want one
     * @param text of which nothing was searched on
     * @throws MxForgeException if nothing was searched for, or there is not one whole window of {@code text}
     */
    public String report(
            ModelFolder folder,
            Quantization searched,
            CalibrationOptions calibration,
            String text,
            ScoringOptions scoring) {
        check();
        Arguments.require(folder, "the model of the report is missing: give a ModelFolder");
        Arguments.require(searched, "the quantization that was searched for is missing: Engine.quantization finds it");
        Refinement refinement = searched.refinement()
                .orElseThrow(() -> new MxForgeException(searched.recipe().text()
                        + " leaves nothing open that a report could show: give one that is searched"
                        + " for, such as mixed"));
        RefinementPage.Trials trials =
                new RecipeTrials(this, folder, device.clock(), text, scoring).run(searched, calibration);
        String name = String.valueOf(folder.path().getFileName());
        return RefinementPage.of(name, searched.recipe().text(), refinement, trials, Instant.now());
    }

    /** What a recipe is searched for on. */
    private List<int[]> windows(ModelFolder folder, CalibrationOptions options) {
        int window = Math.min(options.window(), folder.maxPositions());
        if (!options.ownText()) {
            return Calibration.windows(folder.checkpoint(), device.one(), window, options);
        }
        progress.check();
        try (Model model = load(folder)) {
            return OwnText.windows(model, options.samples(), window, options.seed());
        }
    }

    /** Loads a model as it is, plain or quantized. */
    public Model load(ModelFolder folder) {
        return load(folder, Quantization.NONE);
    }

    /** Loads a plain model and quantizes it in memory, calibrated on the bundled text if the recipe needs that. */
    public Model load(ModelFolder folder, Recipe recipe) {
        return load(folder, quantization(folder, recipe, CalibrationOptions.defaults()));
    }

    /** Loads a model, its linear layers quantized in memory. */
    public Model load(ModelFolder folder, Quantization quantization) {
        return load(folder, quantization, CacheFormat.BF16);
    }

    /**
     * Loads a model, its linear layers quantized in memory, which keeps keys and values as {@code cache} says; on a GPU, one of fewer
     * bits takes less memory for each token.
     *
     * @throws MxForgeException naming the tensor that is missing, misshapen or damaged, or if it is quantized already, does not fit
     *     the recipe, lacks the calibration that the recipe needs, or its heads
     *     cannot be kept so
     * @throws CancelledException if the listener cancels it
     */
    public Model load(ModelFolder folder, Quantization quantization, CacheFormat cache) {
        check();
        Arguments.require(folder, "the model to load is missing: give a ModelFolder");
        Arguments.require(quantization, "a quantization is missing: give Quantization.NONE for the model as it is");
        folder.check(cache);
        progress.check();
        Checkpoint checkpoint = quantization.apply(folder);
        requireHeap(HeapNeed.of(folder, quantization));
        Model model = new Model(this, folder, Decoder.load(checkpoint, device.backend(), cache));
        models.add(model);
        return model;
    }

    /**
     * What a model will take of the GPU's memory, before it is loaded; empty on the CPU.
     *
     * @param cache how keys and values will be kept
     * @param sequences that will run together
     * @param context most tokens of each, its prompt included
     * @throws MxForgeException if the model does not take as many tokens, or as {@link #load(ModelFolder, Quantization)} does
     */
    public Optional<MemoryPlan> plan(
            ModelFolder folder, Quantization quantization, CacheFormat cache, int sequences, int context) {
        check();
        Arguments.require(folder, "the model to plan for is missing: give a ModelFolder");
        Arguments.require(quantization, "a quantization is missing: give Quantization.NONE for the model as it is");
        Backend backend = device.backend();
        return Decoder.need(quantization.apply(folder), backend, cache, sequences, context)
                .map(need -> MemoryPlan.of(
                        folder.path().getFileName() + " in "
                                + (folder.isQuantized() ? folder.recipe() : quantization.recipe()).text(),
                        backend.device(),
                        sequences,
                        context,
                        need,
                        backend.memory().orElseThrow()));
    }

    /**
     * Makes sure that a model will fit, as far as that is known before it is loaded: into the GPU's memory, or on the CPU into the Java heap,
     * where its weights and its cache are what is known.
     *
     * @return what it will take of the GPU's memory; empty on the CPU
     * @throws MxForgeException with the numbers, and what would fit
     */
    public Optional<MemoryPlan> requireRoom(
            ModelFolder folder, Quantization quantization, CacheFormat cache, int sequences, int context) {
        Optional<MemoryPlan> plan = plan(folder, quantization, cache, sequences, context);
        plan.ifPresent(MemoryPlan::requireFit);
        requireHeap(HeapNeed.of(folder, quantization).with(folder.checkpoint().config(), sequences, context));
        return plan;
    }

    private void requireHeap(HeapNeed need) {
        if (!target().isGpu()) {
            need.requireFit(Runtime.getRuntime().maxMemory());
        }
    }

    /**
     * Chooses a variant of a kernel for a shape as the options say, without running a model: looks it up or searches for it.
     *
     * @param shape in one of the forms of {@link TunedKernel#SHAPES}
     * @throws IllegalArgumentException if kernels of {@code spec} are not tuned, or not on such a shape
     * @throws CancelledException if the listener cancels the search; what was tried until then is remembered
     */
    public TunedKernel tune(KernelSpec spec, String shape) {
        check();
        return device.choose(KernelProblem.usual(spec(spec), target()), shape(shape));
    }

    /**
     * As {@link #tune(KernelSpec, String)}, among the variants whose operands lie in memory as those of {@code variant} do.
     */
    public TunedKernel tune(KernelVariant variant, String shape) {
        check();
        return device.choose(problem(variant), shape(shape));
    }

    /**
     * Tries variants of one kernel, such as those of a config space of one's own: compares each with the oracle, on operands for which
     * every right kernel gives the same bits, and times it. Nothing is chosen by that.
     *
     * @param variants of one spec, whose operands lie in memory alike
     * @return what came of each, the fastest right one first
     * @throws IllegalArgumentException if they are of several kernels, or cannot be compared so on such a shape
     * @throws CancelledException if the listener cancels it; what was tried until then is remembered
     */
    public List<WisdomStore.Tried> race(List<KernelVariant> variants, String shape) {
        check();
        Arguments.require(variants, "the variants to race are missing: give a list, such as those of a config space");
        if (variants.stream().map(this::problem).distinct().count() != 1) {
            throw new IllegalArgumentException("a race is between variants of one kernel whose operands lie alike");
        }
        return device.race(variants, shape(shape));
    }

    /** The variants that have been chosen so far, in the order they were wanted. */
    public List<TunedKernel> tuned() {
        check();
        return device.choices();
    }

    /** An HTML page, complete in itself, about the search of each of {@link #tuned}. */
    public String tuningReport() {
        check();
        return device.report();
    }

    /**
     * Compares a kernel with the oracle: runs the variant that is chosen for {@code shape} on operands for which every right kernel
     * gives the same bits.
     *
     * @throws IllegalArgumentException if kernels of {@code spec} cannot be compared so, or not on such a shape
     */
    public Verification verify(KernelSpec spec, String shape) {
        check();
        return device.verify(KernelProblem.usual(spec(spec), target()), shape(shape));
    }

    /**
     * Compares this device with the oracle: {@link #verify(KernelSpec, String)} for every kernel of the standard catalogue that can be
     * compared so, on a small shape with ragged ends.
     */
    public List<Verification> verify() {
        check();
        Set<KernelProblem> problems = new LinkedHashSet<>();
        Kernels.catalogue(target()).forEach(variant -> problems.add(KernelProblem.of(variant)));
        List<Verification> results = new ArrayList<>();
        try (Steps steps = Steps.begin(progress, "verifying", "kernels", problems.size())) {
            for (KernelProblem problem : problems) {
                device.smallShape(problem).ifPresent(shape -> results.add(device.verify(problem, shape)));
                steps.advance(1);
            }
        }
        return List.copyOf(results);
    }

    /**
     * Compares exported kernels with the oracle, those for this device's target that can be compared so: the cubins of the folder, each on the
     * shapes that it is launched for, with the passes before it. They run in a process of their own: one that does not load, takes its process
     * down or does not end has that for its fault.
     *
     * @throws MxForgeException if a kernel's source is not what this version of MXForge would export, so that nothing could be said about it
     */
    public List<Verification> verify(KernelFolder folder) {
        check();
        Arguments.require(folder, "the exported kernels are missing: give a KernelFolder");
        List<KernelFolder.Exported> here = folder.kernels().stream()
                .filter(kernel -> kernel.variant().target() == target())
                .toList();
        if (here.isEmpty()) {
            return List.of();
        }
        here.forEach(folder::requireCurrent);
        List<Verification> results = new ArrayList<>();
        try (TuningDevice gpu = device.with(
                        here.stream().collect(Collectors.toMap(KernelFolder.Exported::variant, folder::cubin)));
                Steps steps = Steps.begin(progress, "verifying", "kernels", here.size())) {
            for (KernelFolder.Exported kernel : here) {
                for (KernelFolder.Use use : kernel.uses()) {
                    Optional<KernelShape> shape =
                            use.shape().isEmpty() ? Optional.empty() : Optional.of(KernelShape.parse(use.shape()));
                    device.verify(gpu, use.variant(), shape).ifPresent(results::add);
                }
                steps.advance(1);
            }
        }
        return List.copyOf(results);
    }

    /**
     * {@link Kernels#simulate}, and the same launch on this engine's GPU: arrays that hold other bits there afterwards are among the findings.
     * Functions that PTX only bounds, such as {@code ex2.approx}, are this GPU's in the simulator too.
     *
     * @param sizes as there
     * @throws MxForgeException if a size is unknown, the kernel refuses the sizes, the simulator cannot run it, or it is for another GPU
     * @throws IllegalArgumentException if this engine is on the CPU
     */
    public Simulation simulate(KernelVariant variant, Map<String, Integer> sizes) {
        check();
        Arguments.require(variant, "a kernel's variant is missing: give one, such as KernelVariant.of(spec, target)");
        Arguments.require(sizes, "the sizes to simulate are missing: give Map.of() for the usual ones");
        return device.simulate(variant, sizes);
    }

    private static KernelSpec spec(KernelSpec spec) {
        return Arguments.require(spec, "a kernel's spec is missing: give one, such as KernelSpec.parse(text)");
    }

    private KernelProblem problem(KernelVariant variant) {
        Arguments.require(variant, "a kernel's variant is missing: give one, such as KernelVariant.of(spec, target)");
        if (!variant.target().equals(target())) {
            throw new IllegalArgumentException(
                    "a variant for " + variant.target().text() + " was given to an engine on " + target().text());
        }
        return KernelProblem.of(variant);
    }

    private static KernelShape shape(String shape) {
        return KernelShape.parse(
                Arguments.require(shape, "a kernel's shape is missing: write it as " + TunedKernel.SHAPES));
    }

    Progress progress() {
        return progress;
    }

    /** Refuses use after closing, or by another thread. */
    void check() {
        if (closed) {
            throw new IllegalStateException("the engine is closed: open another");
        }
        if (Thread.currentThread() != owner) {
            throw new IllegalStateException("the engine was opened by thread " + owner.getName() + " but is used by "
                    + Thread.currentThread().getName() + ": use it in one thread");
        }
    }

    void forget(Model model) {
        models.remove(model);
    }

    /** Closes its models and gives the device back; does nothing when it is closed already. */
    @Override
    public void close() {
        if (!closed) {
            List.copyOf(models).forEach(Model::close);
            closed = true;
            device.close();
        }
    }
}
