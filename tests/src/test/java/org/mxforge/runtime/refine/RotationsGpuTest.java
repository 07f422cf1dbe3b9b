package org.mxforge.runtime.refine;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.runtime.exec.cuda.CudaBackend;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.tests.gpu.GpuTest;

/** What a GPU rotates is what the host rotates. */
@Tag("gpu")
class RotationsGpuTest {
    private Backend gpu;

    @BeforeEach
    void open() {
        GpuTest.context();
        gpu = new CudaBackend(VariantChooser.DEFAULTS);
    }

    @AfterEach
    void close() {
        if (gpu != null) {
            gpu.close();
        }
    }

    /** Rows of more than one piece among them. */
    @ParameterizedTest
    @CsvSource({"32, 64, 3", "96, 160, 1", "352, 32, 2", "8224, 32, 1"})
    void bothSidesAreThoseOfTheDefinition(int other, int size, int blocks) {
        HostRotationsTest.check(gpu.rotations().orElseThrow(), other, size, blocks);
    }
}
