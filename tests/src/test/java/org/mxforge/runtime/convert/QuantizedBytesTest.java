package org.mxforge.runtime.convert;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.runtime.BundledModel;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.model.Fixtures;
import org.mxforge.runtime.quant.Recipe;

/** The tensors of quantized checkpoints, all of them in one digest, are those that version 0.1.0 wrote at first. */
class QuantizedBytesTest {
    @TempDir
    static Path work;

    private static Checkpoint demo;

    @BeforeAll
    static void open() {
        demo = Checkpoint.open(BundledModel.checkpoint(work));
    }

    @ParameterizedTest
    @CsvSource({
        "mxfp8, 735ef26bb6145b2236f4d05321cada74d39e6f9c689098b822433a876a0d4bb0",
        "mxfp4, 6f8a9604d090a0b6527be2074c95cc9da94e4ca07d7c3ba709d69e2c2df1b80d",
        "mxfp6-e2m3/floor, dba0659cf6765a2d2d455b2533c8e25559b1699b68d6c3732f986f946782cb75",
        "e4m3xe2m1, 6f8a9604d090a0b6527be2074c95cc9da94e4ca07d7c3ba709d69e2c2df1b80d",
    })
    void theDemoModelIsQuantizedAsEver(String recipe, String digest, @TempDir Path folder)
            throws IOException, NoSuchAlgorithmException {
        assertThat(digest(demo, recipe, folder.resolve("out"))).isEqualTo(digest);
    }

    @Test
    void expertsAreQuantizedAsEver(@TempDir Path folder) throws IOException, NoSuchAlgorithmException {
        Checkpoint mixtral = Checkpoint.open(Fixtures.folder("fx-mixtral"));
        assertThat(digest(mixtral, "mxfp4", folder.resolve("out")))
                .isEqualTo("ba704a2294b7d658e206cb7cc6b194971870c8d6c803e412491dcd50e090202f");
    }

    /** Of everything after the header, which names the version that wrote it. */
    private static String digest(Checkpoint plain, String recipe, Path out)
            throws IOException, NoSuchAlgorithmException {
        new CheckpointQuantizer(new QuantizationPlan(Recipe.parse(recipe), plain, Optional.empty()))
                .write(out, elements -> {});
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(out.resolve("model.safetensors")));
        int header = Math.toIntExact(file.order(ByteOrder.LITTLE_ENDIAN).getLong());
        file.position(file.position() + header);
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        sha.update(file);
        return HexFormat.of().formatHex(sha.digest());
    }
}
