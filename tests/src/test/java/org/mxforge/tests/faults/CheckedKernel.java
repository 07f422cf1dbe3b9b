package org.mxforge.tests.faults;

import org.mxforge.dsl.spec.KernelKinds;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.check.CheckCase;
import org.mxforge.runtime.check.Data;
import org.mxforge.runtime.check.Device;

/** A kernel on small operands with ragged ends, which tells if it is wrong. */
enum CheckedKernel {
    FP4_GEMM(gemm("e2m1xe2m1", "none", "exact"), "mma|sm_80", "m=7,n=77,k=160", Data.EXACT),
    FP6_GEMM(gemm("e3m2xe2m3", "none", "exact"), "mma|sm_80", "m=1,n=130,k=160", Data.EXACT),
    FP8_GEMM(gemm("e4m3xe5m2", "none", "exact"), "mma|sm_80", "m=130,n=33,k=160", Data.EXACT),
    MIXED_GEMM(gemm("e2m1xe2m1+e4m3xe2m1", "none", "exact"), "mma|sm_80", "m=19,n=50,k=64+96", Data.EXACT),
    BIAS_GEMM(gemm("e2m1xe2m1", "bias", "exact"), "mma|sm_80", "m=9,n=50,k=64", Data.EXACT),
    RESIDUAL_GEMM(gemm("e2m1xe2m1", "residual", "exact"), "mma|sm_80", "m=9,n=50,k=64", Data.EXACT),
    GATED_GEMM(gemm("e2m1xe2m1", "silumul", "exact"), "mma|sm_80", "m=9,n=50,k=64", Data.EXACT),
    RANDOM_GEMM(gemm("e2m1xe2m1", "none", "exact"), "mma|sm_80", "m=9,n=50,k=64", Data.RANDOM),
    GROUPED_GEMM(
            "mxgroupedgemm/v2;pairs=e2m1xe2m1;groups=g32;epilogue=bias;out=bf16;tolerance=exact",
            "mma|sm_80",
            "n=40,k=64",
            Data.EXACT),
    DENSE_GEMM("densegemm/v1;epilogue=none;out=bf16", "mma|sm_80", "m=9,n=50,k=200", Data.EXACT),
    SCALED_FP4_GEMM(gemm("e2m1xe2m1", "none", "exact"), "mma_scaled|sm_120a", "m=70,n=77,k=160", Data.EXACT),
    SCALED_MIXED_GEMM(
            gemm("e3m2xe2m1+e4m3xe2m1", "none", "exact"), "mma_scaled|sm_120a", "m=70,n=77,k=96+160", Data.EXACT),
    SCALED_SHALLOW_GEMM(
            gemm("e4m3xe2m3", "none", "exact"),
            "mma_scaled|sm_120a|bk=64,bm=64,bn=64,stages=3,wm=2,wn=2",
            "m=70,n=77,k=160",
            Data.EXACT),
    CPU_GEMM(
            "mxgemm/v2;pairs=e2m1xe3m2;groups=g32;epilogue=none;out=fp32;tolerance=exact",
            "panels|cpu",
            "",
            Data.EXACT),

    CONTAINERS_GEMM(
            gemm("e2m3xe2m3", "none", "within4"),
            "wgmma_containers|sm_90a|bm=128,bn=128,promote=128,split=1",
            "m=9,n=77,k=160",
            Data.EXACT),
    LONG_GEMM(
            gemm("e2m3xe2m3", "none", "within4"),
            "wgmma_containers|sm_90a|bm=256,bn=128,promote=128,split=1",
            "m=9,n=77,k=1024",
            Data.EXACT),
    KEPT_SUMS_GEMM(
            gemm("e4m3xe4m3", "none", "within4"),
            "wgmma_containers|sm_90a|bm=256,bn=128,promote=0,split=1",
            "m=9,n=140,k=1024",
            Data.EXACT),
    FP6_FRAGMENTS_GEMM(
            gemm("e3m2xe3m2", "none", "exact"),
            "wgmma_fragments|sm_90a|bm=128,bn=128,promote=0,split=1",
            "m=20,n=64,k=1280",
            Data.EXACT),
    FP4_FRAGMENTS_GEMM(
            gemm("e2m1xe2m1", "none", "exact"),
            "wgmma_fragments|sm_90a|bm=256,bn=128,promote=256,split=1",
            "m=33,n=136,k=416",
            Data.EXACT),
    CLUSTER_GEMM(
            gemm("e2m1xe2m1", "none", "exact"),
            "wgmma_fragments|sm_90a|bm=128,bn=128,promote=128,split=2",
            "m=50,n=140,k=640",
            Data.EXACT),
    STREAM_GEMM(
            gemm("e2m1xe2m1+e3m2xe3m2+e4m3xe4m3", "none", "within4"),
            "stream_fragments|sm_90a",
            "m=5,n=40,k=416+96+64",
            Data.EXACT),
    RING_GEMM(
            gemm("e2m1xe2m1", "none", "exact"),
            "ring_fragments|sm_90a|bm=32,parts=4,stages=5,teams=2,ways=2",
            "m=17,n=330,k=2144",
            Data.EXACT),

