package org.mxforge.runtime;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.mxforge.codegen.JavaSource;
import org.mxforge.codegen.catalogue.Catalogue;
import org.mxforge.codegen.cpu.CpuEmitter;
import org.mxforge.codegen.cuda.CudaEmitter;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.check.SampleLaunch;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel.ImageKind;
import org.mxforge.runtime.cuda.nvrtc.Nvrtc;
import org.mxforge.runtime.simulate.Simulation;

/** Makes kernels, and runs them without a GPU; needs no device. Safe for concurrent use. */
public final class Kernels {
    private Kernels() {}

    /** The standard catalogue for {@code target}; any other spec can be emitted and compiled too. */
    public static List<KernelVariant> catalogue(Target target) {
        Arguments.require(target, "a target is missing: give one, such as Target.SM_90A");
        return Catalogue.of(target);
    }

    /**
     * The source of {@code variant}: CUDA C++ for a GPU, Java for the CPU.
     *
     * @throws IllegalArgumentException if there is no such kernel
     */
    public static KernelSource emit(KernelVariant variant) {
        Arguments.require(variant, "a kernel's variant is missing: give one, such as KernelVariant.of(spec, target)");
        if (variant.target().isGpu()) {
            return new KernelSource(
                    variant.identifier() + ".cu", CudaEmitter.emit(variant).text());
        }
        JavaSource source = CpuEmitter.emit(variant);
        return new KernelSource(source.className() + ".java", source.text());
    }

    /**
     * Emits and compiles {@code variant} for its target, which is a GPU's; neither a GPU nor CUDA need be there.
     *
     * @throws MxForgeException if there is no compiler, or the kernel does not compile
     * @throws IllegalArgumentException if there is no such kernel, or it is one for the CPU
     */
    public static KernelImage compile(KernelVariant variant, KernelImage.Format format) {
        KernelSource source = emit(variant);
        Arguments.require(format, "the format of a kernel's image is missing: give KernelImage.Format.CUBIN, say");
        return compile(variant.identifier(), source.text(), variant.target(), format);
    }

    /** Compiles {@code source}, which messages call {@code name}. */
    static KernelImage compile(String name, String source, Target target, KernelImage.Format format) {
        CompiledKernel kernel = Nvrtc.load().compile(name, source, target, kind(format));
        return new KernelImage(
                format,
                format == KernelImage.Format.PTX ? text(kernel.image()) : kernel.image(),
                kernel.registers(),
                kernel.spillBytes(),
                kernel.staticSharedBytes(),
                kernel.compileMillis());
    }

    /**
     * Emits and compiles {@code variant}, which is a GPU's, and runs it on random operands by interpreting its PTX.
     *
     * @param sizes of the operands in elements, by the names that {@code kernels check} has for them, instead of the usual ones; {@code k} is
     *     that of each partition
     * @return what it did, and what it did wrong, results that are not those of the oracle included
     * @throws MxForgeException if a size is unknown, the kernel refuses the sizes, or the simulator cannot run it
     */
    public static Simulation simulate(KernelVariant variant, Map<String, Integer> sizes) {
        Arguments.require(variant, "a kernel's variant is missing: give one, such as KernelVariant.of(spec, target)");
        Arguments.require(sizes, "the sizes to simulate are missing: give Map.of() for the usual ones");
        return SampleLaunch.of(variant, sizes).run(ArtifactCache.user());
    }

    private static ImageKind kind(KernelImage.Format format) {
        return switch (format) {
            case CUBIN -> ImageKind.CUBIN;
            case PTX -> ImageKind.PTX;
        };
    }

    /** The driver wants PTX to end in a zero byte, people's tools do not. */
    private static byte[] text(byte[] zeroTerminated) {
        return Arrays.copyOf(zeroTerminated, zeroTerminated.length - 1);
    }
}
