package org.mxforge.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.runtime.checkpoint.torch.TorchArchive;
import org.mxforge.runtime.quant.TinyCheckpoint;

/** What others wrote, from the command line; what cannot be read ends in one sentence, and leaves nothing behind. */
class ImportCommandTest {
    private static final String INDEX = "tiny_reorder_index_wikitext2.pt";

    @TempDir
    Path folder;

    private Path model;
    private Path out;

    @BeforeEach
    void write() throws IOException, URISyntaxException {
        model = TinyCheckpoint.write(folder.resolve("model"), 128, 256);
        out = folder.resolve("out");
        copy("quark-mxfp6");
        copy("micromix");
    }

    private Path copy(String fixture) throws IOException, URISyntaxException {
        Path source = Path.of(
                ImportCommandTest.class.getResource("/foreign/" + fixture).toURI());
        Path target = Files.createDirectory(folder.resolve(fixture));
        try (Stream<Path> files = Files.list(source)) {
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(file.getFileName()));
            }
        }
        return target;
    }

    private void refused(String message, Object... arguments) throws IOException {
        List<Path> before = files();
        CommandRun run = CommandRun.of(arguments);
        assertThat(run.err()).startsWith("mxforge: ").contains(message).doesNotContain("\tat ", "Exception");
        assertThat(run.err().lines()).as("one sentence: %s", run.err()).hasSize(1);
        assertThat(run.code()).isEqualTo(1);
        assertThat(files()).as("nothing is left behind").isEqualTo(before);
    }

    private void modelRefused(String message) throws IOException {
        refused(message, "import", "--model", folder.resolve("quark-mxfp6"), "--out", out);
    }

    private void calibrationRefused(String message) throws IOException {
        refused(
                message,
                "import",
                "--model",
                model,
                "--calibration",
                folder.resolve("micromix").resolve(INDEX),
                "--out",
                out);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.sorted().toList();
        }
    }

    @Test
    void aCheckpointOfQuark() {
        CommandRun run = CommandRun.of("import", "--model", folder.resolve("quark-mxfp6"), "--out", out, "--json");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.json().get("recipe").textValue()).isEqualTo("mxfp6-e2m3/even");
        assertThat(out.resolve("model.safetensors")).exists();
    }

    @Test
    void aCalibrationOfMicroMixQuantizes() {
        CommandRun run = CommandRun.of(
                "import",
                "--model",
                model,
                "--calibration",
                folder.resolve("micromix").resolve(INDEX),
                "--out",
                folder.resolve("calibration.json"));
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("model.layers.0\n", " mlp.down ", "micromix;granularity=32");
        CommandRun quantized = CommandRun.of(
                "quantize",
                "--model",
                model,
                "--recipe",
                "micromix;granularity=32",
                "--calibration",
                folder.resolve("calibration.json"),
                "--out",
                out);
        assertThat(quantized.code()).as(quantized.err()).isZero();
        assertThat(quantized.err()).isEmpty();
    }

    @Test
    void outputsThatExist() throws IOException {
        Files.createDirectory(out);
        modelRefused("exists");
        calibrationRefused("exists");
    }

    @Test
    void unknownFieldsAndOtherGroups() throws IOException {
        Path config = folder.resolve("quark-mxfp6/config.json");
        String text = Files.readString(config);
        Files.writeString(config, text.replace("\"group_size\": 32", "\"group_size\": 16"));
        modelRefused("group_size is 16, not 32");
        Files.writeString(config, text.replace("\"qscheme\":", "\"smoothing\": 1, \"qscheme\":"));
        modelRefused("key 'smoothing' that is not read here");
        Files.writeString(config, text.replace("\"quant_method\": \"quark\"", "\"quant_method\": \"gptq\""));
        modelRefused("not compressed-tensors or quark or mxfp4");
    }

    @Test
    void tamperedAndTruncatedTensors() throws IOException {
        Path file = folder.resolve("quark-mxfp6/model.safetensors");
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 1));
        modelRefused("model.safetensors");
        Files.writeString(
                file,
                new String(whole, StandardCharsets.ISO_8859_1).replace("o_proj.weight_scale", "o_proj.weight_scalf"),
                StandardCharsets.ISO_8859_1);
        modelRefused("o_proj");
    }

    @Test
    void picklesThatWouldRunAProgram() throws IOException {
        Path index = folder.resolve("micromix").resolve(INDEX);
        String text = Files.readString(index, StandardCharsets.ISO_8859_1);
        Path mark = folder.resolve("mark");
        String program = "cposix\nsystem\n(V touch " + mark + "\ntR.";
        TorchArchive.write(index, ("\u0080\u0002" + program).getBytes(StandardCharsets.ISO_8859_1), Map.of());
        calibrationRefused("asks for posix.system");
        assertThat(mark).doesNotExist();
        String tampered = text.replace("collections\nOrderedDict", "subprocess\ncheck_output");
        Files.writeString(index, tampered, StandardCharsets.ISO_8859_1);
        calibrationRefused("is damaged");
        Files.writeString(index, text.substring(0, 5000), StandardCharsets.ISO_8859_1);
        calibrationRefused("no whole zip archive");
    }

    @Test
    void countsThatDoNotFit() throws IOException {
        model = TinyCheckpoint.write(folder.resolve("wide"), 128, 512);
        calibrationRefused("256 channels for 'layers.0.mlp.down_proj.input', the model 512");
    }
}
