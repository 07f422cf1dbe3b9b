package org.mxforge.codegen.kernel.row;

import static org.mxforge.dsl.space.Expression.constant;
import static org.mxforge.dsl.space.Expression.variable;

import java.util.List;
import java.util.stream.Stream;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.dsl.launch.KvAppendArguments;
import org.mxforge.dsl.space.Expression;
import org.mxforge.dsl.spec.KvAppendSpec;

/** Queries, keys and values of a product: rotated, and the new ones of a key/value cache. */
public final class KvAppendKind extends RowKind<KvAppendSpec> {
    private static final int WARP = 32;

    /** Heads of a warp, which asks for all that it reads of them before it waits. */
    private static final int HEADS = 2;

    public KvAppendKind() {
        super(KvAppendSpec.STEM, KvAppendSpec.class, KvAppendArguments.class, KvAppendSpec::read);
    }

    @Override
    OutputModel model(KvAppendSpec spec, String name, int threads) {
        CacheFormat cache = spec.cache();
        return new KvAppend(name, threads, HEADS, CacheStore.of(cache), cache != CacheFormat.BF16, spec.headNorms());
    }

    @Override
    void arguments(KvAppendSpec spec, SignatureBuilder signature) {
        boolean quantized = spec.cache() != CacheFormat.BF16;
        String cached = quantized ? "unsigned char*" : "unsigned short*";
        String layout = (quantized ? spec.cache().text() : "BF16") + ", in CachePages";
        signature
                .size("rows", "tokens")
                .size("heads", "query heads")
                .size("kvHeads", "key/value heads")
                .size("head", quantized ? CacheFormat.GROUP : 8, "size of a head")
                .size("tableLength", "entries of a sequence's page table")
                .address("positions", "const int*", "positions of the rows", "INT32 [rows]")
                .settled()
                .address("sequences", "const int*", "sequences of the rows", "INT32 [rows]")
                .settled()
                .address("pages", "const int*", "page tables", "INT32 [sequences][tableLength]")
                .settled()
                .address("x", "const float*", "queries, keys and values", "FP32 [rows][heads + 2 kvHeads][head]");
        if (spec.headNorms()) {
            signature
                    .address("queryNorm", "const unsigned short*", "the weight of the queries' norm", "BF16 [head]")
                    .address("keyNorm", "const unsigned short*", "the weight of the keys' norm", "BF16 [head]")
                    .real("epsilon", 0, Float.MAX_VALUE, "added to the mean square of a head");
        }
        signature
                .address("cos", "const float*", "cosines", "FP32 [positions][head / 2]")
                .named("cosines")
                .settled()
                .address("sin", "const float*", "sines", "FP32 [positions][head / 2]")
                .named("sines")
                .settled()
                .address("queries", "unsigned short*", "rotated queries", "BF16 [rows][heads][head]")
                .address("keys", cached, "keys of the cache", layout)
                .address("values", cached, "values of the cache", layout);
    }

    @Override
    void grid(SignatureBuilder signature, int threads) {
        Expression ofRow = variable("heads").plus(variable("kvHeads").times(2));
        signature.grid(variable("rows").times(ofRow).pieces(constant(threads / WARP * HEADS)));
    }

    @Override
    String work(int threads) {
        return "one warp for each " + HEADS + " heads of queries, keys and values";
    }

    @Override
    List<KvAppendSpec> shipped() {
        return Stream.concat(
                        Stream.of(CacheFormat.values()).map(cache -> new KvAppendSpec(false, cache)),
                        Stream.of(new KvAppendSpec(true, CacheFormat.BF16)))
                .toList();
    }

    /**
     * The kernel.
     *
     * @param heads that a warp reads together
     * @param quantized whether keys and values go through shared memory to be quantized
     * @param norms as the spec's head norms
     */
    record KvAppend(String name, int threads, int heads, CacheStore store, boolean quantized, boolean norms)
            implements OutputModel {}
}
