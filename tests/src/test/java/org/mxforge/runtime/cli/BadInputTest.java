package org.mxforge.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.checkpoint.safetensors.SafetensorsWriter;
import org.mxforge.runtime.checkpoint.safetensors.TensorType;
import org.mxforge.runtime.cuda.driver.CudaDevice;
import org.mxforge.runtime.quant.TinyCheckpoint;

/** Whatever a user gets wrong ends in one sentence and an exit code, and leaves nothing behind. */
class BadInputTest {
    private static final int USER = 1;
    private static final int USAGE = 2;

    @TempDir
    Path folder;

    private Path model;
    private Path out;

    @BeforeEach
    void makeModel() {
        model = TinyCheckpoint.write(folder.resolve("model"), 128, 256);
        out = folder.resolve("out");
    }

    private void refused(int code, String message, Object... arguments) throws IOException {
        List<Path> before = files();
        CommandRun run = CommandRun.of(arguments);
        assertThat(run.err()).startsWith("mxforge: ").contains(message).doesNotContain("\tat ", "Exception");
        assertThat(run.err().lines()).as("one sentence: %s", run.err()).hasSize(1);
        if (List.of(arguments).contains("--json")) {
            assertThat(run.json().at("/error/message").textValue()).contains(message);
            assertThat(run.json().at("/error/exit_code").intValue()).isEqualTo(code);
        } else {
            assertThat(run.out()).isEmpty();
        }
        assertThat(run.code()).isEqualTo(code);
        assertThat(files()).as("nothing is left behind").isEqualTo(before);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.sorted().toList();
        }
    }

    private void quantizeRefused(String message, Object recipe) throws IOException {
        refused(USER, message, "quantize", "--model", model, "--recipe", recipe, "--out", out, "--device", "cpu");
    }

    private Path ids(int... values) {
        Path file = folder.resolve("ids.safetensors");
        file.toFile().delete();
        new SafetensorsWriter()
                .add("input_ids", TensorType.I32, SafetensorsWriter.Payload.of(values), 1, values.length)
                .write(file);
        return file;
    }

    private void logitsRefused(String message, Path ids) throws IOException {
        refused(
                USER,
                message,
                "logits",
                "--model",
                model,
                "--ids",
                ids,
                "--out",
                out,
                "--device",
                "cpu",
                "--tune",
                "off");
    }

    @Test
    void shapesOfMoreElementsThanThereCanBe() throws IOException {
        for (String shape : new String[] {"m16,n99999999,k128", "m16,n1048576,k16384", "m16384,n131072,k128"}) {
            for (String spec : new String[] {
                "densegemm/v1;epilogue=none;out=fp32",
                "mxgemm/v2;pairs=e2m1xe2m1;groups=g32;epilogue=none;out=fp32;tolerance=exact"
            }) {
                refused(USAGE, "nothing to tune", "tune", "--spec", spec, "--shape", shape, "--device", "cpu");
            }
        }
    }

    @Test
    void cacheFormatsThatThereAreNot() throws IOException {
        String message =
                "unknown cache format 'mxfp6' (did you mean mxfp8 or mxfp4?): use bf16, mxfp8, mxfp4, int8 or int4";
        refused(USAGE, message, "generate", "--model", model, "--prompt", "x", "--kv-cache", "mxfp6");
    }

    @Test
    void missingModel() throws IOException {
        model = folder.resolve("nowhere");
        quantizeRefused("nowhere", "mxfp4");
        refused(USER, "nowhere", "generate", "--model", model, "--prompt", "x");
        refused(USER, "nowhere", "tune", "--model", model);
    }

    @Test
    void missingOrBrokenText() throws IOException {
        refused(USER, "no text file", "eval", "ppl", "--model", model, "--text", folder.resolve("nothing.txt"));
        refused(USER, "is a folder", "eval", "ppl", "--model", model, "--text", folder);
        Path latin = Files.write(folder.resolve("latin.txt"), new byte[] {'a', (byte) 0xe9, 'b'});
        refused(USER, "is not valid UTF-8", "eval", "ppl", "--model", model, "--text", latin);
        Path text = Files.writeString(folder.resolve("text.txt"), "words");
        refused(USER, "tokenizer.json is not a tokenizer", "eval", "ppl", "--model", model, "--text", text);
    }

    @Test
    void truncatedWeights() throws IOException {
        Path weights = model.resolve("model.safetensors");
        byte[] whole = Files.readAllBytes(weights);
        for (int length : new int[] {0, 5, 100, whole.length / 2, whole.length - 1}) {
            Files.write(weights, Arrays.copyOf(whole, length));
            quantizeRefused("model.safetensors", "mxfp4");
        }
    }

    @Test
    void configurationThatCannotBeUsed() throws IOException {
        replaceInConfig("LlamaForCausalLM", "MambaForCausalLM");
        replaceInConfig("\"llama\"", "\"mamba\"");
        quantizeRefused("MambaForCausalLM", "mxfp4");
        replaceInConfig("{", "[");
        quantizeRefused("config.json", "mxfp4");
    }

    private void replaceInConfig(String from, String to) throws IOException {
        Path config = model.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace(from, to));
    }

    @Test
    void tensorOfTheWrongShape() throws IOException {
        replaceInConfig("\"intermediate_size\": 256", "\"intermediate_size\": 288");
        quantizeRefused("mlp.", "mxfp4");
        logitsRefused("[256, 128]", ids(1, 2, 3));
    }

    @Test
    void channelsThatAreNoMultipleOf32() throws IOException {
        model = TinyCheckpoint.write(folder.resolve("odd"), 72, 256);
        quantizeRefused("72 channels", "mxfp4");
        model = TinyCheckpoint.write(folder.resolve("narrow"), 96, 256);
        quantizeRefused("granularity", "micromix");
    }

    @Test
    void notFiniteWeights() throws IOException {
        String tensor = "model.layers.0.mlp.up_proj.weight";
        model = TinyCheckpoint.poisoned(folder.resolve("poisoned"), tensor);
        quantizeRefused("tensor '" + tensor + "'", "mxfp4");
        quantizeRefused("3 NaN and 2 infinite", "mxfp4");
        logitsRefused("3 NaN and 2 infinite", ids(1, 2, 3));
    }

    @Test
    void outputThatExists() throws IOException {
        Files.createDirectory(out);
        quantizeRefused("exists", "mxfp4");
        logitsRefused("exists", ids(1));
        refused(USER, "exists", "kernels", "compile", "densegemm_none_bf16", "--out", out);
        refused(USER, "exists", "calibrate", "--model", model, "--out", out);
        refused(USER, "exists", "tune", "--model", model, "--report", out);
        refused(
                USER,
                "no folder",
                "tune",
                "--model",
                model,
                "--report",
                folder.resolve("a").resolve("b.html"));
    }

    @Test
    void noGpu() throws IOException {
        Assumptions.assumeFalse(gpuIsThere(), "this machine has a GPU");
        refused(USER, "use --device cpu", "logits", "--model", model, "--ids", ids(1), "--out", out, "--device", "gpu");
        refused(USER, "leave out --judge", "kernels", "simulate", "softmax", "--judge");
    }

    private static boolean gpuIsThere() {
        try {
            CudaDevice.first();
            return true;
        } catch (MxForgeException e) {
            return false;
        }
    }

    @Test
    void recipesThatThereAreNot() throws IOException {
        quantizeRefused("'mxfp5'", "mxfp5");
        String message = "--own-text is for mixed, which is searched for on a text, and not for micromix";
        refused(USER, message, "quantize", "--model", model, "--recipe", "micromix", "--out", out, "--own-text");
        quantizeRefused("micromix;fp6=e4m3", "micromix;fp6=e4m3");
        quantizeRefused("bf16", "bf16");
        quantizeRefused("'mxfp4/clap': unknown scale rule 'clap': use ceil, clip, floor or even", "mxfp4/clap");
        quantizeRefused("'mxfp5': there is no 'mxfp5' (did you mean mxfp4 or mxfp8?)", "mxfp5");
        quantizeRefused("bytes=1000 cannot be kept: the linear layers of this model take from", "mixed;bytes=1000");
    }

    /** What would be left out of account is refused. */
    @Test
    void calibrationsOfWhatNeedsNone() throws IOException {
        Path text = Files.writeString(folder.resolve("text.txt"), "words");
        String none = " needs none: leave them out";
        refused(USER, "mxfp4" + none, "quantize", "--model", model, "--recipe", "mxfp4", "--out", out, "--text", text);
        refused(
                USER,
                "no such recipe is named",
                "eval",
                "ppl",
                "--model",
                model,
                "--text",
                text,
                "--calibration-text",
                text);
        refused(
                USER,
                "no such recipe is named",
                "compare",
                "--model",
                model,
                "--recipes",
                "mxfp4",
                "--calibration-text",
                text);
    }

    @Test
    void quantizedTwice() throws IOException {
        Path once = folder.resolve("once");
        assertThat(CommandRun.of("quantize", "--model", model, "--recipe", "mxfp8", "--out", once)
                        .code())
                .isZero();
        model = once;
        quantizeRefused("quantized already", "mxfp4");
        refused(
                USER,
                "quantized already",
                "logits",
                "--model",
                once,
                "--ids",
                ids(1),
                "--out",
                out,
                "--recipe",
                "mxfp4",
                "--device",
                "cpu");
    }

    @Test
    void tokensThatDoNotFit() throws IOException {
        logitsRefused("token 50 is outside", ids(1, 50));
        logitsRefused("65 tokens", ids(new int[65]));
        logitsRefused("nothing.safetensors", folder.resolve("nothing.safetensors"));
        logitsRefused(
                "has no tensor 'input_ids': it holds 'model.embed_tokens.weight'", model.resolve("model.safetensors"));
    }

    @Test
    void numbersOutOfRange() throws IOException {
        Path text = Files.writeString(folder.resolve("text.txt"), "words");
        refused(USER, "not 3 of 1", "eval", "ppl", "--model", model, "--text", text, "--windows", "3", "--window", "1");
        refused(
                USER,
                "--cache-tokens 100 has no room for one request of --context 200",
                "eval",
                "math",
                "--model",
                model,
                "--data",
                folder,
                "--cache-tokens",
                "100",
                "--context",
                "200");
        refused(USER, "number of new tokens is 0", "generate", "--model", model, "--prompt", "x", "--tokens", "0");
        refused(USER, "temperature 0 draws none", "generate", "--model", model, "--prompt", "x", "--top-p", "0.5");
        refused(USER, "top-p is 2", "generate", "--model", model, "--prompt", "x", "--top-p", "2");
        refused(USER, "threads is 0", "tune", "--model", model, "--rows", "1", "--threads", "0");
        for (String time : new String[] {"-1", "90x", "1.5h", "s", "9999999", "1h 5m"}) {
            refused(USAGE, "'" + time + "' is not a length of time", "tune", "--model", model, "--tune-budget", time);
        }
        refused(USAGE, "90s, 5m or 1h", "demo", "--tune-budget", "soon");
        refused(USAGE, "[OFF, ESTIMATE, QUICK, FULL, FROZEN]", "demo", "--tune", "hard");
        refused(USAGE, "lambda -1.0", "calibrate", "--model", model, "--out", out, "--lambda", "-1");
        refused(USAGE, "granularity 7", "calibrate", "--model", model, "--out", out, "--granularity", "7");
        refused(
                USAGE,
                "'x' is not a whole number of at most 2147483647",
                "generate",
                "--model",
                model,
                "--prompt",
                "x",
                "--tokens",
                "x");
    }

    @Test
    void wisdomThatIsNotThere() throws IOException {
        refused(USER, "no wisdom about m4,n3,k32 and x", "wisdom", "show", "m3,n3,k32", "--spec", "x");
        refused(USAGE, "bad shape 'big'", "wisdom", "show", "big");
        refused(USER, "no wisdom file", "wisdom", "merge", folder.resolve("nothing.jsonl"));
        refused(USER, "none of the 1 lines", "wisdom", "merge", Files.writeString(folder.resolve("text.txt"), "words"));
        refused(USAGE, "FILE", "wisdom", "merge");
        refused(USER, "is a folder", "wisdom", "verify", folder);
        refused(USAGE, "needs a command", "wisdom");
    }

    @Test
    void commandLinesThatMakeNoSense() throws IOException {
        refused(USAGE, "'nonsense'", "nonsense");
        refused(USAGE, "needs a command", "kernels");
        refused(USAGE, "--model", "quantize", "--recipe", "mxfp4", "--out", out);
        refused(
                USAGE,
                "mutually exclusive",
                "quantize",
                "--model",
                model,
                "--recipe",
                "micromix",
                "--out",
                out,
                "--calibration",
                "a",
                "--text",
                "b");
        refused(USAGE, "[CPU, GPU, AUTO]", "demo", "--device", "tpu");
        refused(USER, "choose 1, 2, 4 or 8", "logits", "--model", model, "--ids", ids(1), "--out", out, "--gpus", "3");
        refused(
                USER,
                "but the device is the CPU",
                "logits",
                "--model",
                model,
                "--ids",
                ids(1),
                "--out",
                out,
                "--device",
                "cpu",
                "--gpus",
                "2");
        refused(USAGE, "unknown target 'sm_1'", "kernels", "list", "--target", "sm_1");
        refused(USAGE, "has no kernel 'nonsense'", "kernels", "show", "nonsense");
        refused(USAGE, "unknown kernel 'magic'", "kernels", "show", "magic/v1");
        refused(
                USAGE,
                "each warp has whole 16-row fragments",
                "kernels",
                "show",
                "densegemm_none_bf16",
                "--config",
                "bk=32,bm=1,bn=128,stages=3,wm=2,wn=4");
        refused(USAGE, "choose a GPU target", "kernels", "compile", "densegemm_none_fp32", "--target", "cpu");
        refused(USAGE, "choose a GPU target", "kernels", "simulate", "densegemm_none_fp32", "--target", "cpu");
        refused(USER, "no size 'width'", "kernels", "simulate", "softmax", "--size", "width=3");
        refused(USER, "size columns of silumul is 7", "kernels", "simulate", "silumul_plain", "--size", "columns=7");
        refused(USER, "too large", "kernels", "simulate", "softmax", "--size", "rows=100000,columns=100000");
        refused(USAGE, "have no size 'width'", "kernels", "check", "softmax", "--size", "width=3");
        refused(
                USAGE,
                "none of these kernels has a size 'width'",
                "kernels",
                "check",
                "softmax",
                "router",
                "--size",
                "width=3");
        refused(USAGE, "columns of silumul is 7", "kernels", "check", "silumul_plain", "--size", "columns=7");
        refused(USAGE, "unknown layer 'bond' (did you mean bound?)", "kernels", "check", "softmax", "--layers", "bond");
        refused(USAGE, "no case of these kernels", "kernels", "check", "softmax", "--layers", "exact");
        refused(USAGE, "--cases is 0", "kernels", "check", "softmax", "--cases", "0");
        refused(USAGE, "unknown device 'gpus' (did you mean gpu?)", "kernels", "check", "softmax", "--device", "gpus");
        refused(USAGE, "bad case", "kernels", "check", "softmax/v1|rows|sm_80|threads=256");
        refused(USAGE, "use simulator or gpu", "kernels", "check", "softmax", "--device", "cpu", "--target", "sm_80");
        refused(USAGE, "--shape", "tune", "--spec", "densegemm/v1;epilogue=none;out=fp32");
        refused(
                USAGE,
                "bad shape 'big': write it as m512,n768,k896+128 for a GEMM, e8,m128,n768,k896+128 for a grouped GEMM",
                "tune",
                "--spec",
                "densegemm/v1;epilogue=none;out=fp32",
                "--shape",
                "big",
                "--device",
                "cpu");
        refused(
                USAGE,
                "is plain Java, not a kernel",
                "tune",
                "--spec",
                "softmax/v1",
                "--shape",
                "m1,n1,k1",
                "--device",
                "cpu");
        String quantizer =
                "mxquantize/v2;side=activation;formats=e2m1;rule=ceil;groups=g32;prologue=none;in=fp32;tolerance=exact";
        refused(USAGE, "on a GPU, a quantizer", "tune", "--spec", quantizer, "--shape", "m1,k64", "--device", "cpu");
        refused(
                USAGE,
                "shape m1,n1,k64 is not one of " + quantizer,
                "tune",
                "--spec",
                quantizer,
                "--shape",
                "m1,n1,k64",
                "--device",
                "cpu");
        String grouped = "mxgroupedgemm/v2;pairs=e2m1xe2m1;groups=g32;epilogue=none;out=bf16;tolerance=exact";
        refused(
                USAGE,
                "has no kernel for cpu",
                "tune",
                "--spec",
                grouped,
                "--shape",
                "e8,m1,n1,k64",
                "--device",
                "cpu");
    }

    @Test
    void benchmarksThatMakeNoSense() throws IOException {
        refused(USAGE, "needs a command", "bench");
        refused(USAGE, "bad weight shape '4096'", "bench", "gemm", "--nks", "4096");
        refused(USAGE, "unknown element format 'fp4'", "bench", "gemm", "--pairs", "fp4xe2m1");
        refused(USAGE, "unknown pace 'quick'", "bench", "gemm", "--pace", "sustained,quick");
        refused(USAGE, "number of tokens is 0", "bench", "decode", "--ms", "0");
        refused(USAGE, "bad split", "bench", "quantize", "--split", "70-30");
        refused(USAGE, "add up to 100", "bench", "quantize", "--split", "70:20:20");
        refused(USAGE, "unknown prologue 'layernorm'", "bench", "quantize", "--prologue", "layernorm");
        refused(USAGE, "100 channels", "bench", "kernel", "16", "16", "100", "mxfp4xmxfp4");
        refused(USAGE, "bad format pair 'mxfp4'", "bench", "kernel", "16", "16", "128", "mxfp4");
        refused(USER, "iterations is 0", "bench", "kernel", "16", "16", "128", "mxfp4xmxfp4", "--iters", "0");
        refused(
                USER,
                "cores of a CPU: run it on a GPU, or choose a smaller batch",
                "bench",
                "e2e",
                "--model",
                "llama-3.1-8b",
                "--batch",
                "1000",
                "--prefill",
                "4000",
                "--device",
                "cpu");
        Path text = Files.writeString(folder.resolve("peers.csv"), "words");
        refused(USER, "does not begin with 'peer,M,N,K", "bench", "gemm", "--with-peers", text);
        refused(USER, "there is no text file", "bench", "decode", "--with-peers", folder.resolve("nowhere.csv"));
        refused(USER, "peers.csv exists", "bench", "quantize", "--csv", text);
        refused(
                USER,
                "there is no folder " + folder.resolve("nowhere"),
                "bench",
                "gemm",
                "--csv",
                folder.resolve("nowhere/out.csv"));
    }

    @Test
    void benchmarksNeedAGpu() throws IOException {
        Assumptions.assumeFalse(Files.exists(Path.of("/dev/nvidia0")), "this machine has a GPU");
        String wanted = "bench needs a GPU, and this machine has none that can be used";
        refused(USER, wanted, "bench", "gemm");
        refused(USER, wanted, "bench", "decode", "--json", "--csv", folder.resolve("rows.csv"));
        refused(USER, wanted, "bench", "quantize", "--tune", "off", "--tune-budget", "5s");
        refused(USER, wanted, "bench", "kernel", "16", "16", "128", "mxfp4xmxfp4", "--validate");
        refused(USER, wanted, "bench", "launch");
    }
}
