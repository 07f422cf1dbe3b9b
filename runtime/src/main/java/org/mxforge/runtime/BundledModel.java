package org.mxforge.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.List;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.base.cache.Digests;
import org.mxforge.runtime.base.files.InputFile;
import org.mxforge.runtime.base.files.PrivateFolder;
import org.mxforge.runtime.base.files.Publication;
import org.mxforge.runtime.base.files.UserOutput;

/**
 * A small Llama checkpoint in Hugging Face layout and two texts, so that calibration, quantization and evaluation run from the jar
 * alone. The checkpoint (5.77 M parameters, BF16, 11.5 MB) was trained for this project on documentation paragraphs; the texts
 * were written for it and do not overlap, so that a model is never scored on what it was calibrated on. A checkpoint is mapped,
 * not read, and so the files are unpacked to a cache folder once.
 */
public final class BundledModel {
    private static final List<String> FILES =
            List.of("config.json", "tokenizer.json", "reference.json", "model.safetensors");

    /** Digits of a digest that tell versions apart. */
    private static final int DIGITS = 16;

    private BundledModel() {}

    /** Text to calibrate on: about 12 kB of English in the style of documentation, one paragraph a line. */
    public static String calibrationText() {
        return text("calibration.txt");
    }

    /** Text to score: about 19 kB of the same kind, sharing no paragraph with {@link #calibrationText()}. */
    public static String evaluationText() {
        return text("evaluation.txt");
    }

    /**
     * The checkpoint, unpacked to the user's cache.
     *
     * @throws MxForgeException if it cannot be written
     */
    public static ModelFolder open() {
        return ModelFolder.open(checkpoint(ArtifactCache.user().root()));
    }

    /**
     * The folder of the unpacked checkpoint. It is made on first use, appears complete or not at all, is safe against other
     * processes that do the same, and is made again when its content is not what the jar holds. Where the cache cannot be written, it is
     * one of this process alone.
     *
     * @param cache folder for files that can be made again; created if missing
     * @throws MxForgeException if it can be written nowhere
     */
    public static Path checkpoint(Path cache) {
        try {
            String digest = digest(BundledModel::open);
            Path folder = cache.resolve("demo").resolve(digest);
            if (!holds(folder, digest)) {
                ArtifactCache.alone(cache, "demo-" + digest, () -> {
                    publish(folder, digest);
                    return folder;
                });
            }
            return folder;
        } catch (IOException | UncheckedIOException e) {
            return unpackPrivately(cache, e);
        }
    }

    /** Where the cache cannot be written: a folder of this process alone. */
    private static Path unpackPrivately(Path cache, Exception reason) {
        try {
            Path folder = PrivateFolder.temporary("demo");
            copyInto(folder);
            return folder;
        } catch (IOException e) {
            e.addSuppressed(reason);
            throw new MxForgeException(
                    "cannot unpack the bundled checkpoint below " + cache + " (" + UserOutput.reason(e)
                            + "): choose another cache folder with MXFORGE_CACHE",
                    e);
        }
    }

    /** Unpacks, unless another process has done so in the meantime. */
    private static void publish(Path folder, String digest) {
        if (holds(folder, digest)) {
            return;
        }
        try {
            PrivateFolder.create(folder.getParent());
            if (Files.exists(folder)) {
                Publication.withdraw(folder);
            }
            Publication.newFolder(folder, BundledModel::copyInto);
        } catch (IOException e) {
            // Where there is no locking, a process that unpacked the same files may have been first: they are as good.
            if (!holds(folder, digest)) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void copyInto(Path folder) throws IOException {
        for (String name : FILES) {
            try (InputStream in = open(name)) {
                Files.copy(in, folder.resolve(name));
            }
        }
    }

    private static boolean holds(Path folder, String digest) {
        try {
            return digest(name -> new InputFile("bundled file", folder.resolve(name)).stream(Integer.MAX_VALUE))
                    .equals(digest);
        } catch (IOException | MxForgeException missing) {
            return false;
        }
    }

    private static String digest(Source source) throws IOException {
        MessageDigest sha = Digests.sha256();
        for (String name : FILES) {
            sha.update(name.getBytes(StandardCharsets.UTF_8));
            try (DigestInputStream in = new DigestInputStream(source.open(name), sha)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
        }
        return Digests.hex(sha.digest()).substring(0, DIGITS);
    }

    private static String text(String name) {
        try (InputStream in = open(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the bundled " + name + " cannot be read", e);
        }
    }

    private static InputStream open(String name) throws IOException {
        InputStream in = BundledModel.class.getResourceAsStream("bundled/" + name);
        if (in == null) {
            throw new IOException("this build of MXForge lacks its bundled " + name);
        }
        return in;
    }

    @FunctionalInterface
    private interface Source {
        InputStream open(String name) throws IOException;
    }
}
