package org.mxforge.runtime.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.mxforge.dsl.launch.MxGroupedGemmArguments;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;
import org.mxforge.dsl.spec.Side;

/** Products of experts: a whole tile of one and another that is not full, a tile to skip, and such a one of another expert. */
record MxGroupedGemmTrial(MxGroupedGemmSpec spec) implements Trial {
    private static final int EXPERTS = 2;
    private static final int TILES = 4;

    @Override
    public List<Extent> extents() {
        List<Extent> all = new ArrayList<>(MxGemmTrial.channels(spec.expert()));
        // Tokens of the tiles that are not full.
        all.add(Extent.any("m", 5, spec.tile().rows()));
        all.add(MxGemmTrial.outputs(spec.expert().epilogue()));
        return all;
    }

    @Override
    public Set<Data> data() {
        return new MxGemmTrial(spec.expert()).data();
    }

    @Override
    public boolean isExact(KernelSpec unused, Data data) {
        return MxGemmTrial.isExact(spec.expert().epilogue(), data);
    }

    @Override
    public Launched launch(CheckCase of, Operands operands) {
        MxGemmSpec expert = spec.expert();
        OperandLayout layout = of.variant().algorithm().layout(Side.WEIGHT);
        int tile = spec.tile().rows();
        int m = TILES * tile;
        int n = of.sizes().get("n");
        int few = Math.min(tile, of.sizes().get("m"));
        int[] routes = {1, tile, 1, few, -1, 0, 0, few};
        Product product = Product.of(expert, layout, of, m, EXPERTS * n);
        int columns = expert.epilogue().columns(n);
        long d = operands.zeros("d", (long) expert.output().bytes() * m * columns);
        MxGroupedGemmArguments arguments = new MxGroupedGemmArguments(
                m,
                n,
                operands.ints("routes", routes),
                MxGemmTrial.partitions(product, EXPERTS, operands),
                MxGemmTrial.operand(expert, operand(product, n), operands),
                d);
        Product second = product.part(3 * tile, few, 0, n);
        return new Launched(
                arguments,
                MxGemmTrial.wanted(of, product.part(0, tile + few, 1, n), d),
                MxGemmTrial.wanted(of, second, d).at(i -> 3 * tile * columns + i),
                // Rows without tokens stay as they are.
                untouched(d, product, (tile + few) * columns, (2 * tile - few) * columns),
                untouched(d, product, (3 * tile + few) * columns, (tile - few) * columns));
    }

    private static Wanted untouched(long d, Product product, int first, int count) {
        int bytes = product.spec().output().bytes();
        return Wanted.ofBytes("rows of d without tokens", d, Math.max(1, count * bytes), new byte[count * bytes])
                .at(i -> first * bytes + i);
    }

    /** A matrix beside D has the columns of one expert: of each tile those of its own. */
    private static float[] operand(Product product, int n) {
        if (product.spec().epilogue().operand() != Epilogue.Operand.MATRIX) {
            return product.operand();
        }
        float[] own = new float[product.m() * n];
        for (int i = 0; i < own.length; i++) {
            int expert = i / n < product.m() / 2 ? 1 : 0;
            own[i] = product.operand()[i / n * product.n() + expert * n + i % n];
        }
        return own;
    }
}
