package org.mxforge.runtime.tune.cost;

import java.util.Optional;
import java.util.Set;
import org.mxforge.dsl.layout.ScaleLayout;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.MxGemmSpec;

/**
 * GEMMs on wgmma: tiles of {@code bm} tokens by {@code bn} weights, one block to a multiprocessor, the tensor cores' sums moved into
 * FP32 every {@code promote} channels. The shares of lost clocks are measurements on an H200.
 */
final class HopperCost implements FamilyCost {
    private static final Set<String> PARAMETERS = Set.of("bm", "bn", "promote");

    private static final int THREADS = 384;
    private static final int REGISTERS = 168;
    private static final int SHARED_BYTES = 200 << 10;
    /** From the launch to the first product, and from the last product to the end of a tile. */
    private static final double ENDS_CYCLES = 3000;
    /** Instructions of a lane to decode one weight into registers, twice where they issue at half rate. */
    private static final double DECODE_4 = 1.75;

    private static final double DECODE_6 = 3.9;
    private static final int LANES = 32;

    @Override
    public Optional<BlockCost> block(KernelSpec spec, GemmWork work, GpuModel gpu, Configuration configuration) {
        if (!(spec instanceof MxGemmSpec gemm)
                || !configuration.values().keySet().equals(PARAMETERS)) {
            return Optional.empty();
        }
        int bm = configuration.get("bm");
        int bn = configuration.get("bn");
        ScaleLayout layout = gemm.groups().scales();
        boolean wide = layout == ScaleLayout.EXPANDED;
        double tensor = 0;
        double instructions = 0;
        double bytes = (double) work.outputBytes() * bm * bn;
        for (GemmWork.Part part : work.parts()) {
            boolean decoded = layout == ScaleLayout.STREAMED && part.weightBits() < 8;
            double stored = wide ? 2 : 1;
            tensor += (double) bm
                    * bn
                    * part.k()
                    / (wide ? gpu.tensor().bf16() : gpu.tensor().fp8());
            instructions +=
                    decoded ? (double) bn * part.k() * (part.weightBits() == 4 ? DECODE_4 : DECODE_6) / LANES : 0;
            bytes += part.k() * (bm * stored + bn * (decoded ? part.weightBits() / 8.0 : stored));
        }
        boolean anyDecoded = instructions > 0;
        return Optional.of(new BlockCost(
                ceil(work.m(), bm) * ceil(work.n(), bn),
                THREADS,
                REGISTERS,
                SHARED_BYTES,
                tensor * (1 + lost(configuration.get("promote"), anyDecoded)),
                instructions / gpu.warpInstructions(),
                ENDS_CYCLES,
                bytes,
                SHARED_BYTES));
    }

    /** Share of the tensor cores' clocks that is lost to moving sums. */
    private static double lost(int promote, boolean decoded) {
        return switch (promote) {
            case 0 -> 0.06;
            case 256 -> 0.09;
            default -> decoded ? 0.35 : 0.20;
        };
    }

    private static long ceil(long dividend, long divisor) {
        return (dividend + divisor - 1) / divisor;
    }
}
