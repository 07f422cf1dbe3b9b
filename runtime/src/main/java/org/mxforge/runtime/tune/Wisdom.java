package org.mxforge.runtime.tune;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What tuning found out about one device: an append-only file of JSON lines, {@code DEVICE.jsonl}, that processes share.
 * Lines that are damaged, from another format version or from another device are skipped and counted, never touched. When
 * several searches of one key have ended, the newest complete one decides, or else the newest.
 *
 * <p>Trouble with the file is a warning, not a failure: tuning then lasts for this process only. Not safe for concurrent use.
 */
public final class Wisdom {
    private static final System.Logger LOG = System.getLogger(Wisdom.class.getName());

    private final String device;
    private final WisdomFile file;
    private final Map<WisdomKey, List<WisdomRecord>> records = new HashMap<>();
    private int damaged;
    private int foreign;
    private boolean writable = true;

    private Wisdom(String device, WisdomFile file) {
        this.device = device;
        this.file = file;
    }

    /** Reads what {@code directory}, which need not exist, knows about {@code device}. */
    public static Wisdom open(Path directory, String device) {
        Wisdom wisdom = new Wisdom(device, new WisdomFile(directory.resolve(fileName(device))));
        try {
            wisdom.file.read(wisdom::take);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "wisdom file {0} cannot be read and is ignored: {1}", wisdom.path(), e.toString());
        }
        if (wisdom.skipped() > 0) {
            LOG.log(
                    Level.WARNING,
                    "lines of wisdom file {0} were skipped: {1} damaged, {2} of another version or device",
                    wisdom.path(),
                    wisdom.damaged,
                    wisdom.foreign);
        }
        return wisdom;
    }

    private static String fileName(String device) {
        String name = device.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        return (name.length() <= 100 ? name : name.substring(0, 100)) + ".jsonl";
    }

    private void take(String line) {
        try {
            Optional<WisdomRecord> entry =
                    WisdomLine.read(line).filter(e -> e.key().device().equals(device));
            entry.ifPresentOrElse(this::remember, () -> foreign++);
        } catch (IllegalArgumentException e) {
            damaged++;
        }
    }

    private void remember(WisdomRecord entry) {
        records.computeIfAbsent(entry.key(), key -> new ArrayList<>()).add(entry);
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
        return damaged + foreign;
    }

    /** Everything known about {@code key}, oldest first. */
    public List<WisdomRecord> records(WisdomKey key) {
        return List.copyOf(records.getOrDefault(key, List.of()));
    }

    /** The winner of the newest complete search for {@code key}, or else of the newest one. */
    public Optional<WisdomRecord> winner(WisdomKey key) {
        Optional<WisdomRecord> newest = Optional.empty();
        for (WisdomRecord entry : records(key)) {
            boolean complete = entry.coverage().map(Coverage::complete).orElse(false);
            if (entry.coverage().isPresent() && (complete || !isComplete(newest))) {
                newest = Optional.of(entry);
            }
        }
        return newest;
    }

    private static boolean isComplete(Optional<WisdomRecord> entry) {
        return entry.flatMap(WisdomRecord::coverage).map(Coverage::complete).orElse(false);
    }

    /** Remembers {@code entry} and appends it to the file. */
    public void append(WisdomRecord entry) {
        if (!entry.key().device().equals(device)) {
            throw new IllegalArgumentException("wisdom about " + device + " cannot take a record of "
                    + entry.key().device());
        }
        remember(entry);
        try {
            if (writable) {
                file.append(WisdomLine.write(entry));
            }
        } catch (IOException e) {
            writable = false;
            LOG.log(
                    Level.WARNING,
                    "wisdom file {0} cannot be written, so tuning lasts for this run only: {1}",
                    path(),
                    e.toString());
        }
    }
}
