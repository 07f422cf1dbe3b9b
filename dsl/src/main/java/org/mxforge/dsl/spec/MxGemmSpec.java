package org.mxforge.dsl.spec;

import java.util.List;
import java.util.stream.Collectors;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.FragmentTile;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.ScaleLayout;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.target.KernelFamily;
import org.mxforge.dsl.target.Target;

/**
 * D[m, n] = epilogue(sum over partitions p, sum over k of A_p[m, k] * 2^sa * B_p[n, k] * 2^sb): a mixed-precision
 * microscaling GEMM in one launch, one FP32 accumulator across all partitions, rounded once (MicroMix section 4, which
 * launches three and rounds to BF16 between them).
 *
 * <p>Layouts: A_p is [M][K_p] codes packed row by row ({@link org.mxforge.dsl.layout.CodePacking}), B_p likewise [N][K_p];
 * scales as {@code groups} says, and with folded scales codes too; D is [M][N] row-major. K_p is any multiple of 32, zero
 * included.
 *
 * @param pairs the formats of the partitions in the order they are accumulated, 1 to 8
 * @param groups placement of the scales
 * @param epilogue what happens to the accumulator
 * @param output type of D
 */
public record MxGemmSpec(List<FormatPair> pairs, GroupLayout groups, Epilogue epilogue, ScalarType output)
        implements KernelSpec {
    static final String STEM = "mxgemm";

    private static final int MOST_NARROW_CHANNELS = 2048;

    public MxGemmSpec {
        pairs = List.copyOf(pairs);
        if (pairs.isEmpty() || pairs.size() > ChannelSplit.MAX_PARTITIONS) {
            throw new IllegalArgumentException(
                    "a mixed GEMM has 1 to " + ChannelSplit.MAX_PARTITIONS + " partitions, not " + pairs.size());
        }
        if (groups == null || epilogue == null || output == null) {
            throw new IllegalArgumentException("a mixed GEMM needs a group layout, an epilogue and an output type");
        }
    }

    @Override
    public String stem() {
        return STEM;
    }

    @Override
    public String text() {
        return text(STEM);
    }

    /** The canonical text of a kernel that has the fields of this one. */
    String text(String stem) {
        return SpecText.write(
                stem,
                "pairs",
                pairs.stream().map(FormatPair::text).collect(Collectors.joining("+")),
                "groups",
                groups.text(),
                "epilogue",
                epilogue.text(),
                "out",
                output.text());
    }

    static MxGemmSpec read(SpecText fields) {
        return fields.end(readFields(fields));
    }

    /** The fields that {@link #text(String)} writes. */
    static MxGemmSpec readFields(SpecText fields) {
        List<FormatPair> pairs = List.of(fields.next("pairs").split("\\+", -1)).stream()
                .map(FormatPair::parse)
                .toList();
        return new MxGemmSpec(
                pairs,
                GroupLayout.parse(fields.next("groups")),
                Epilogue.parse(fields.next("epilogue")),
                ScalarType.parse(fields.next("out")));
    }

    /** Whether the weights of a pair are kept packed, as {@link FragmentTile}, and decoded in registers. */
    public boolean keepsFragments(FormatPair pair) {
        return groups.scales() == ScaleLayout.STREAMED && FragmentTile.holds(pair.weight());
    }

    /**
     * Whether sums over {@code channels} are as good as this spec promises in a configuration of the Hopper family. Sums that FP8
     * tensor cores keep for themselves have 14 significant bits: their error, relative to the root mean square of the results, is
     * 5e-4 at 1024 channels and grows with their number's root (measured on an H200 with operands of both signs), so that up to
     * {@value #MOST_NARROW_CHANNELS} it stays below 1e-3 and thus below the rounding to BF16.
     */
    public boolean permits(Configuration configuration, int channels) {
        return !groups.scales().isFolded()
                || HopperGemm.of(configuration) != HopperGemm.WGMMA
                || permitsOnWgmma(configuration, channels);
    }

    /** The same where the kernel is known to be the one on wgmma. */
    boolean permitsOnWgmma(Configuration configuration, int channels) {
        boolean narrow = (groups.scales() == ScaleLayout.FOLDED || groups.scales() == ScaleLayout.STREAMED)
                && configuration.get("promote") == 0;
        return !narrow || channels <= MOST_NARROW_CHANNELS;
    }

    @Override
    public KernelFamily family(Target target) {
        return groups.scales().isFolded() ? KernelFamily.HOPPER : KernelSpec.super.family(target);
    }

    @Override
    public ConfigSpace space(Target target) {
        if (groups.scales().isFolded()) {
            return HopperSpaces.gemm(this, target);
        }
        int activationBits =
                pairs.stream().mapToInt(p -> p.activation().bits()).max().orElseThrow();
        int weightBits = pairs.stream().mapToInt(p -> p.weight().bits()).max().orElseThrow();
        return target.isGpu() ? GemmSpaces.packed(groups, target, activationBits, weightBits) : GemmSpaces.cpu(groups);
    }
}
