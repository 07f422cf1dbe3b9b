package org.mxforge.dsl.spec;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.GroupLayout;

/**
 * D[m, n] = epilogue(sum over partitions p, sum over k of A_p[m, k] * 2^sa * B_p[n, k] * 2^sb): a mixed-precision
 * microscaling GEMM in one launch, one FP32 accumulator across all partitions, rounded once (MicroMix section 4, which
 * launches three and rounds to BF16 between them).
 *
 * <p>A_p is [M][K_p] and B_p [N][K_p], in MX elements that lie as an algorithm has them ({@link Algorithm#layout}); D is [M][N]
 * row-major. K_p is any multiple of 32, zero included.
 *
 * @param pairs the formats of the partitions in the order they are accumulated, 1 to 8
 * @param groups which elements share a scale
 * @param epilogue what happens to the accumulator
 * @param output type of D
 * @param tolerance how far operands may be rounded before they are multiplied
 */
public record MxGemmSpec(
        List<FormatPair> pairs, GroupLayout groups, Epilogue epilogue, ScalarType output, Tolerance tolerance)
        implements KernelSpec {
    public static final String STEM = "mxgemm";

    /** Version of the texts: since the second one, where operands lie is no part of them. */
    public static final int VERSION = 2;

    public MxGemmSpec {
        pairs = List.copyOf(pairs);
        if (pairs.isEmpty() || pairs.size() > ChannelSplit.MAX_PARTITIONS) {
            throw new IllegalArgumentException(
                    "a mixed GEMM has 1 to " + ChannelSplit.MAX_PARTITIONS + " partitions, not " + pairs.size());
        }
        if (groups == null || epilogue == null || output == null || tolerance == null) {
            throw new IllegalArgumentException(
                    "a mixed GEMM needs a group layout, an epilogue, an output type and a tolerance");
        }
    }

    /** An exact product of operands in OCP MX groups. */
    public static MxGemmSpec exact(List<FormatPair> pairs, Epilogue epilogue, ScalarType output) {
        return new MxGemmSpec(pairs, GroupLayout.MX, epilogue, output, Tolerance.EXACT);
    }

    /** The same with another tolerance. */
    public MxGemmSpec with(Tolerance other) {
        return new MxGemmSpec(pairs, groups, epilogue, output, other);
    }

    /** Where two sums make one output, the product itself is that of a plain one. */
    @Override
    public Optional<KernelSpec> kin() {
        return epilogue == Epilogue.SWIGLU
                ? Optional.of(new MxGemmSpec(pairs, groups, Epilogue.NONE, output, tolerance))
                : Optional.empty();
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
                VERSION,
                "pairs",
                pairs.stream().map(FormatPair::text).collect(Collectors.joining("+")),
                "groups",
                groups.text(),
                "epilogue",
                epilogue.text(),
                "out",
                output.text(),
                "tolerance",
                tolerance.text());
    }

    /** Reads the fields of {@link #text()}. */
    public static MxGemmSpec read(SpecText fields) {
        List<FormatPair> pairs = List.of(fields.next("pairs").split("\\+", -1)).stream()
                .map(FormatPair::parse)
                .toList();
        return new MxGemmSpec(
                pairs,
                GroupLayout.parse(fields.next("groups")),
                Epilogue.parse(fields.next("epilogue")),
                ScalarType.parse(fields.next("out")),
                Tolerance.parse(fields.next("tolerance")));
    }
}
