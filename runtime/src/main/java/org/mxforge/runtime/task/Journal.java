package org.mxforge.runtime.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.files.InputFile;
import org.mxforge.runtime.base.files.LockedFile;
import org.mxforge.runtime.base.files.UserOutput;
import org.mxforge.runtime.base.json.JsonFields;
import org.mxforge.runtime.base.json.StrictJson;

/**
 * Outcomes of a run that is not over, one a line, after a line that says what run it is. What was killed in the middle of a line goes on at
 * its begin.
 */
final class Journal implements AutoCloseable {
    private static final long LIMIT = 1L << 30;

    private final Path file;
    private final FileChannel channel;
    private final List<Outcome> outcomes = new ArrayList<>();

    /**
     * Goes on with {@code file}, or begins it.
     *
     * @throws MxForgeException if it is of another run than {@code run}, or of one that is at work
     */
    Journal(Path file, ObjectNode run) {
        this.file = file;
        try {
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw unwritable(e);
        }
        try {
            LockedFile.lock(channel, file, Duration.ZERO);
            resume(run);
        } catch (IOException e) {
            close();
            throw unwritable(e);
        } catch (OverlappingFileLockException e) {
            close();
            throw unwritable(new IOException("an evaluation of this program is at work on it", e));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void resume(ObjectNode run) throws IOException {
        String text = new InputFile("unfinished evaluation", file).text(LIMIT);
        int whole = text.lastIndexOf('\n') + 1;
        channel.truncate(text.substring(0, whole).getBytes(StandardCharsets.UTF_8).length);
        channel.position(channel.size());
        if (whole == 0) {
            write(run);
            return;
        }
        String[] lines = text.substring(0, whole).split("\n");
        if (!lines[0].equals(run.toString())) {
            throw new MxForgeException(
                    file + " is what is there of another evaluation, of other options, another model or"
                            + " other data: finish that one with its own options, remove the file, or choose another --out");
        }
        for (int i = 1; i < lines.length; i++) {
            JsonFields line = StrictJson.parse(file + ", line " + (i + 1), lines[i]);
            outcomes.add(Outcome.read(line));
        }
    }

    /** What is there. */
    List<Outcome> outcomes() {
        return outcomes;
    }

    void add(Outcome outcome) {
        try {
            write(outcome.json());
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private void write(ObjectNode line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** The run is over. */
    void remove() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private MxForgeException unwritable(IOException e) {
        return new MxForgeException(
                "cannot keep the outcomes of an unfinished evaluation in " + file + ": " + UserOutput.reason(e), e);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw unwritable(e);
        }
    }
}