    SWIGLU_GEMM(
            gemm("e2m1xe2m1", "swiglu", "exact"),
            "wgmma_fragments|sm_90a|bm=128,bn=128,promote=128,split=1",
            "m=40,n=160,k=160",
            Data.EXACT),

    QUANTIZER(quantizer("e2m1+e3m2+e4m3", "ceil", "none", "exact"), "tiled|sm_80", "", Data.RANDOM),
    MANY_GROUPS_QUANTIZER(quantizer("e2m1", "ceil", "none", "exact"), "tiled|sm_80", "m=60,k=320", Data.RANDOM),
    CLIP_QUANTIZER(quantizer("e2m1", "clip", "none", "exact"), "tiled|sm_80", "", Data.RANDOM),
    FLOOR_QUANTIZER(quantizer("e2m1", "floor", "none", "exact"), "tiled|sm_80", "", Data.RANDOM),
    HADAMARD_QUANTIZER(
            quantizer("e2m1", "clip", "none", "exact").replace(";prologue", ";transform=hadamard;prologue"),
            "tiled|sm_80",
            "",
            Data.RANDOM),
    FAULTY_INPUT_QUANTIZER(quantizer("e2m1", "ceil", "none", "exact"), "tiled|sm_80", "", Data.NONFINITE),
    ZEROS_QUANTIZER(quantizer("e2m1", "ceil", "none", "exact"), "tiled|sm_80", "", Data.ZEROS),
    NORMED_QUANTIZER(quantizer("e2m1", "ceil", "rmsnorm", "exact"), "tiled|sm_80", "", Data.RANDOM),
    CENTRED_QUANTIZER(quantizer("e2m1", "ceil", "rmsnormcentred", "exact"), "tiled|sm_80", "", Data.RANDOM),
    CENTRED_FOLDING_QUANTIZER(
            quantizer("e2m1+e3m2+e4m3", "ceil", "rmsnormcentred", "within4"), "containers|sm_90a", "", Data.RANDOM),
    TURNED_FOLDING_QUANTIZER(turnedQuantizer(), "containers|sm_90a", "m=5,k=416+96+64", Data.RANDOM),
    WIDE_TURNED_QUANTIZER(turnedQuantizer(), "containers|sm_90a|threads=128", "m=3,k=4096+224+96", Data.RANDOM),
    FOLDING_QUANTIZER(quantizer("e2m1+e3m2+e4m3", "ceil", "none", "within4"), "containers|sm_90a", "", Data.WINDOW),
    FOLDED_ZEROS_QUANTIZER(quantizer("e2m1+e3m2+e4m3", "ceil", "none", "within4"), "containers|sm_90a", "", Data.ZEROS),
    EXACT_FOLDING_QUANTIZER(quantizer("e2m1+e3m2+e4m3", "ceil", "none", "exact"), "mixed|sm_90a", "", Data.WINDOW),
    WORDS_QUANTIZER(quantizer("e2m1", "ceil", "rmsnorm", "exact"), "spread|sm_90a", "", Data.RANDOM),
    FOLDING("mxfold/v1;formats=e2m1;to=fragments", "pass|sm_90a", "", Data.WINDOW),
    CPU_QUANTIZER(
            "mxquantize/v2;side=activation;formats=e2m1;rule=floor;groups=g32;prologue=none;in=fp32;tolerance=exact",
            "rows_cpu|cpu|",
            "",
            Data.RANDOM),
    INT8_QUANTIZER("int8quantize/v1;prologue=none;in=bf16", "rows|sm_80", "", Data.RANDOM),
    SMALL_INT8_QUANTIZER("int8quantize/v1;prologue=none;in=fp32", "rows|sm_80", "", Data.SUBNORMAL),

