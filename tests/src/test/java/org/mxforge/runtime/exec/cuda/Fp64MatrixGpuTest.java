package org.mxforge.runtime.exec.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.launch.KernelStore;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.tests.gpu.GpuTest;

/** Symmetric matrices are factored, whatever is on the other side of their diagonal, and those that cannot be are damped. */
@Tag("gpu")
class Fp64MatrixGpuTest {
    private final Random random = new Random(5);
    private Gpu gpu;

    @BeforeEach
    void open() {
        GpuTest.context();
        CudaContext context = CudaContext.openFirst();
        gpu = Gpu.of(context, new KernelStore(context, ArtifactCache.user()), VariantChooser.DEFAULTS);
    }

    @AfterEach
    void close() {
        if (gpu != null) {
            gpu.close();
        }
    }

    /** Of a symmetric matrix with {@code diagonal} on its diagonal, and small numbers below it. */
    private Fp64Matrix matrix(double[] values, int size, double diagonal) {
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                values[i * size + j] = i == j ? diagonal : j < i ? random.nextDouble() / size : Double.NaN;
            }
        }
        Fp64Matrix matrix = Fp64Matrix.allocate(gpu, size, size);
        matrix.memory().buffer().upload(values);
        return matrix;
    }

    @ParameterizedTest
    @ValueSource(ints = {32, 64, 96, 288})
    void theRootIsThatOfTheInverse(int size) {
        double[] values = new double[size * size];
        double[] found = new double[size * size];
        try (Fp64Matrix matrix = matrix(values, size, 1.5);
                Fp64Matrix root = Fp64Matrix.allocate(gpu, size, size)) {
            assertThat(matrix.inverseRoot(0.5, root)).isZero();
            root.memory().buffer().download(found);
        }
        // M R^T R = I.
        for (int i = 0; i < size; i++) {
            double[] row = new double[size];
            for (int k = 0; k < size; k++) {
                double m = i == k ? 2 : values[Math.max(i, k) * size + Math.min(i, k)];
                for (int r = 0; r <= k; r++) {
                    for (int j = r; j < size; j++) {
                        row[j] += m * found[r * size + k] * found[r * size + j];
                    }
                }
            }
            for (int j = 0; j < size; j++) {
                assertThat(row[j]).isCloseTo(i == j ? 1 : 0, within(1e-12));
                assertThat(j >= i || found[i * size + j] == 0).isTrue();
            }
        }
    }

    @Test
    void whatIsNotPositiveDefiniteIsDampedAndCounted() {
        int size = 96;
        try (Fp64Matrix matrix = matrix(new double[size * size], size, -4);
                Fp64Matrix root = Fp64Matrix.allocate(gpu, size, size)) {
            assertThat(matrix.inverseRoot(0.05, root))
                    .as("5, where 0.5 is too little")
                    .isEqualTo(2);
            matrix.setDiagonal(new double[size], Double.NaN);
            assertThatThrownBy(() -> matrix.inverseRoot(0.05, root))
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessage("a matrix of 96 rows is not positive definite");
        }
    }
}
