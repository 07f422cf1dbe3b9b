package org.mxforge.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.base.options.TuneMode;
import org.mxforge.tests.gpu.GpuTest;

/** Exported kernels give the oracle's bits on the GPU that they are for, with the passes before them. */
@Tag("gpu")
class ExportedKernelsGpuTest {
    private static final String GEMM = "mxgemm/v2;pairs=%s;groups=g32;epilogue=none;out=bf16;tolerance=exact";

    @Test
    void kernelsAreTheOraclesEqual(@TempDir Path folder) {
        Target target = GpuTest.context().device().target();
        KernelExport export = KernelExport.empty();
        for (String pairs : new String[] {"e2m1xe2m1", "e4m3xe2m1"}) {
            for (String shape : new String[] {"m16,n384,k512", "m256,n384,k512"}) {
                export = export.with(KernelSpec.parse(String.format(GEMM, pairs)), target, shape);
            }
        }
        export.write(folder.resolve("kernels"), Progress.SILENT);
        KernelFolder kernels = KernelFolder.open(folder.resolve("kernels"));
        try (Engine engine =
                Engine.open(EngineOptions.defaults().withDevice(DeviceKind.GPU).withTuning(TuneMode.OFF))) {
            assertThat(engine.verify(kernels)).hasSize(4).allMatch(Verification::passed);
        }
    }
}
