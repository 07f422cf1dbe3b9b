package org.mxforge.codegen.kernel.attention;

import static org.mxforge.dsl.space.Expression.variable;

import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.dsl.launch.AttentionArguments;
import org.mxforge.dsl.spec.AttentionSpec;

/** The arguments of attention, whatever computes it. */
final class AttentionSignature {
    private AttentionSignature() {}

    static SignatureBuilder of(AttentionSpec spec) {
        boolean plain = spec.cache() == CacheFormat.BF16;
        String cached = plain ? "const unsigned short*" : "const unsigned char*";
        String layout = (plain ? "BF16" : spec.cache().text()) + ", in CachePages";
        return SignatureBuilder.of(AttentionArguments.class)
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
                .settled()
                .address("sequences", "const int*", "sequences of the rows", "INT32 [rows]")
                .settled()
                .address("pages", "const int*", "page tables", "INT32 [sequences][tableLength]")
                .settled()
                .address("q", "const unsigned short*", "queries", "BF16 [rows][heads][head]")
                .address("k", cached, "keys", layout)
                .settled()
                .address("v", cached, "values", layout)
                .settled()
                .address("out", "unsigned short*", "the result", "BF16 [rows][heads][head]");
    }
}
