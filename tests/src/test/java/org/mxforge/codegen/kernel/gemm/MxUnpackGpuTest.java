package org.mxforge.codegen.kernel.gemm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mxforge.codegen.Variants;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.launch.MxUnpackArguments;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxUnpackSpec;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.DeviceArena;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.oracle.ExactOperands;
import org.mxforge.runtime.oracle.FoldedValues;
import org.mxforge.runtime.pack.FoldedMatrix;
import org.mxforge.runtime.pack.PackedOperand;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.tests.gpu.GpuTest;

/** Weights that the GPU unpacks from fragments are the values that GEMMs decode from them, and zeros beside them. */
@Tag("gpu")
class MxUnpackGpuTest {
    private static final int ROWS = 133;

    @ParameterizedTest
    @EnumSource(names = "E2M3", mode = EnumSource.Mode.EXCLUDE)
    void unpacksWhatIsDecoded(ElementFormat format) {
        CudaContext gpu = GpuTest.context();
        assumeTrue(gpu.device().target() == Target.SM_90A, "tiles for wgmma need a GPU of compute capability 9.0");
        MxUnpackSpec spec = new MxUnpackSpec(format);
        for (KernelVariant variant : Variants.all(spec.text(), Target.SM_90A)) {
            for (int channels : new int[] {32, 128, 480}) {
                ChannelSplit split = ChannelSplit.uniform(new FormatPair(format, format), channels);
                PackedMatrix matrix = ExactOperands.generate(split, 1, ROWS, 3).weight();
                FoldedMatrix streamed = FoldedMatrix.fold(matrix, OperandLayout.MIXED_FRAGMENTS, Side.WEIGHT);
                try (DeviceArena memory = new DeviceArena(gpu);
                        CudaStream stream = gpu.stream()) {
                    DeviceBuffer fragments = PackedOperand.upload(streamed, memory::upload)
                            .parts()
                            .get(0)
                            .codes();
                    byte[] tiles = new byte[Math.toIntExact(OperandLayout.MIXED.elementBytes(format, ROWS, channels))];
                    DeviceBuffer out = memory.allocate("tiles", tiles.length);
                    out.fill(stream, (byte) 0xff);
                    GpuTest.kernels()
                            .kernel(variant)
                            .launch(stream, new MxUnpackArguments(ROWS, channels, fragments.address(), out.address()));
                    stream.synchronize();
                    out.download(tiles);
                    FoldedMatrix unpacked = new FoldedMatrix(
                            ROWS,
                            List.of(new FoldedMatrix.Partition(format, channels, tiles)),
                            streamed.factors(),
                            streamed.roundedGroups());
                    assertThat(FoldedValues.of(unpacked, OperandLayout.MIXED, Side.WEIGHT))
                            .as("%s, %d channels, %s", format.text(), channels, variant.text())
                            .isEqualTo(FoldedValues.of(streamed, OperandLayout.MIXED_FRAGMENTS, Side.WEIGHT));
                    // An element of two bytes lies as two of one do.
                    int bytes = OperandLayout.MIXED.widens(format) ? 2 : 1;
                    assertThat(padding(tiles, bytes * channels)).containsOnly(0);
                }
            }
        }
    }

    /** What lies beside the rows and channels of the matrix. */
    private static List<Integer> padding(byte[] tiles, int channels) {
        BitSet values = new BitSet(tiles.length);
        for (int row = 0; row < ROWS; row++) {
            for (int channel = 0; channel < channels; channel++) {
                values.set((int) ContainerTile.offset(row, channel, channels));
            }
        }
        return IntStream.range(0, tiles.length)
                .filter(i -> !values.get(i))
                .mapToObj(i -> (int) tiles[i])
                .distinct()
                .toList();
    }
}
