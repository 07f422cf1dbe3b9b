package org.mxforge.runtime.tune.cost;

import java.util.Optional;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.GemmWork;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.tile.RingTiling;
import org.mxforge.dsl.tile.SharedTile;
import org.mxforge.dsl.tile.StreamTiling;
import org.mxforge.dsl.tile.WgmmaTiling;

/**
 * The kernels for sm_90a. On wgmma one block fills a
 * multiprocessor, and the tensor cores' sums are moved into FP32 every {@code promote} channels; the shares of clocks that this
 * loses are measurements on an H200 and an H100. Streaming, {@code warps} share the channels of a few weights, and with rings all warpgroups of a cluster.
 */
final class HopperCost implements FamilyCost {
    private static final int THREADS = 384;
    private static final int REGISTERS = 168;
    private static final int SHARED_BYTES = 200 << 10;
    /** From the launch to the first product, and from the last product to the end of a tile. */
    private static final double ENDS_CYCLES = 3000;
    /** Until blocks that share channels have added up their sums. */
    private static final double MEETING_CYCLES = 4000;
    /** Instructions of a lane to decode one weight into registers, twice where they issue at half rate. */
    private static final double DECODE_4 = 1.75;

    /** The same to FP8, with nothing to be done for tokens. */
    private static final double DECODE_4_JOINTLY = 1.0;

    private static final double DECODE_6 = 3.9;
    /** To BF16, counted and not measured. */
    private static final double DECODE_8 = 2.5;

    private static final int LANES = 32;
    /** Registers of a streaming thread beside its sums. */
    private static final int STREAM_REGISTERS = 56;

    private static final double STREAM_ENDS_CYCLES = 2000;
    /** Of a warp on each 128 channels of 16 weights, while nothing else of it is under way. */
    private static final double STREAM_ROUND_CYCLES = 250;
    /** Share of the tokens that comes from the L2 cache; other blocks of the multiprocessor have left the rest in L1. */
    private static final double STREAM_TOKENS = 0.5;
    /** From the launch to the first product, and from the last one to the end, as far as the kernels around do not hide it. */
    private static final double RING_ENDS_CYCLES = 1000;
    /** Of a warpgroup on each 128 channels. */
    private static final double RING_STEP_CYCLES = 250;
    /** Besides for each warpgroup of the block, which decode in turns, and each instruction to decode one weight. */
    private static final double RING_TURN_CYCLES = 70;
    /** Of a tile for each warpgroup that another is sent sums of. */
    private static final double RING_SENDER_CYCLES = 200;
    /** Multiprocessors that clusters of more than two fill. */
    private static final double CLUSTERED = 120.0 / 132;
    /** Blocks that run one after the other where clusters of four do not fill all groups of multiprocessors, to those that are there. */
    private static final double CLUSTERS_OF_FOUR = 1.18;
    /** For each token that there is room for: its slots, and its sums on their way together. */
    private static final double STREAM_TOKEN_CYCLES = 40;

    @Override
    public Optional<BlockCost> block(KernelVariant variant, GemmWork work, GpuModel gpu) {
        OperandLayout weights = variant.kernel().algorithm().layout(Side.WEIGHT);
        if (variant.tiling() instanceof WgmmaTiling tiling) {
            return Optional.of(wgmma(weights, work, gpu, tiling));
        }
        if (variant.tiling() instanceof RingTiling tiling) {
            return Optional.of(ring(weights, work, gpu, tiling));
        }
        return variant.tiling() instanceof StreamTiling tiling
                ? Optional.of(stream(weights, work, gpu, tiling))
                : Optional.empty();
    }

    /** Of a block of threads all that it does, one tile of each team after another. */
    private static BlockCost ring(OperandLayout layout, GemmWork work, GpuModel gpu, RingTiling tiling) {
        int bm = tiling.tokens();
        int bn = RingTiling.WEIGHTS;
        int parts = tiling.parts();
        int warpgroups = tiling.teams() * tiling.ways();
        double filled = parts > 2 ? CLUSTERED : 1;
        long clusters = Math.max(1, (long) (gpu.multiprocessors() * filled / parts));
        long tiles = ceil(work.n(), bn);
        long each = ceil(tiles, clusters);
        double rounds = ceil(each, tiling.teams());
        double channels = work.parts().stream().mapToDouble(GemmWork.Part::k).sum();
        double bytes = (double) work.outputBytes() * bm * bn / parts * each;
        double instructions = 0;
        double widest = 0;
        for (GemmWork.Part part : work.parts()) {
            boolean decoded = keepsFragments(layout, part);
            double weights = decoded ? part.weightRow() : part.k();
            bytes += (each * bn * weights + (double) Math.min(bm, work.m()) * part.k() * elementBytes(layout, part))
                    / parts;
            instructions += decoded ? (double) bn * part.k() * decoding(part) / LANES : 0;
            widest = Math.max(widest, part.k() == 0 ? 0 : weights / part.k());
        }
        double underWay = (double) tiling.teams() * tiling.stages() * bn * ContainerTile.CHANNELS * widest;
        double steps = rounds * channels / ContainerTile.CHANNELS / parts / tiling.ways();
        return new BlockCost(
                ceil(work.m(), bm) * ceil(tiles, each) * parts,
                LANES * (4 * warpgroups + tiling.teams()),
                STREAM_REGISTERS + bm,
                Math.toIntExact(Math.round(underWay + bm * channels / parts)),
                bm * bn * channels / gpu.tensor().fp8() / parts * each,
                Math.max(
                        instructions / gpu.warpInstructions() / parts * each,
                        steps
                                * (RING_STEP_CYCLES
                                        + RING_TURN_CYCLES * warpgroups * instructions * LANES / (bn * channels))),
                RING_ENDS_CYCLES + rounds * RING_SENDER_CYCLES * (parts * tiling.ways() - 1),
                bytes,
                underWay);
    }

