package org.mxforge.runtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import org.mxforge.codegen.cuda.CudaSource;
import org.mxforge.codegen.export.KernelSet;
import org.mxforge.codegen.export.KernelUse;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.base.ToolVersion;
import org.mxforge.runtime.base.cache.Digests;
import org.mxforge.runtime.base.files.UserOutput;
import org.mxforge.runtime.base.options.Folding;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel.ImageKind;
import org.mxforge.runtime.cuda.nvrtc.Nvrtc;
import org.mxforge.runtime.kernel.KernelProblem;

/**
 * Kernels that are to leave: chosen one by one or for a model, and written to a folder that programs without MXForge launch them from.
 * Each is what an engine chooses on a GPU of its target that searches no more: the fastest that was measured or, where nothing was, what
 * should be. Needs no device. Immutable.
 */
public final class KernelExport {
    static final String SUMS = "SHA256SUMS";

    /** Of a folder's kernels. */
    static final String KERNELS = "kernels/";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final List<TunedKernel> kernels;
    private final KernelChoice choice;

    private KernelExport(List<TunedKernel> kernels, KernelChoice choice) {
        this.kernels = List.copyOf(kernels);
        this.choice = choice;
    }

    /** No kernels yet; what this user has measured for a target decides, or else what MXForge comes with. */
    public static KernelExport empty() {
        return new KernelExport(List.of(), KernelChoice.on(Optional.empty()));
    }

    /**
     * No kernels yet; what is known about one GPU decides.
     *
     * @param gpu its name, as {@link WisdomStore} has it; one that is not there is refused when a kernel is chosen
     */
    public static KernelExport emptyFor(String gpu) {
        return new KernelExport(
                List.of(),
                KernelChoice.on(Optional.of(
                        Arguments.require(gpu, "the name of a GPU is missing: give one, such as NVIDIA H200"))));
    }

    private KernelExport with(List<TunedKernel> more) {
        Set<TunedKernel> all = new LinkedHashSet<>(kernels);
        all.addAll(more);
        return new KernelExport(new ArrayList<>(all), choice);
    }

    /**
     * The same with this very variant, which is launched for all shapes.
     *
     * @throws IllegalArgumentException if it is not for a GPU
     */
    public KernelExport with(KernelVariant variant) {
        Arguments.require(variant, "a kernel's variant is missing: give one, such as KernelVariant.of(spec, target)");
        gpu(variant.target());
        return with(List.of(new TunedKernel(variant, "", "", 0, "given", false, OptionalDouble.empty())));
    }

    /**
     * The same with what is best for a shape.
     *
     * @param shape in one of the forms of {@link TunedKernel#SHAPES}
     * @throws IllegalArgumentException if {@code target} has no kernel for {@code spec}, or {@code shape} is none of it
     */
    public KernelExport with(KernelSpec spec, Target target, String shape) {
        Arguments.require(spec, "a kernel's spec is missing: give one, such as KernelSpec.parse(text)");
        return with(KernelProblem.usual(spec, gpu(target)), target, shape);
    }

    /** As {@link #with(KernelSpec, Target, String)}, among the variants whose operands lie in memory as those of {@code variant} do. */
    public KernelExport with(KernelVariant variant, String shape) {
        Arguments.require(variant, "a kernel's variant is missing: give one, such as KernelVariant.of(spec, target)");
        return with(KernelProblem.of(variant), gpu(variant.target()), shape);
    }

    private KernelExport with(KernelProblem problem, Target target, String shape) {
        Arguments.require(shape, "a kernel's shape is missing: write it as " + TunedKernel.SHAPES);
        return with(List.of(choice.choose(problem, target, KernelShape.parse(shape))));
    }

    /**
     * The same with all kernels that the quantized layers of a model launch: quantizers of their inputs, with each step that is fused into
     * these, and products, with each epilogue; experts one by one.
     *
     * @param folding whether scales may be folded into FP8 on targets that do so
     * @param tokens how many come at a time
     * @throws MxForgeException if the recipe quantizes nothing, needs a calibration, or does not fit the model
     */
    public KernelExport with(
            ModelFolder folder, Quantization quantization, Target target, Folding folding, List<Integer> tokens) {
        Arguments.require(folder, "the model is missing: give a ModelFolder");
        Arguments.require(quantization, "a quantization is missing: give one, such as Quantization.by(\"mxfp4\")");
        Arguments.require(folding, "the folding is missing: give Folding.EXACT, say");
        Arguments.require(tokens, "the numbers of tokens are missing: give a list of them");
        return with(LayerKernels.of(quantization.inputs(folder), gpu(target), folding).stream()
                .flatMap(site -> site.problems(tokens))
                .map(wanted -> choice.choose(wanted.problem(), target, wanted.shape()))
                .toList());
    }

