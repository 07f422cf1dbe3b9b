package org.mxforge.runtime.base.files;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** What files that are taken for those of a checkpoint begin with, and what is to be done about them. */
enum FileSignature {
    GIT_LFS(
            "version https://git-lfs.github.com/spec/",
            "a Git LFS pointer and not the file itself: run 'git lfs pull' in its folder, or fetch it again"),
    GGUF("GGUF", "a GGUF file of llama.cpp: get the model in safetensors, from which such files are made"),
    TORCH_ZIP("PK\u0003\u0004", Texts.PICKLE),
    PICKLE_2("\u0080\u0002", Texts.PICKLE),
    PICKLE_3("\u0080\u0003", Texts.PICKLE),
    PICKLE_4("\u0080\u0004", Texts.PICKLE),
    PICKLE_5("\u0080\u0005", Texts.PICKLE),
    HDF5("\u0089HDF", "an HDF5 file of TensorFlow: get the model in safetensors, or save it so with transformers"),
    HTML("<!DOCTYPE", Texts.PAGE),
    LOWER_HTML("<!doctype", Texts.PAGE),
    PAGE("<html", Texts.PAGE);

    /** As many bytes as the longest. */
    static final int LONGEST = 48;

    private static final class Texts {
        static final String PICKLE =
                "a PyTorch file (pickle), which can run any code when it is read: save the model with transformers'"
                        + " save_pretrained(..., safe_serialization=True)";
        static final String PAGE = "a web page, as servers send where a login or a licence is missing: fetch it again";
    }

    private final byte[] begin;
    private final String sentence;

    FileSignature(String begin, String sentence) {
        this.begin = begin.getBytes(StandardCharsets.ISO_8859_1);
        this.sentence = sentence;
    }

    /** What a file that begins with {@code bytes} is, if it is one of these. */
    static Optional<FileSignature> of(byte[] bytes) {
        return Arrays.stream(values())
                .filter(signature -> signature.matches(bytes))
                .findFirst();
    }

    boolean matches(byte[] bytes) {
        return bytes.length >= begin.length && Arrays.equals(begin, 0, begin.length, bytes, 0, begin.length);
    }

    /** What it is, after "is", and what to do. */
    String sentence() {
        return sentence;
    }
}
