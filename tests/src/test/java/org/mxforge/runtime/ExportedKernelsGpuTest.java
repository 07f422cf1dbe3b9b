package org.mxforge.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.codegen.cuda.CudaEmitter;
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
    void aCubinThatLacksTheKernelIsFound(@TempDir Path folder) throws IOException {
        assertThat(faults(folder, "extern \"C\" __global__ void another() {}"))
                .hasSize(1)
                .allSatisfy(fault -> assertThat(fault).contains("mxgemm"));
    }

    /** For a while, so that the GPU is free again should nobody stop it. */
    @Test
    void aCubinThatDoesNotEndIsStopped(@TempDir Path folder) throws IOException {
        String spinning =
                """
                extern "C" __global__ void %s() {
                    for (long long end = clock64() + 80000000000LL; clock64() < end;) {
                        __nanosleep(1000);
                    }
                }
                """;
        assertThat(faults(folder, spinning)).containsExactly("took longer than 20 s and was stopped");
    }

    /** What is found of a folder with one GEMM whose cubin is compiled from {@code source}, and whose sums fit. */
    private static List<String> faults(Path folder, String source) throws IOException {
        Target target = GpuTest.context().device().target();
        Path root = folder.resolve("kernels");
        KernelExport.empty()
                .with(KernelSpec.parse(String.format(GEMM, "e2m1xe2m1")), target, "m16,n384,k512")
                .write(root, Progress.SILENT);
        KernelVariant gemm = KernelFolder.open(root).kernels().stream()
                .map(KernelFolder.Exported::variant)
                .filter(variant -> variant.spec().stem().equals("mxgemm"))
                .findFirst()
                .orElseThrow();
        String name = CudaEmitter.emit(gemm).entryPoint();
        Path cubin = root.resolve("kernels/" + gemm.name() + ".cubin");
        String sum = Digests.sha256(Files.readAllBytes(cubin));
        Files.write(
                cubin,
                Kernels.compile(name, String.format(source, name), target, KernelImage.Format.CUBIN)
                        .content());
        Path sums = root.resolve("SHA256SUMS");
        Files.writeString(sums, Files.readString(sums).replace(sum, Digests.sha256(Files.readAllBytes(cubin))));
        try (Engine engine =
                Engine.open(EngineOptions.defaults().withDevice(DeviceKind.GPU).withTuning(TuneMode.OFF))) {
            return engine.verify(KernelFolder.open(root)).stream()
                    .flatMap(result -> result.fault().stream())
                    .toList();
        }
    }
}
