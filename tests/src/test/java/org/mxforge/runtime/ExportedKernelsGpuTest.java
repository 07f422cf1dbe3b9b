package org.mxforge.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.base.cache.Digests;
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

    /** It is the folder's cubin that runs, and not what its source compiles to here. */
    @Test
    void anotherCubinIsFound(@TempDir Path folder) throws IOException {
        Target target = GpuTest.context().device().target();
        Path root = folder.resolve("kernels");
        List<String> names = KernelExport.empty()
                .with(KernelSpec.parse(String.format(GEMM, "e2m1xe2m1")), target, "m16,n384,k512")
                .with(KernelVariant.of(KernelSpec.parse("silumul/v1;layout=plain"), target))
                .write(root, Progress.SILENT);
        Path wrong = root.resolve("kernels/" + named(names, "mxgemm") + ".cubin");
        String sum = Digests.sha256(Files.readAllBytes(wrong));
        Files.copy(
                root.resolve("kernels/" + named(names, "silumul") + ".cubin"),
                wrong,
                StandardCopyOption.REPLACE_EXISTING);
        Path sums = root.resolve("SHA256SUMS");
        Files.writeString(sums, Files.readString(sums).replace(sum, Digests.sha256(Files.readAllBytes(wrong))));
        KernelFolder kernels = KernelFolder.open(root);
        try (Engine engine =
                Engine.open(EngineOptions.defaults().withDevice(DeviceKind.GPU).withTuning(TuneMode.OFF))) {
            assertThatThrownBy(() -> engine.verify(kernels)).hasMessageContaining("mxgemm");
        }
    }

    private static String named(List<String> names, String stem) {
        return names.stream().filter(name -> name.startsWith(stem)).findFirst().orElseThrow();
    }
}
