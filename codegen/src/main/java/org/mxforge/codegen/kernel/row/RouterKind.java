package org.mxforge.codegen.kernel.row;

import java.util.List;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.launch.RouterArguments;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.space.Parameter;
import org.mxforge.dsl.spec.RouterSpec;

/** The router of a mixture of experts, with the norm before it. */
public final class RouterKind extends RowKind<RouterSpec> {
    /** A row of 4096 channels in one go, where few rows wait for memory and for instructions that nobody ran lately. */
    static final ConfigSpace THREADS = ConfigSpace.of(Parameter.of("threads", 512, 256, 128));

    public RouterKind() {
        super(RouterSpec.STEM, RouterSpec.class, RouterArguments.class, RouterSpec::read);
    }

    @Override
    OutputModel model(RouterSpec spec, String name, int threads) {
        return new Router(name, threads);
    }

    @Override
    void arguments(RouterSpec spec, SignatureBuilder signature) {
        signature
                .size("rows", "rows")
                .size("columns", 8, "columns")
                .size("experts", "experts")
                .address("x", "const float*", "the residual stream", "FP32 [rows][columns]")
                .address("weight", "const unsigned short*", "the norm's weight", "BF16 [columns]")
                .real("epsilon", 0, Float.MAX_VALUE, "added to the mean square")
                .address("router", "const unsigned short*", "the router", "BF16 [experts][columns]")
                .address("scores", "float*", "the scores", "FP32 [rows][experts]");
    }

    @Override
    ConfigSpace space() {
        return THREADS;
    }

    @Override
    List<RouterSpec> shipped() {
        return List.of(new RouterSpec());
    }

    record Router(String name, int threads) implements OutputModel {}
}
