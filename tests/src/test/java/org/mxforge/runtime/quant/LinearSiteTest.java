package org.mxforge.runtime.quant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.model.Fixtures;

/** Which layers one product computes. */
class LinearSiteTest {
    private static List<String> products(String fixture) {
        return Checkpoint.open(Fixtures.folder(fixture)).config().linearSites().stream()
                .flatMap(site -> site.products().stream())
                .map(LinearSite.Product::name)
                .filter(name -> name.startsWith("model.layers.0."))
                .map(name -> name.substring("model.layers.0.".length()))
                .toList();
    }

    @Test
    void layersOfOneInputAreOneProduct() {
        assertThat(products("fx-llama"))
                .containsExactly("self_attn.qkv", "self_attn.o_proj", "mlp.gate_up", "mlp.down_proj");
    }

    @Test
    void expertsAreMultipliedOneByOne() {
        assertThat(products("fx-mixtral"))
                .contains("self_attn.qkv", "block_sparse_moe.experts.0.w1_w3", "block_sparse_moe.experts.3.w1_w3")
                .contains("block_sparse_moe.experts.0.w2", "block_sparse_moe.experts.3.w2")
                .hasSize(2 + 4 + 4);
    }

    @Test
    void whatNoArrayHoldsIsMultipliedApart() {
        LinearLayer wide = new LinearLayer("up", 1 << 16, 1 << 14, false);
        LinearSite site = new LinearSite("all", List.of(wide, wide));
        assertThat(site.products()).extracting(LinearSite.Product::name).containsExactly("up", "up");
    }
}