    private static BlockCost stream(OperandLayout layout, GemmWork work, GpuModel gpu, StreamTiling tiling) {
        int bm = tiling.tokens();
        int bn = tiling.weights();
        int warps = tiling.warps();
        boolean containers = !work.parts().stream().allMatch(part -> keepsFragments(layout, part));
        int shared = Math.toIntExact(SharedTile.streamBlock(containers).evaluate(tiling.configuration()));
        double channels = work.parts().stream().mapToDouble(GemmWork.Part::k).sum();
        double bytes = (double) work.outputBytes() * bm * bn;
        for (GemmWork.Part part : work.parts()) {
            double weights = keepsFragments(layout, part) ? part.weightRow() : part.k();
            bytes += bn * weights + STREAM_TOKENS * Math.min(bm, work.m()) * part.k() * elementBytes(layout, part);
        }
        double fragments = bn / 16.0 * (bm / 8.0) * (channels / 16);
        double decode = StreamTiling.isJoint(bm) ? DECODE_4_JOINTLY : DECODE_4;
        return new BlockCost(
                ceil(work.m(), bm) * ceil(work.n(), bn),
                LANES * warps,
                STREAM_REGISTERS + bm * bn / LANES,
                shared,
                fragments * 16 * 8 * 16 / gpu.tensor().portable(),
                (decode * bn * channels / LANES + fragments) / gpu.warpInstructions(),
                STREAM_ENDS_CYCLES
                        + STREAM_TOKEN_CYCLES * bm
                        + STREAM_ROUND_CYCLES * (bn / 16.0) * (channels / 128 / warps),
                bytes,
                warps * (bytes / channels * 128));
    }

    private static BlockCost wgmma(OperandLayout layout, GemmWork work, GpuModel gpu, WgmmaTiling tiling) {
        int bm = tiling.tokens();
        int bn = tiling.weights();
        double tensor = 0;
        double instructions = 0;
        double bytes = (double) work.outputBytes() * bm * bn;
        for (GemmWork.Part part : work.parts()) {
            boolean decoded = keepsFragments(layout, part);
            int stored = elementBytes(layout, part);
            int narrow = part.isIntegers() ? gpu.tensor().int8() : gpu.tensor().fp8();
            tensor += (double) bm * bn * part.k() / (stored == 2 ? gpu.tensor().bf16() : narrow);
            instructions += decoded ? bn * part.k() * decoding(part) / LANES : 0;
            bytes += part.k() * (bm * stored + bn * (decoded ? part.weightBits() / 8.0 : stored));
        }
        boolean anyDecoded = instructions > 0;
        int split = tiling.split();
        return new BlockCost(
                Math.round((split == 4 ? CLUSTERS_OF_FOUR : 1) * split * ceil(work.m(), bm) * ceil(work.n(), bn)),
                THREADS,
                REGISTERS,
                SHARED_BYTES,
                tensor / split * (1 + lost(tiling.promotion(), anyDecoded, bm)),
                instructions / split / gpu.warpInstructions(),
                ENDS_CYCLES + (split > 1 ? MEETING_CYCLES : 0),
                bytes / split,
                SHARED_BYTES);
    }

    /** Share of the tensor cores' clocks that is lost to moving sums. */
    private static double lost(int promote, boolean decoded, int bm) {
        return switch (promote) {
            case 0 -> 0.06;
            // A tile of few tokens has the decoded weights of 256 channels wait for each other.
            case 256 -> !decoded ? 0.09 : bm < 256 ? 0.5 : 0.28;
            default -> decoded ? 0.35 : 0.20;
        };
    }

    private static double decoding(GemmWork.Part part) {
        return switch (part.weightBits()) {
            case 4 -> DECODE_4;
            case 6 -> DECODE_6;
            default -> DECODE_8;
        };
    }

    /** Size of the elements that tensor cores multiply. */
    private static int elementBytes(OperandLayout layout, GemmWork.Part part) {
        return layout == OperandLayout.BF16
                        || part.pair()
                                .map(FormatPair::weight)
                                .filter(layout::widens)
                                .isPresent()
                ? 2
                : 1;
    }

    private static boolean keepsFragments(OperandLayout layout, GemmWork.Part part) {
        return part.pair()
                .map(FormatPair::weight)
                .filter(layout::keepsFragments)
                .isPresent();
    }

    private static long ceil(long dividend, long divisor) {
        return (dividend + divisor - 1) / divisor;
    }
}
