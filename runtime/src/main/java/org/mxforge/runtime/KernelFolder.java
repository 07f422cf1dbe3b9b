package org.mxforge.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mxforge.codegen.cuda.CudaEmitter;
import org.mxforge.codegen.export.KernelSet;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelKinds;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.spec.Tolerance;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.base.cache.Digests;
import org.mxforge.runtime.base.files.InputFile;
import org.mxforge.runtime.base.files.UserOutput;
import org.mxforge.runtime.base.json.JsonFields;
import org.mxforge.runtime.base.json.StrictJson;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel.ImageKind;
import org.mxforge.runtime.cuda.nvrtc.Nvrtc;

/** A folder that {@link KernelExport} wrote, whose files are as they were written. Immutable. */
public final class KernelFolder {
    private static final long MOST_BYTES = 256L << 20;
    private static final Pattern SUM = Pattern.compile("([0-9a-f]{64})  ([\\w./-]+)");
    private static final int MOST_NAMED = 5;

    private final Path path;
    private final List<Exported> kernels;

    private KernelFolder(Path path, List<Exported> kernels) {
        this.path = path;
        this.kernels = List.copyOf(kernels);
    }

    /**
     * One kernel.
     *
     * @param name of its files
     * @param variant what was exported
     * @param uses what it is launched for
     * @param nvrtc version of the compiler
     * @param options of the compiler, for the cubin and for PTX
     */
    public record Exported(
            String name,
            KernelVariant variant,
            List<Use> uses,
            String nvrtc,
            Map<KernelImage.Format, String> options) {}

    /**
     * What a kernel is launched for.
     *
     * @param variant the kernel with the passes before it
     * @param shape such as {@code m16,n4096,k4096}, or empty where shapes make no difference
     */
    public record Use(KernelVariant variant, String shape) {}

    /**
     * What came of compiling a kernel again.
     *
     * @param kernel its name
     * @param compared whether that could be compared: the compiler and its options must be those that it was exported with
     * @param fault what differs, in words
     */
    public record Recompiled(String kernel, boolean compared, Optional<String> fault) {}

    /**
     * Opens {@code folder} and compares all files with their sums.
     *
     * @throws MxForgeException naming the files that are missing, added or changed, or what is wrong with a description
     */
    public static KernelFolder open(Path folder) {
        Arguments.require(folder, "the folder of exported kernels is missing: give its path");
        if (!Files.isDirectory(folder)) {
            throw new MxForgeException(
                    "there is no folder " + folder + ": name one that 'mxforge kernels export' wrote");
        }
        if (!Files.exists(folder.resolve(KernelExport.SUMS))) {
            throw new MxForgeException(folder + " is no folder of exported kernels, since it has no "
                    + KernelExport.SUMS + ": name one that 'mxforge kernels export' wrote");
        }
        Map<String, String> sums = sums(folder);
        check(folder, sums);
        List<Exported> kernels = new ArrayList<>();
        for (String place : sums.keySet()) {
            if (place.startsWith(KernelExport.KERNELS) && place.endsWith(".json")) {
                kernels.add(read(folder, place));
            }
        }
        return new KernelFolder(folder, kernels);
    }

    private static Map<String, String> sums(Path folder) {
        Path file = folder.resolve(KernelExport.SUMS);
        Map<String, String> sums = new TreeMap<>();
        for (String line :
                new InputFile("list of sums", file).text(MOST_BYTES).lines().toList()) {
            Matcher sum = SUM.matcher(line);
            if (!sum.matches()
                    || Path.of(sum.group(2)).isAbsolute()
                    || sum.group(2).contains("..")) {
                throw new MxForgeException(
                        file + " has a line that is no sum of a file in its folder: export the kernels again");
            }
            sums.put(sum.group(2), sum.group(1));
        }
        return sums;
    }

    private static void check(Path folder, Map<String, String> sums) {
        List<String> faults = new ArrayList<>();
        for (Map.Entry<String, String> sum : sums.entrySet()) {
            Path file = folder.resolve(sum.getKey());
            if (!Files.isRegularFile(file)) {
                faults.add(sum.getKey() + " is missing");
            } else if (!Digests.sha256(new InputFile("file", file).bytes(MOST_BYTES))
                    .equals(sum.getValue())) {
                faults.add(sum.getKey() + " was changed");
            }
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(file -> !Files.isDirectory(file))
                    .map(file -> folder.relativize(file).toString())
                    .filter(place -> !sums.containsKey(place) && !place.equals(KernelExport.SUMS))
                    .sorted()
                    .forEach(place -> faults.add(place + " was added"));
        } catch (IOException e) {
            throw new MxForgeException("folder " + folder + " cannot be read: " + UserOutput.reason(e), e);
        }
        if (!faults.isEmpty()) {
            String rest = faults.size() > MOST_NAMED ? ", and " + (faults.size() - MOST_NAMED) + " more" : "";
            throw new MxForgeException("the exported kernels in " + folder + " are not as they were written: "
                    + String.join(", ", faults.subList(0, Math.min(MOST_NAMED, faults.size()))) + rest
                    + "; export them again");
        }
    }

