package org.mxforge.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.codegen.catalogue.Catalogue;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.ToolVersion;
import org.mxforge.runtime.checkpoint.safetensors.SafetensorsWriter;
import org.mxforge.runtime.checkpoint.safetensors.TensorStore;
import org.mxforge.runtime.checkpoint.safetensors.TensorType;
import org.mxforge.runtime.quant.TinyCheckpoint;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class CommandsTest {
    private static final String GEMM = "mxgemm_e2m1xe2m1_g32_none_bf16_exact_mma";

    @TempDir
    Path folder;

    private static CommandRun run(Object... arguments) {
        CommandRun run = CommandRun.of(arguments);
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        return run;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo",
                "compare",
                "calibrate",
                "quantize",
                "tune",
                "eval ppl",
                "eval tasks",
                "eval code",
                "eval math",
                "eval compare",
                "generate",
                "logits",
                "kernels list",
                "kernels show",
                "kernels compile",
                "kernels simulate",
                "kernels check",
                "bench gemm",
                "bench decode",
                "bench quantize",
                "bench kernel",
                "bench launch",
                "bench e2e",
                "wisdom list",
                "wisdom show",
                "wisdom merge",
                "wisdom prune",
                "wisdom verify",
                "doctor"
            })
    void everyCommandHasHelpWithAnExample(String command) {
        List<String> words = new java.util.ArrayList<>(List.of(command.split(" ")));
        words.add("--help");
        assertThat(run(words.toArray()).out())
                .startsWith("Usage: mxforge " + command)
                .contains("Example", "\n  mxforge " + command);
    }

    /** Texts are formats: a percent sign that is not doubled is a warning of picocli's at every start of the help. */
    @Test
    void helpIsFormatted() {
        everyCommand(MxForge.commandLine()).forEach(command -> {
            Stream<String> options = command.getCommandSpec().options().stream()
                    .flatMap(option -> Stream.of(option.description()))
                    .map(text -> text.replaceAll("\\$\\{[A-Z-]+}", ""));
            Stream<String> texts = Stream.of(
                            command.getCommandSpec().usageMessage().description(),
                            command.getCommandSpec().usageMessage().footer())
                    .flatMap(Stream::of);
            Stream.concat(options, texts)
                    .forEach(text ->
                            assertThatCode(() -> String.format(text)).as(text).doesNotThrowAnyException());
        });
    }

    private static Stream<CommandLine> everyCommand(CommandLine command) {
        return Stream.concat(
                Stream.of(command), command.getSubcommands().values().stream().flatMap(CommandsTest::everyCommand));
    }

    /** A command that is set up alone says the same as among all, and is found by its own name. */
    @Test
    void oneCommandIsAsAmongAll() {
        MxForge.commandLine().getSubcommands().forEach((name, among) -> {
            CommandLine alone =
                    MxForge.commandLine(name, "--help").getSubcommands().get(name);
            assertThat(alone.getUsageMessage()).isEqualTo(among.getUsageMessage());
            assertThat(alone.getSubcommands().keySet())
                    .isEqualTo(among.getSubcommands().keySet());
            assertThat(alone.getCommand()
                            .getClass()
                            .getAnnotation(CommandLine.Command.class)
                            .name())
                    .isEqualTo(name);
        });
    }

    @Test
    void withoutACommandThereIsHelp() {
        assertThat(run().out()).startsWith("Usage: mxforge").contains("demo", "quantize", "doctor");
        assertThat(run("--version").out()).isEqualToIgnoringNewLines("mxforge " + ToolVersion.TEXT);
    }

    @Test
    void doctorTellsWhatItFound() {
        JsonNode found = run("doctor", "--json").json();
        assertThat(found.at("/mxforge/version").textValue()).isEqualTo(ToolVersion.TEXT);
        assertThat(found.at("/java/compiler").textValue()).isEqualTo("present");
        assertThat(found.at("/nvrtc/version").textValue()).startsWith("12.");
        assertThat(found.at("/cache/folder").textValue()).isNotEmpty();
        assertThat(found.at("/gpu").has("name") || found.at("/gpu").has("missing"))
                .isTrue();
        assertThat(run("doctor").out()).contains("nvrtc", "compiler", "cores");
    }

    @Test
    void kernelsAreListed() {
        assertThat(run("kernels", "list", "--json").json()).hasSameSizeAs(Catalogue.of(Target.SM_80));
        assertThat(run("kernels", "list", "--target", "sm_90a", "--json").json())
                .hasSameSizeAs(Catalogue.of(Target.SM_90A));
        assertThat(run("kernels", "list", "--target", "cpu", "--json").json()).hasSameSizeAs(Catalogue.of(Target.CPU));
        assertThat(run("kernels", "list").out().lines())
                .anyMatch(GEMM.replaceFirst("_mma$", "")::equals)
                .allMatch(line -> line.length() <= 80);
        assertThat(run("kernels", "list", "softmax", "--json").json()).hasSize(1);
        assertThat(run("kernels", "list", "e2m1xe2m1_g32", "wgmma", "--target", "sm_90a", "--json")
                        .json()
                        .findValuesAsText("name"))
                .isNotEmpty()
                .allMatch(name -> name.contains("e2m1xe2m1_g32") && name.contains("wgmma"));
        assertThat(run("kernels", "list", "magic").out())
                .isEqualToIgnoringNewLines("the catalogue for sm_80 has no such kernel");
    }

    @Test
    void kernelsAreSimulated() {
        JsonNode one = run("kernels", "simulate", "softmax", "router", "--size", "rows=3,columns=40", "--json")
                .json();
        assertThat(one).hasSize(2);
        assertThat(one.at("/0/instructions").longValue()).isPositive();
        assertThat(one.at("/0/findings")).isEmpty();
        assertThat(run("kernels", "simulate", "silumul_plain").out()).contains("silumul", "FINDINGS");
    }

    @Test
    void kernelsAreChecked(@TempDir Path folder) throws IOException {
        Path page = folder.resolve("errors.html");
        CommandRun table = run("kernels", "check", "softmax", "--size", "columns=40", "--report", page);
        assertThat(table.out()).contains("softmax", "bound", "norm", "right", "reported");
        assertThat(table.out().lines()).allMatch(line -> line.length() <= 80);
        assertThat(Files.readString(page)).contains("softmax/v1|rows|sm_80", "data:image/png", "beyond");
        JsonNode cases = run("kernels", "check", "silumul_plain", "--cases", "2", "--layers", "norm", "--json")
                .json();
        assertThat(cases).hasSize(2);
        assertThat(cases.at("/1/right").booleanValue()).isTrue();
        assertThat(cases.at("/1/sqnr_db").doubleValue()).isGreaterThan(40);
        String line = cases.at("/1/case").textValue();
        assertThat(run("kernels", "check", line, "--json").json().at("/0")).isEqualTo(cases.at("/1"));
        JsonNode several = run("kernels", "check", "softmax", "router", "--size", "experts=5,columns=40", "--json")
                .json();
        assertThat(several.findValuesAsText("case"))
                .isNotEmpty()
                .allMatch(
                        text -> text.contains("columns=40") && text.contains("experts=5") == text.startsWith("router"));
        assertThat(run("kernels", "check", "densegemm_none_fp32", "--device", "cpu")
                        .out())
                .contains("densegemm", "exact", "right");
    }

    @Test
    void kernelsAreShownByNameOrSpec() {
        String byName = run("kernels", "show", GEMM, "--target", "sm_90a").out();
        assertThat(byName).startsWith("// GENERATED from mxgemm/v2;").contains("__global__");
        String spec = "mxgemm/v2;pairs=e2m1xe2m1;groups=g32;epilogue=none;out=bf16;tolerance=exact";
        assertThat(run("kernels", "show", spec, "--algorithm", "mma", "--target", "sm_90a")
                        .out())
                .isEqualTo(byName);
        JsonNode java = run("kernels", "show", "densegemm_none_fp32", "--target", "cpu", "--json")
                .json();
        assertThat(java.get("file").textValue()).endsWith(".java");
        assertThat(java.get("source").textValue()).contains("public final class");
    }

    @Test
    void kernelsAreCompiledWithoutAGpu() throws IOException {
        Path out = folder.resolve("images");
        JsonNode compiled = run("kernels", "compile", GEMM, "--target", "sm_120a", "--out", out, "--json")
                .json();
        assertThat(compiled).hasSize(1);
        assertThat(compiled.get(0).get("spill_bytes").intValue()).isZero();
        assertThat(Files.readAllBytes(out.resolve(GEMM + ".cubin")))
                .hasSize(compiled.get(0).get("image_bytes").intValue())
                .startsWith(0x7f, 'E', 'L', 'F');
        Path ptx = folder.resolve("ptx");
        run("kernels", "compile", GEMM, "--target", "sm_90a", "--ptx", "--out", ptx);
        assertThat(Files.readString(ptx.resolve(GEMM + ".ptx"), StandardCharsets.US_ASCII))
                .contains(".target sm_90a")
                .doesNotContain("\0");
    }

    @Test
    void oneShapeIsTunedAndRemembered() {
        Object[] command = {
            "tune",
            "--spec",
            "mxgemm/v2;pairs=e2m1xe2m1+e4m3xe2m1;groups=g32;epilogue=residual;out=fp32;tolerance=exact",
            "--shape",
            "m5,n48,k64+32",
            "--device",
            "cpu",
            "--threads",
            "1",
            "--quick",
            "--json"
        };
        run(command);
        JsonNode again = run(command).json();
        assertThat(again).hasSize(1);
        assertThat(again.get(0).get("from").textValue()).isEqualTo("wisdom");
        assertThat(again.get(0).get("shape").textValue()).isEqualTo("m8,n48,k64+32");
        assertThat(again.get(0).get("median_ms").doubleValue()).isPositive();
        Path report = folder.resolve("report.html");
        run(Stream.concat(Stream.of(command), Stream.of("--report", report)).toArray());
        assertThat(report)
                .content()
                .contains("m8,n48,k64+32", "class=\"chart\"", "correct")
                .endsWith("</html>\n");
        assertThat(folder).isDirectoryContaining(path -> path.equals(report)).isDirectoryNotContaining("glob:**/.*");
    }

    @Test
    void aQuantizedModelGivesTheLogitsOfTheRecipeInMemory() {
        Path model = TinyCheckpoint.write(folder.resolve("model"), 128, 256);
        Path ids = folder.resolve("ids.safetensors");
        new SafetensorsWriter()
                .add("input_ids", TensorType.I32, SafetensorsWriter.Payload.of(new int[] {3, 1, 4, 1, 5, 9}), 2, 3)
                .write(ids);
        Path saved = folder.resolve("saved");
        assertThat(run("quantize", "--model", model, "--recipe", "e4m3xe2m1", "--out", saved, "--json")
                        .json()
                        .get("bits_per_weight")
                        .doubleValue())
                .isBetween(4.25, 4.5);
        Path one = folder.resolve("one.safetensors");
        Path other = folder.resolve("other.safetensors");
        Object[] common = {"--ids", ids, "--device", "cpu", "--tune", "off"};
        assertThat(recipe(run(join(common, "logits", "--model", saved, "--out", one, "--json"))))
                .isEqualTo("e4m3xe2m1");
        assertThat(recipe(run(join(
                        common,
                        "logits",
                        "--model",
                        saved,
                        "--recipe",
                        "e4m3xe2m1",
                        "--out",
                        folder.resolve("third.safetensors"),
                        "--json"))))
                .isEqualTo("e4m3xe2m1");
        for (String contradicting : new String[] {"mxfp4", "bf16", "e4m3xe2m1/floor"}) {
            CommandRun refused = CommandRun.of(join(
                    common,
                    "logits",
                    "--model",
                    saved,
                    "--recipe",
                    contradicting,
                    "--out",
                    folder.resolve("no.safetensors")));
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.err()).contains("is quantized already, with recipe e4m3xe2m1", contradicting);
        }
        run(join(common, "logits", "--model", model, "--recipe", "e4m3xe2m1", "--out", other));
        assertThat(TensorStore.open(one).info("logits").shape()).containsExactly(2L, 3L, 50L);
        assertThat(TensorStore.open(one).bytes("logits").all())
                .isEqualTo(TensorStore.open(other).bytes("logits").all());
    }

    private static String recipe(CommandRun run) {
        return run.json().get("recipe").textValue();
    }

    private static Object[] join(Object[] tail, Object... head) {
        return java.util.stream.Stream.concat(java.util.Arrays.stream(head), java.util.Arrays.stream(tail))
                .toArray();
    }

    @Test
    void theDemoRunsToItsEnd() {
        Path plot = folder.resolve("plot.svg");
        Object[] few = {"--windows", "4", "--tokens", "4", "--device", "cpu", "--tune", "off", "--json", "--plot", plot
        };
        JsonNode report = run(join(few, "demo")).json();
        assertThat(report.at("/calibration/sites")).hasSize(24);
        assertThat(report.get("variants")).isNotEmpty();
        assertThat(report.get("recipes")).hasSize(6);
        assertThat(plot).content().contains("micromix;granularity=32");
        double plain = report.at("/recipes/0/perplexity").doubleValue();
        for (JsonNode recipe : report.get("recipes")) {
            assertThat(recipe.get("perplexity").doubleValue()).isBetween(plain * 0.97, plain * 1.5);
            assertThat(recipe.get("continuation").textValue()).isNotBlank();
        }
    }

    @Test
    void aFaultOfTheProgramIsSaidInOneLine() {
        CommandRun run = CommandRun.of(withFault(), "fail");
        assertThat(run.code()).isEqualTo(70);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).startsWith("mxforge: internal error: ").contains("oh no", "--debug");
    }

    @Test
    void debugShowsWhere() {
        assertThat(CommandRun.of(withFault(), "--debug", "fail").err()).contains("\tat ", "Failing.call");
        assertThat(CommandRun.of("tune", "--model", folder.resolve("nowhere"), "--debug")
                        .err())
                .startsWith("mxforge: ")
                .contains("\tat ");
    }

    private static CommandLine withFault() {
        return MxForge.commandLine().addSubcommand("fail", new Failing());
    }

    /** A command with a fault. */
    @Command
    static final class Failing implements Callable<Integer> {
        @Override
        public Integer call() {
            throw new IllegalStateException("oh no\nand more");
        }
    }
}
