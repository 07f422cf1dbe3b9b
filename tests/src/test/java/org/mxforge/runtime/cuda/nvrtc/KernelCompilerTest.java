package org.mxforge.runtime.cuda.nvrtc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel.ImageKind;

class KernelCompilerTest {
    private static final DenseGemmSpec SPEC = new DenseGemmSpec(Epilogue.BIAS, ScalarType.BF16);

    @TempDir
    Path root;

    @Test
    void aSecondStartTakesTheKernelFromTheCache() {
        ArtifactCache cold = new ArtifactCache(root);
        KernelVariant variant = KernelVariant.of(SPEC, Target.SM_90A);
        CompiledKernel built = new KernelCompiler(cold).compile(variant, ImageKind.CUBIN);
        assertThat(cold.misses()).isEqualTo(1);

        ArtifactCache warm = new ArtifactCache(root);
        CompiledKernel found = new KernelCompiler(warm).compile(variant, ImageKind.CUBIN);
        assertThat(warm.misses()).isZero();
        assertThat(found).usingRecursiveComparison().isEqualTo(built);
    }

    @Test
    void targetAndKindAreDifferentArtifacts() {
        ArtifactCache cache = new ArtifactCache(root);
        KernelCompiler compiler = new KernelCompiler(cache);
        compiler.compile(KernelVariant.of(SPEC, Target.SM_90A), ImageKind.CUBIN);
        compiler.compile(KernelVariant.of(SPEC, Target.SM_80), ImageKind.CUBIN);
        compiler.compile(KernelVariant.of(SPEC, Target.SM_80), ImageKind.PTX);
        assertThat(cache.misses()).isEqualTo(3);
        assertThat(cache.hits()).isZero();
    }
}
