package org.mxforge.codegen.kernel.row;

import java.util.List;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.launch.KvAppendArguments;
import org.mxforge.dsl.layout.CachePages;
import org.mxforge.dsl.spec.KvAppendSpec;

/** New keys and values of a key/value cache. */
public final class KvAppendKind extends RowKind<KvAppendSpec> {
    public KvAppendKind() {
        super(KvAppendSpec.STEM, KvAppendSpec.class, KvAppendArguments.class, KvAppendSpec::read);
    }

    @Override
    OutputModel model(KvAppendSpec spec, String name, int threads) {
        return new KvAppend(name, threads, CachePages.POSITIONS);
    }

    @Override
    void arguments(KvAppendSpec spec, SignatureBuilder signature) {
        signature
                .size("rows", "tokens")
                .size("kvHeads", "key/value heads")
                .size("head", 8, "size of a head")
                .size("tableLength", "entries of a sequence's page table")
                .address("positions", "const int*", "positions of the rows", "INT32 [rows]")
                .address("sequences", "const int*", "sequences of the rows", "INT32 [rows]")
                .address("pages", "const int*", "page tables", "INT32 [sequences][tableLength]")
                .address("x", "const float*", "keys before their rotation", "FP32 [rows][kvHeads][head]")
                .address("v", "const unsigned short*", "values", "BF16 [rows][kvHeads][head]")
                .address("cos", "const float*", "cosines", "FP32 [positions][head / 2]")
                .named("cosines")
                .address("sin", "const float*", "sines", "FP32 [positions][head / 2]")
                .named("sines")
                .address("keys", "unsigned short*", "keys of the cache", "BF16, in CachePages")
                .address("values", "unsigned short*", "values of the cache", "BF16, in CachePages");
    }

    @Override
    List<KvAppendSpec> shipped() {
        return List.of(new KvAppendSpec());
    }

    /** Pages of {@code page} positions. */
    record KvAppend(String name, int threads, int page) implements OutputModel {}
}
