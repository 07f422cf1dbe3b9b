package org.mxforge.runtime.base.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.mxforge.runtime.base.MxForgeException;

/**
 * A file that is read and that nobody vouches for. Only regular files are opened, after following links: a pipe would wait for ever, a
 * device never ends. Where all of it is read, its size has a limit, which is checked before anything is allocated and kept to while
 * it is read, since files grow and those of {@code /proc} tell no size. Every failure is an {@link MxForgeException} that names the file.
 *
 * @param what what it is, in messages, such as {@code text file}
 * @param path where it is
 */
public record InputFile(String what, Path path) {
    /** An open file for reading at any place of it. */
    public FileChannel open() {
        try {
            requireRegular();
            return FileChannel.open(path, StandardOpenOption.READ);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** All of it, if that is no more than {@code limit} bytes. */
    public byte[] bytes(long limit) {
        try {
            long size = requireRegular().size();
            if (size > limit) {
                throw tooLarge(size, limit);
            }
            try (InputStream in = Files.newInputStream(path)) {
                byte[] bytes = in.readNBytes((int) Math.min(limit, Integer.MAX_VALUE - 8));
                if (in.read() >= 0) {
                    throw tooLarge(Math.max(Files.size(path), limit + 1), limit);
                }
                if (FileSignature.GIT_LFS.matches(bytes)) {
                    throw other(FileSignature.GIT_LFS);
                }
                return bytes;
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** An open file for reading from its begin on, if it has no more than {@code limit} bytes now. */
    public InputStream stream(long limit) {
        try {
            long size = requireRegular().size();
            if (size > limit) {
                throw tooLarge(size, limit);
            }
            return Files.newInputStream(path);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** All of it, if that is no more than {@code limit} bytes and they are valid UTF-8. */
    public String text(long limit) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes(limit)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MxForgeException(
                    what + " " + path + " is not valid UTF-8: convert it first, or check that it is the right file", e);
        }
    }

    /** @throws MxForgeException saying what it is, if it begins as files do that are taken for those of a checkpoint */
    public void refuseOtherFormats() {
        try {
            requireRegular();
            try (InputStream in = Files.newInputStream(path)) {
                FileSignature.of(in.readNBytes(FileSignature.LONGEST)).ifPresent(signature -> {
                    throw other(signature);
                });
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private MxForgeException other(FileSignature signature) {
        return new MxForgeException(what + " " + path + " is " + signature.sentence());
    }

    /** @throws MxForgeException if it is not there, or not a regular file */
    public BasicFileAttributes requireRegular() {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            if (attributes.isRegularFile()) {
                return attributes;
            }
            throw new MxForgeException(
                    what + " " + path
                            + (attributes.isDirectory()
                                    ? " is a folder: name a file"
                                    : " is not a regular file but a pipe, a socket or a device: copy its content to a file first"));
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private MxForgeException tooLarge(long size, long limit) {
        return new MxForgeException(what + " " + path + " has " + size + " bytes, more than the " + limit
                + " that it may have here: check that it is the right file, or use a part of it");
    }

    private MxForgeException unreadable(IOException e) {
        if (e instanceof NoSuchFileException && Files.isSymbolicLink(path)) {
            return new MxForgeException(
                    what + " " + path
                            + " is a link to something that is not there: fetch it again, or correct the link",
                    e);
        }
        if (e instanceof NoSuchFileException) {
            return new MxForgeException("there is no " + what + " " + path + ": check the path", e);
        }
        return new MxForgeException(what + " " + path + " cannot be read: " + UserOutput.reason(e), e);
    }
}
