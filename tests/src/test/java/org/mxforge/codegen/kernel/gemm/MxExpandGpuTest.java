package org.mxforge.codegen.kernel.gemm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mxforge.codegen.Variants;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.launch.MxExpandArguments;
import org.mxforge.dsl.layout.Bf16Tile;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxExpandSpec;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.spec.Tolerance;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.DeviceArena;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.oracle.ExactOperands;
import org.mxforge.runtime.pack.FoldedMatrix;
import org.mxforge.runtime.pack.PackedOperand;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.tests.gpu.GpuTest;

/** Expansion on the GPU makes the bytes that folding on the host does. */
@Tag("gpu")
class MxExpandGpuTest {
    private static final int ROWS = 133;

    private static final byte UNTOUCHED = (byte) 0xff;

    @ParameterizedTest
    @EnumSource(ElementFormat.class)
    void expandsAsTheHostFolds(ElementFormat format) {
        CudaContext gpu = GpuTest.context();
        assumeTrue(gpu.device().target() == Target.SM_90A, "tiles for wgmma need a GPU of compute capability 9.0");
        MxExpandSpec spec = new MxExpandSpec(format);
        for (KernelVariant variant : Variants.all(spec.text(), Target.SM_90A)) {
            for (int channels : new int[] {32, 128, 480}) {
                assertExpands(gpu, variant, channels);
            }
        }
    }

    private static void assertExpands(CudaContext gpu, KernelVariant variant, int channels) {
        ElementFormat format = ((MxExpandSpec) variant.spec()).format();
        ChannelSplit split = ChannelSplit.uniform(new FormatPair(format, format), channels);
        PackedMatrix matrix = ExactOperands.generate(split, 1, ROWS, 3).weight();
        FoldedMatrix expected = FoldedMatrix.fold(matrix, OperandLayout.BF16, Side.WEIGHT);
        try (DeviceArena memory = new DeviceArena(gpu);
                CudaStream stream = gpu.stream()) {
            PackedOperand.Part packed = PackedOperand.upload(
                            matrix, OperandLayout.TILED, Tolerance.EXACT, Side.WEIGHT, memory::upload)
                    .parts()
                    .get(0);
            long factors = PackedOperand.upload(expected, memory::upload)
                    .parts()
                    .get(0)
                    .scales()
                    .address();
            byte[] tiles = new byte[expected.partitions().get(0).tiles().length];
            DeviceBuffer out = memory.allocate("tiles", tiles.length);
            out.fill(stream, UNTOUCHED);
            GpuTest.kernels()
                    .kernel(variant)
                    .launch(
                            stream,
                            new MxExpandArguments(
                                    ROWS,
                                    channels,
                                    packed.codes().address(),
                                    packed.scales().address(),
                                    factors,
                                    out.address()));
            stream.synchronize();
            out.download(tiles);
            assertThat(tiles)
                    .as("%s, %d channels", variant.text(), channels)
                    .isEqualTo(untouchedBelow(expected.partitions().get(0).tiles(), channels));
        }
    }

    /** Channels are padded with zeros; rows below the last are left alone, since no result depends on them. */
    private static byte[] untouchedBelow(byte[] tiles, int channels) {
        byte[] result = tiles.clone();
        int rows = (ROWS + ContainerTile.ROWS - 1) / ContainerTile.ROWS * ContainerTile.ROWS;
        for (int row = ROWS; row < rows; row++) {
            for (int channel = 0; channel < Bf16Tile.blocks(channels) * Bf16Tile.CHANNELS; channel++) {
                int at = Math.toIntExact(Bf16Tile.offset(row, channel, channels));
                result[at] = UNTOUCHED;
                result[at + 1] = UNTOUCHED;
            }
        }
        return result;
    }
}
