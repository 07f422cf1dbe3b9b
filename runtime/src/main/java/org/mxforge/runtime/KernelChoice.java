package org.mxforge.runtime;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.ToolVersion;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel.ImageKind;
import org.mxforge.runtime.cuda.nvrtc.Nvrtc;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.tune.search.Tuning;
import org.mxforge.runtime.tune.wisdom.WisdomFolder;
import org.mxforge.runtime.tune.wisdom.WisdomKey;
import org.mxforge.runtime.tune.wisdom.WisdomRecord.Toolchain;

/**
 * Chooses kernels for GPUs that need not be here, as an engine there would.
 *
 * @param gpu the GPU; for targets that it is not of, and if it is empty, one that this user has measured, or else one that MXForge comes
 *     with measurements of
 */
record KernelChoice(Optional<String> gpu, Path wisdom, Map<Target, Tuning> opened) {
    /** With the user's wisdom. */
    static KernelChoice on(Optional<String> gpu) {
        return new KernelChoice(gpu, ArtifactCache.user().root().resolve("wisdom"), new EnumMap<>(Target.class));
    }

    /**
     * What is best for {@code shape}.
     *
     * @throws IllegalArgumentException if {@code shape} is none of the problem's
     */
    TunedKernel choose(KernelProblem problem, Target target, KernelShape shape) {
        return TunedKernel.choose(opened.computeIfAbsent(target, this::open), problem, shape);
    }

    private Tuning open(Target target) {
        Toolchain toolchain = new Toolchain(
                ToolVersion.TEXT,
                "NVRTC " + Nvrtc.load().version(),
                String.join(" ", Nvrtc.options(target, ImageKind.CUBIN)),
                "");
        return Tuning.elsewhere(target, device(target), toolchain, wisdom);
    }

    /** The GPU that decides about {@code target}; the user's own files come first. */
    private String device(Target target) {
        List<WisdomKey> known = new WisdomFolder(wisdom)
                .known().stream().map(WisdomFolder.Known::key).toList();
        if (gpu.isPresent() && known.stream().noneMatch(key -> key.device().equals(gpu.get()))) {
            throw new MxForgeException(
                    "there is no wisdom about GPU '" + gpu.get() + "': 'mxforge wisdom list' shows what there is");
        }
        List<String> devices = known.stream()
                .filter(key -> key.target() == target)
                .map(WisdomKey::device)
                .distinct()
                .toList();
        return gpu.filter(devices::contains).orElse(devices.isEmpty() ? target.text() : devices.get(0));
    }
}