    private static Target gpu(Target target) {
        Arguments.require(target, "a target is missing: give one, such as Target.SM_90A");
        if (!target.isGpu()) {
            throw new IllegalArgumentException("CPU kernels are not exported: choose a GPU target");
        }
        return target;
    }

    /** What will be launched for which shape. */
    public List<TunedKernel> kernels() {
        return kernels;
    }

    /**
     * Writes the folder: sources, PTX, cubins and descriptions of the kernels and of the passes before them, launchers for C, C++,
     * Python and Java, an index page and checksums. The same kernels give the same bytes.
     *
     * @param output a folder that does not exist yet; it appears complete or not at all
     * @return the names of the kernels
     * @throws MxForgeException if there are no kernels, one does not compile, or {@code output} exists or cannot be written
     * @throws org.mxforge.runtime.base.CancelledException if {@code progress} cancels it
     */
    public List<String> write(Path output, Progress progress) {
        Arguments.require(output, "the folder to write is missing: give its path");
        Arguments.require(progress, "a progress listener is missing: give Progress.SILENT to hear nothing");
        if (kernels.isEmpty()) {
            throw new MxForgeException("there are no kernels to export: choose some");
        }
        UserOutput.check(output);
        KernelSet set = new KernelSet(kernels.stream().map(KernelExport::use).toList());
        List<CudaSource> sources = set.kernels();
        Map<String, byte[]> files = new TreeMap<>();
        set.files(ToolVersion.TEXT).forEach((place, text) -> files.put(place, utf8(text)));
        try (Steps steps = Steps.begin(progress, "compiling", "kernels", sources.size())) {
            for (CudaSource source : sources) {
                add(source, set.description(source), files);
                steps.advance(1);
            }
        }
        StringBuilder sums = new StringBuilder();
        files.forEach((place, content) ->
                sums.append(Digests.sha256(content)).append("  ").append(place).append('\n'));
        files.put(SUMS, utf8(sums.toString()));
        UserOutput.folder(output, folder -> {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                Path place = folder.resolve(file.getKey());
                Files.createDirectories(place.getParent());
                Files.write(place, file.getValue());
            }
        });
        return sources.stream().map(source -> source.variant().name()).toList();
    }

    private static KernelUse use(TunedKernel kernel) {
        return new KernelUse(kernel.variant(), kernel.shape(), kernel.origin(), kernel.device(), kernel.millis());
    }

    private static void add(CudaSource source, ObjectNode description, Map<String, byte[]> files) {
        String name = source.variant().name();
        String text = KernelSet.text(source);
        // What the assembler tells of registers is left out: it tells nothing of a kernel that the compiler finds in
        // its own cache.
        KernelImage cubin = Kernels.compile(name, text, source.variant().target(), KernelImage.Format.CUBIN);
        KernelImage ptx = Kernels.compile(name, text, source.variant().target(), KernelImage.Format.PTX);
        ObjectNode sums = description.putObject("files");
        Map.of("cu", utf8(text), "cubin", cubin.content(), "ptx", ptx.content()).entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(file -> {
                    files.put(KERNELS + name + "." + file.getKey(), file.getValue());
                    sums.putObject(file.getKey()).put("sha256", Digests.sha256(file.getValue()));
                });
        ObjectNode compiler = description
                .putObject("compiler")
                .put("tool", "mxforge " + ToolVersion.TEXT)
                .put("nvrtc", Nvrtc.load().version());
        ObjectNode options = compiler.putObject("options");
        for (ImageKind kind : List.of(ImageKind.CUBIN, ImageKind.PTX)) {
            options.put(
                    kind == ImageKind.CUBIN ? "cubin" : "ptx",
                    String.join(" ", Nvrtc.options(source.variant().target(), kind)));
        }
        compiler.put("emitted_sha256", Digests.sha256(utf8(source.text())));
        files.put(KERNELS + name + ".json", utf8(pretty(description)));
    }

    /** With line feeds on every system. */
    private static String pretty(ObjectNode json) {
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentObjectsWith(new DefaultIndenter("  ", "\n"));
        try {
            return MAPPER.writer(printer).writeValueAsString(json) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
