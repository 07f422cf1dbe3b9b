package org.mxforge.codegen.kernel.row;

import static org.mxforge.dsl.space.Expression.variable;

import java.util.List;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.launch.AttentionArguments;
import org.mxforge.dsl.layout.CachePages;
import org.mxforge.dsl.spec.AttentionSpec;

/** Causal attention over a key/value cache. */
public final class AttentionKind extends RowKind<AttentionSpec> {
    public AttentionKind() {
        super(AttentionSpec.STEM, AttentionSpec.class, AttentionArguments.class, AttentionSpec::read);
    }

    @Override
    OutputModel model(AttentionSpec spec, String name, int threads) {
        int busy = spec.head() / LANE_VALUES;
        // Lanes exchange sums by butterfly, so a team is a power of two.
        int lanes = busy == 1 ? 1 : Integer.highestOneBit(busy - 1) << 1;
        return new Attention(
                name, threads, spec.head(), lanes, (float) (1 / Math.sqrt(spec.head())), CachePages.POSITIONS);
    }

    @Override
    void arguments(AttentionSpec spec, SignatureBuilder signature) {
        signature
                .size("rows", "queries")
                .size("heads", "query heads")
                .size("kvHeads", "key/value heads")
                .size("window", "positions that a query sees at most")
                .size("tableLength", "entries of a sequence's page table")
                .condition(
                        variable("heads").modulo(variable("kvHeads")).equalTo(0),
                        "heads is {}: it must be a multiple of {}",
                        variable("heads"),
                        variable("kvHeads"))
                .address("positions", "const int*", "positions of the rows", "INT32 [rows]")
                .named("row_positions")
                .address("sequences", "const int*", "sequences of the rows", "INT32 [rows]")
                .address("pages", "const int*", "page tables", "INT32 [sequences][tableLength]")
                .address("q", "const unsigned short*", "queries", "BF16 [rows][heads][head]")
                .address("k", "const unsigned short*", "keys", "BF16, in CachePages")
                .address("v", "const unsigned short*", "values", "BF16, in CachePages")
                .address("out", "unsigned short*", "the result", "BF16 [rows][heads][head]");
    }

    @Override
    List<AttentionSpec> shipped() {
        return List.of(new AttentionSpec(64), new AttentionSpec(128));
    }

    /** BF16 values that a lane of a team holds. */
    private static final int LANE_VALUES = 8;

    @Override
    void grid(SignatureBuilder signature, int threads) {
        signature.grid(variable("rows"), variable("heads"));
    }

    @Override
    String work(int threads) {
        return "one block for each query row and head, heads along y";
    }

    /** Attention by teams of {@code lanes} lanes over pages of {@code page} positions; scores are scaled by {@code scale}. */
    record Attention(String name, int threads, int head, int lanes, float scale, int page) implements OutputModel {}
}
