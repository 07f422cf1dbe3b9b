package org.mxforge.runtime.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.exec.cuda.CudaBackend;
import org.mxforge.runtime.kernel.VariantChooser;

class CudaWithoutGpuTest {
    @Test
    void saysInOneSentenceWhatToDo() {
        Assumptions.assumeFalse(Files.exists(Path.of("/dev/nvidia0")), "this machine has a GPU");
        // Twice, since a class whose loading failed fails differently the second time.
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(CudaDevice::first)
                    .isInstanceOf(MxForgeException.class)
                    .hasMessageMatching("No CUDA GPU was found \\(.+\\): use --device cpu\\.")
                    .hasMessageNotContaining("\n");
        }
        assertThat(CudaDevice.find()).isEmpty();
        assertThatThrownBy(CudaContext::openFirst).isInstanceOf(MxForgeException.class);
        assertThatThrownBy(() -> new CudaBackend(VariantChooser.DEFAULTS)).isInstanceOf(MxForgeException.class);
    }

    @Test
    void argumentsKeepOrderAndType() {
        assertThat(KernelArguments.of()
                        .int32(-7)
                        .pointer(1L << 40)
                        .float32(-0.5f)
                        .values())
                .containsExactly(-7, 1L << 40, -0.5f);
    }

    @Test
    void argumentsMayBeMany() {
        KernelArguments arguments = KernelArguments.of();
        List<Number> wanted = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            arguments.int32(i).pointer(i);
            wanted.add(i);
            wanted.add((long) i);
        }
        assertThat(arguments.values()).isEqualTo(wanted);
    }
}