    private static Exported read(Path folder, String place) {
        JsonFields json = StrictJson.read(folder.resolve(place), MOST_BYTES);
        if (!json.text("schema").equals(KernelSet.SCHEMA)) {
            throw json.bad("schema", KernelSet.SCHEMA + ", which this mxforge reads");
        }
        try {
            KernelSpec spec = KernelSpec.parse(json.text("spec"));
            Target target = Target.parse(json.text("target"));
            Map<String, Integer> configuration = new LinkedHashMap<>();
            JsonFields values = json.section("configuration");
            values.object()
                    .fieldNames()
                    .forEachRemaining(name ->
                            configuration.put(name, values.integer(name, Integer.MIN_VALUE, Integer.MAX_VALUE)));
            Configuration chosen = Configuration.of(configuration);
            List<Use> uses = new ArrayList<>();
            for (JsonFields use : json.sections("uses")) {
                uses.add(new Use(
                        KernelVariant.of(spec, KernelKinds.algorithm(spec, use.text("algorithm")), target, chosen),
                        use.text("shape")));
            }
            JsonFields compiler = json.section("compiler");
            JsonFields options = compiler.section("options");
            return new Exported(
                    json.text("name"),
                    KernelVariant.of(spec, KernelKinds.algorithm(spec, json.text("algorithm")), target, chosen),
                    uses,
                    compiler.text("nvrtc"),
                    Map.of(
                            KernelImage.Format.CUBIN, options.text("cubin"),
                            KernelImage.Format.PTX, options.text("ptx")));
        } catch (IllegalArgumentException e) {
            throw new MxForgeException(json.where() + ": " + e.getMessage(), e);
        }
    }

    public Path path() {
        return path;
    }

    /** The kernels, passes included, in the order of their names. */
    public List<Exported> kernels() {
        return kernels;
    }

    /**
     * Compiles every source again and compares what comes of it, byte for byte. Needs no GPU.
     *
     * @throws MxForgeException if there is no compiler
     * @throws org.mxforge.runtime.base.CancelledException if {@code progress} cancels it
     */
    public List<Recompiled> recompile(Progress progress) {
        Arguments.require(progress, "a progress listener is missing: give Progress.SILENT to hear nothing");
        List<Recompiled> results = new ArrayList<>();
        try (Steps steps = Steps.begin(progress, "compiling again", "kernels", kernels.size())) {
            for (Exported kernel : kernels) {
                results.add(recompile(kernel));
                steps.advance(1);
            }
        }
        return List.copyOf(results);
    }

    private Recompiled recompile(Exported kernel) {
        String source = new String(bytes(kernel, "cu"), StandardCharsets.UTF_8);
        List<String> faults = new ArrayList<>();
        boolean compared = true;
        for (KernelImage.Format format : KernelImage.Format.values()) {
            ImageKind kind = format == KernelImage.Format.PTX ? ImageKind.PTX : ImageKind.CUBIN;
            boolean same = kernel.nvrtc().equals(Nvrtc.load().version())
                    && kernel.options()
                            .get(format)
                            .equals(String.join(
                                    " ", Nvrtc.options(kernel.variant().target(), kind)));
            byte[] again = Kernels.compile(
                            kernel.name(), source, kernel.variant().target(), format)
                    .content();
            String file = format == KernelImage.Format.PTX ? "ptx" : "cubin";
            compared &= same;
            if (same && !Arrays.equals(again, bytes(kernel, file))) {
                faults.add("its " + file + " is not what the source compiles to");
            }
        }
        return new Recompiled(
                kernel.name(), compared, faults.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", faults)));
    }

    /**
     * How products of {@code pairs} on {@code target} want weights.
     *
     * @throws MxForgeException if there is none, or they disagree
     */
    Operand weights(Target target, List<FormatPair> pairs) {
        List<Operand> operands = kernels.stream()
                .flatMap(kernel -> kernel.uses().stream())
                .map(Use::variant)
                .filter(variant -> variant.target() == target)
                .flatMap(variant -> tolerance(variant.spec(), pairs)
                        .map(tolerance -> new Operand(variant.algorithm().layout(Side.WEIGHT), tolerance)))
                .distinct()
                .toList();
        String product = pairs.stream().map(FormatPair::text).collect(Collectors.joining("+"));
        if (operands.isEmpty()) {
            throw new MxForgeException(path + " has no product of " + product + " for " + target.text()
                    + ": export the kernels of this model, or name another target");
        }
        if (operands.size() > 1) {
            throw new MxForgeException("the products of " + product + " for " + target.text() + " in " + path
                    + " read weights in several layouts: export them apart");
        }
        return operands.get(0);
    }

    /** How a product reads weights. */
    record Operand(OperandLayout layout, Tolerance tolerance) {}

    /** The tolerance of {@code spec} if it is a product of {@code pairs}, whatever its epilogue and output. */
    private static Stream<Tolerance> tolerance(KernelSpec spec, List<FormatPair> pairs) {
        return Stream.of(Tolerance.values())
                .filter(tolerance -> Stream.of(Epilogue.values()).anyMatch(epilogue -> Stream.of(ScalarType.values())
                        .anyMatch(output -> MxGemmSpec.exact(pairs, epilogue, output)
                                .with(tolerance)
                                .equals(spec))));
    }

    /** Makes sure that this program would export the same source now, so that what it finds out about its own kernel holds for this one. */
    void requireCurrent(Exported kernel) {
        byte[] now = KernelSet.text(CudaEmitter.emit(kernel.variant())).getBytes(StandardCharsets.UTF_8);
        if (!Arrays.equals(now, bytes(kernel, "cu"))) {
            throw new MxForgeException("kernel " + kernel.name() + " in " + path
                    + " was exported by another version of mxforge, which alone can compare it with the"
                    + " oracle: export it again");
        }
    }

    Path cubin(Exported kernel) {
        return file(kernel, "cubin");
    }

    private byte[] bytes(Exported kernel, String kind) {
        return new InputFile("exported file", file(kernel, kind)).bytes(MOST_BYTES);
    }

    private Path file(Exported kernel, String kind) {
        return path.resolve(KernelExport.KERNELS + kernel.name() + "." + kind);
    }
}
