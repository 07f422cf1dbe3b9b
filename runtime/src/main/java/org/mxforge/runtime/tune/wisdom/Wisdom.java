package org.mxforge.runtime.tune.wisdom;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.files.UserOutput;
import org.mxforge.runtime.kernel.KernelProblem;

/**
 * What searches have found out about one device: an append-only file of one JSON record a line, held in memory, and behind it what
 * was shipped. Both are read when they are first asked. Lines that are damaged, of another version or about another device are
 * skipped and counted; the file itself is never rewritten. A file that cannot be written costs a warning, and what is found lasts for
 * this process only. Not safe for concurrent use.
 */
public final class Wisdom {
    private static final System.Logger LOG = System.getLogger(Wisdom.class.getName());

    private final String device;
    private final WisdomFile file;
    private final Supplier<WisdomBook> shippedSource;
    private WisdomBook own;
    private WisdomBook shipped;
    private boolean writable = true;

    private Wisdom(String device, WisdomFile file, Supplier<WisdomBook> shipped) {
        this.device = device;
        this.file = file;
        this.shippedSource = shipped;
    }

    /** What {@code directory}, which need not exist, and the shipped files know about {@code device}. */
    public static Wisdom open(Path directory, String device) {
        return new Wisdom(device, file(directory, device), () -> ShippedWisdom.about(device));
    }

    /** As {@link #open(Path, String)}, with {@code shipped} in the place of the shipped files. */
    static Wisdom open(Path directory, String device, WisdomBook shipped) {
        return new Wisdom(device, file(directory, device), () -> shipped);
    }

    private static WisdomFile file(Path directory, String device) {
        return new WisdomFile(directory.resolve(fileName(device)));
    }

    private WisdomBook own() {
        if (own == null) {
            own = read();
        }
        return own;
    }

    private static String reason(Exception e) {
        return e instanceof IOException failure ? UserOutput.reason(failure) : e.getMessage();
    }

    private WisdomBook read() {
        WisdomBook book = new WisdomBook();
        try {
            file.read(line -> book.take(line, entry -> entry.key().device().equals(device)));
        } catch (IOException | MxForgeException e) {
            LOG.log(Level.WARNING, "wisdom file {0} cannot be read and is ignored: {1}", path(), reason(e));
        }
        if (book.damaged() + book.foreign() > 0) {
            LOG.log(
                    Level.WARNING,
                    "lines of wisdom file {0} were skipped: {1} damaged, {2} of another version or device",
                    path(),
                    book.damaged(),
                    book.foreign());
        }
        return book;
    }

    private WisdomBook shipped() {
        if (shipped == null) {
            shipped = shippedSource.get();
        }
        return shipped;
    }

    /** The name of the file about {@code device}. */
    public static String fileName(String device) {
        String name = device.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        return (name.length() <= 100 ? name : name.substring(0, 100)) + ".jsonl";
    }

    /** The device this is about. */
    public String device() {
        return device;
    }

    /** The file behind it. */
    public Path path() {
        return file.path();
    }

    /** Lines of the file that were not understood. */
    public int skipped() {
        return own().damaged() + own().foreign();
    }

    /** Everything measured here about {@code key}, oldest first. */
    public List<WisdomRecord> records(WisdomKey key) {
        return own().records(key);
    }

    /** Everything that came with MXForge about {@code key}, oldest first. */
    public List<WisdomRecord> shippedRecords(WisdomKey key) {
        return shipped().records(key);
    }

    /** The winner of the newest full search for {@code key}, or else of the newest one. */
    public Optional<WisdomRecord> winner(WisdomKey key) {
        return winner(key, entry -> true);
    }

    /** The same of the searches that {@code holds} accepts: of those made here, or else of those shipped. */
    public Optional<WisdomRecord> winner(WisdomKey key, Predicate<WisdomRecord> holds) {
        return own().winner(key, holds).or(() -> shipped().winner(key, holds));
    }

    /** The winners of all shapes of {@code problem}, those found here first. */
    public Stream<WisdomRecord> winners(KernelProblem problem) {
        return Stream.concat(own().winners(problem), shipped().winners(problem));
    }

    /** Remembers {@code entry} and appends it to the file. */
    public void append(WisdomRecord entry) {
        if (!entry.key().device().equals(device)) {
            throw new IllegalArgumentException("wisdom about " + device + " cannot take a record of "
                    + entry.key().device());
        }
        own().add(entry);
        try {
            if (writable) {
                file.append(List.of(WisdomLine.write(entry)));
            }
        } catch (IOException | MxForgeException e) {
            writable = false;
            LOG.log(
                    Level.WARNING,
                    "wisdom file {0} cannot be written, so tuning lasts for this run only: {1}",
                    path(),
                    reason(e));
        }
    }
}