    FP64_GEMM("fp64gemm/v1;a=transposed;sum=add", "mma|sm_80", "", Data.EXACT),
    FP64_ROWS("fp64rows/v1;in=bf16;layout=bf16;transform=hadamard;rule=clip", "rows|sm_80", "", Data.RANDOM),
    FP64_FACTOR("fp64factor/v1", "rows|sm_80", "", Data.RANDOM),
    ROUNDED_COLUMNS("mxround/v1", "rows|sm_80", "", Data.RANDOM),

    SOFTMAX("softmax/v1", "rows|sm_80", "", Data.RANDOM),
    SAMPLING("sampling/v1", "rows|sm_80|threads=256", "rows=3", Data.EXACT),
    SPREAD_SAMPLING("sampling/v1", "spread|sm_90a|threads=128", "rows=3", Data.EXACT),
    KV_APPEND("kvappend/v1;heads=plain", "rows|sm_80", "", Data.RANDOM),
    ATTENTION("attention/v1;head=64", "rows|sm_80", "", Data.RANDOM),
    MMA_ATTENTION("attention/v1;head=64", "mma|sm_80", "rows=9,start=150", Data.RANDOM),
    WINDOW_ATTENTION("attention/v1;head=64", "mma|sm_80", "rows=9,start=100,window=70", Data.RANDOM),
    STREAM_ATTENTION("attention/v1;head=128", "stream|sm_90a", "", Data.RANDOM),
    WGMMA_ATTENTION("attention/v1;head=64", "wgmma|sm_90a|", "", Data.RANDOM),
    NARROW_ATTENTION("attention/v1;head=80", "wgmma|sm_90a|", "", Data.RANDOM),
    EXPERT_ORDER("expertorder/v1", "rows|sm_80", "", Data.EXACT),
    EXPERT_SUM("expertsum/v1;out=fp32", "rows|sm_80", "", Data.RANDOM);

    private final String spec;
    private final String how;
    private final String sizes;
    private final Data data;

    /**
     * @param how algorithm, target and, if it is not the usual one, configuration
     * @param sizes that are not the usual ones
     */
    CheckedKernel(String spec, String how, String sizes, Data data) {
        this.spec = spec;
        this.how = how;
        this.sizes = sizes;
        this.data = data;
    }

    private static String gemm(String pairs, String epilogue, String tolerance) {
        return "mxgemm/v2;pairs=" + pairs + ";groups=g32;epilogue=" + epilogue + ";out=bf16;tolerance=" + tolerance;
    }

    private static String quantizer(String formats, String rule, String prologue, String tolerance) {
        return "mxquantize/v2;side=activation;formats=" + formats + ";rule=" + rule + ";groups=g32;prologue=" + prologue
                + ";in=bf16;tolerance=" + tolerance;
    }

    private static String turnedQuantizer() {
        return quantizer("e2m1+e3m2+e4m3", "clip", "none", "within4")
                .replace(";prologue", ";transform=hadamard;prologue");
    }

    CheckCase check() {
        String[] parts = how.split("\\|", -1);
        KernelSpec parsed = KernelSpec.parse(spec);
        Target target = Target.parse(parts[1]);
        KernelVariant variant = parts.length > 2
                ? KernelVariant.parse(spec + "|" + how)
                : KernelVariant.of(parsed, KernelKinds.algorithm(parsed, parts[0]), target);
        CheckCase usual = CheckCase.usual(variant, target.isGpu() ? Device.SIMULATOR : Device.CPU);
        return usual.with(usual.sizes().with(sizes)).with(data);
    }
}
