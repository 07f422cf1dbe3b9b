package org.mxforge.codegen.kernel.gemm;

import java.util.List;
import java.util.stream.Stream;
import org.mxforge.dsl.layout.FormatPair;

/** The mixes of formats that the catalogue has kernels for. */
public final class FormatMixes {
    /** MicroMix's partitions with all weights in FP4 (its main branch). */
    public static final List<FormatPair> MICROMIX_W4 = pairs("e2m1xe2m1", "e3m2xe2m1", "e4m3xe2m1");

    /** MicroMix's partitions with the weights of each in the activation's format. */
    public static final List<FormatPair> MICROMIX_MATCHED = pairs("e2m1xe2m1", "e3m2xe3m2", "e4m3xe4m3");

    /** The same with the FP6 format that keeps precision. */
    public static final List<FormatPair> MICROMIX_MATCHED_E2M3 = pairs("e2m1xe2m1", "e2m3xe2m3", "e4m3xe4m3");

    private FormatMixes() {}

    /** Mixed splits: MicroMix's own, in two and three parts, and some that it cannot express. */
    public static List<List<FormatPair>> mixed() {
        return List.of(
                MICROMIX_W4,
                MICROMIX_MATCHED,
                MICROMIX_MATCHED_E2M3,
                pairs("e2m1xe2m1", "e3m2xe2m1"),
                pairs("e2m1xe2m1", "e4m3xe2m1"),
                pairs("e2m1xe2m1", "e4m3xe4m3"),
                pairs("e3m2xe2m1", "e4m3xe2m1"),
                pairs("e2m3xe2m3", "e4m3xe4m3"),
                pairs("e2m1xe3m2", "e5m2xe4m3"),
                pairs("e4m3xe4m3", "e2m1xe2m1", "e4m3xe4m3"),
                pairs("e2m1xe2m1", "e3m2xe3m2", "e2m3xe2m3", "e4m3xe4m3", "e5m2xe5m2"));
    }

    /** What the tensor cores of sm_120a multiply at both of their rates, and MicroMix's splits. */
    static List<List<FormatPair>> scaled() {
        return List.of(
                pairs("e2m1xe2m1"),
                pairs("e4m3xe4m3"),
                pairs("e2m3xe5m2"),
                MICROMIX_W4,
                MICROMIX_MATCHED,
                pairs("e2m1xe2m1", "e4m3xe4m3"));
    }

    static List<FormatPair> pairs(String... texts) {
        return Stream.of(texts).map(FormatPair::parse).toList();
    }
}
