package org.mxforge.runtime.model.family;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Predicate;
import org.mxforge.runtime.quant.LinearLayer;
import org.mxforge.runtime.quant.LinearSite;

/** What a decoder layer consists of, in the order of the forward pass, and what its tensors are called. */
public record DecoderLayer(AttentionBlock attention, FeedForwardBlock feedForward) {
    List<LinearSite> sites() {
        List<LinearSite> sites = new ArrayList<>(List.of(attention.input(), attention.output()));
        sites.addAll(feedForward.sites());
        return sites;
    }

    /** The same with a bias in the layers that read norms which {@code isCentred} names; experts have none. */
    DecoderLayer centred(Predicate<String> isCentred) {
        AttentionBlock own = isCentred.test(attention.norm())
                ? new AttentionBlock(
                        attention.norm(),
                        attention.input().biased(),
                        attention.headNorms(),
                        attention.window(),
                        attention.output())
                : attention;
        return new DecoderLayer(
                own,
                feedForward.map(
                        gated -> isCentred.test(gated.norm())
                                ? new FeedForwardBlock.Gated(
                                        gated.norm(), gated.input().biased(), gated.output())
                                : gated,
                        routed -> routed));
    }

    /**
     * Causal self-attention of a decoder layer.
     *
     * @param norm of the residual stream before it, without {@code .weight}
     * @param input the layers that make queries, keys and values, in this order
     * @param headNorms where each head of the queries and keys is normed before it is rotated
     * @param window how many positions a token sees, its own included, where it does not see all before it
     * @param output the layer that goes back to the residual stream
     */
    public record AttentionBlock(
            String norm, LinearSite input, Optional<HeadNorms> headNorms, OptionalInt window, LinearSite output) {
        /**
         * RMS norms over the width of a head, which all heads of a layer share.
         *
         * @param queries the weight for queries, without {@code .weight}
         * @param keys the weight for keys
         */
        public record HeadNorms(String queries, String keys) {}
    }

    /** The part of a decoder layer behind its attention. */
    public sealed interface FeedForwardBlock {
        /** The norm of the residual stream before it, without {@code .weight}. */
        String norm();

        /** In the order of the forward pass. */
        List<LinearSite> sites();

        /** {@code gated} or {@code routed} applied to this, whichever it is. */
        <T> T map(Function<Gated, T> gated, Function<Routed, T> routed);

        /**
         * One MLP that every token goes through, {@code down(silu(gate(x)) * up(x))}.
         *
         * @param input gate and up, in this order
         * @param output down
         */
        record Gated(String norm, LinearSite input, LinearSite output) implements FeedForwardBlock {
            @Override
            public List<LinearSite> sites() {
                return List.of(input, output);
            }

            @Override
            public <T> T map(Function<Gated, T> gated, Function<Routed, T> routed) {
                return gated.apply(this);
            }
        }

        /**
         * Experts, each an MLP of its own; a router sends every token to a few of them.
         *
         * @param router the layer that scores the experts, which stays plain
         * @param perToken experts a token is sent to
         * @param input gate and up of the first expert, of the second, and so on
         * @param outputs down of each expert: a site of each, all cut alike
         */
        record Routed(String norm, LinearLayer router, int perToken, LinearSite input, List<LinearSite> outputs)
                implements FeedForwardBlock {
            public Routed {
                outputs = List.copyOf(outputs);
            }

            public int experts() {
                return outputs.size();
            }

            public LinearLayer gate(int expert) {
                return input.layers().get(2 * expert);
            }

            public LinearLayer up(int expert) {
                return input.layers().get(2 * expert + 1);
            }

            public LinearLayer down(int expert) {
                return outputs.get(expert).layers().get(0);
            }

            @Override
            public List<LinearSite> sites() {
                List<LinearSite> sites = new ArrayList<>(List.of(input));
                sites.addAll(outputs);
                return sites;
            }

            @Override
            public <T> T map(Function<Gated, T> gated, Function<Routed, T> routed) {
                return routed.apply(this);
            }
        }
    }
}
