package org.mxforge.runtime.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mxforge.dsl.target.Target;

class GemmWayTest {
    @Test
    void everyAlgorithmOnWeightsThatModelsKeepIsAWay() {
        assertThat(GemmWay.of(Target.SM_90A))
                .extracting(GemmWay::name)
                .containsExactly(
                        "wgmma_fragments",
                        "wgmma_fragments_promoted",
                        "stream_fragments",
                        "ring_fragments",
                        "unpack_wgmma",
                        "unpack_wgmma_promoted",
                        "wgmma_containers",
                        "wgmma_containers_promoted",
                        "stream_containers",
                        "ring_containers",
                        "mma",
                        "expand_wgmma",
                        "wgmma_mixed_fragments",
                        "wgmma_mixed_fragments_promoted",
                        "stream_mixed_fragments",
                        "ring_mixed_fragments",
                        "unpack_mixed_wgmma",
                        "unpack_mixed_wgmma_promoted");
        assertThat(GemmWay.of(Target.SM_80)).extracting(GemmWay::name).containsExactly("mma");
        assertThat(GemmWay.of(Target.SM_120A)).extracting(GemmWay::name).containsExactly("mma_scaled", "mma");
    }

    @Test
    void formatsHaveTheWaysThatMultiplyThem() {
        List<String> mixed = names("e2m1xe2m1:70+e3m2xe3m2:20+e4m3xe4m3:10");
        assertThat(mixed).containsExactlyElementsOf(names(GemmWay.of(Target.SM_90A)));
        for (String allFolded : List.of("e2m1xe2m1", "e4m3xe2m1")) {
            assertThat(names(allFolded))
                    .as("no partition is left for BF16")
                    .containsExactlyElementsOf(mixed.stream()
                            .filter(name -> !name.contains("mixed"))
                            .toList());
        }
    }

    private static List<String> names(String formats) {
        return names(GemmWay.of(Target.SM_90A, FormatMix.parse(formats)));
    }

    private static List<String> names(List<GemmWay> ways) {
        return ways.stream().map(GemmWay::name).toList();
    }

    @Test
    void aPeerIsNamedByFormatsAndWay() {
        GemmWay way = GemmWay.parse("wgmma_fragments_promoted", Target.SM_90A);
        assertThat(way.peer(FormatMix.parse("e2m1xe2m1"))).isEqualTo("mxforge_e2m1xe2m1_wgmma_fragments_promoted");
        assertThat(way.peer(FormatMix.parse("e4m3xe2m1")))
                .as("elements without room for their scales")
                .isEqualTo("mxforge_e4m3xe2m1_wgmma_fragments_promoted_within4");
        assertThat(GemmWay.usual(Target.SM_90A)).isEqualTo(way);
    }

    @Test
    void anUnknownWayIsRefusedWithThoseThereAre() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GemmWay.parse("expand_wgmma", Target.SM_80))
                .withMessage("unknown way to multiply 'expand_wgmma' on sm_80: use one of mma");
    }
}
