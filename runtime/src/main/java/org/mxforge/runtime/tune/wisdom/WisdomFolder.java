package org.mxforge.runtime.tune.wisdom;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.files.InputFile;
import org.mxforge.runtime.base.files.UserOutput;
import org.mxforge.runtime.tune.wisdom.WisdomRecord.Toolchain;

/**
 * A folder of wisdom files, one for each device, what can be done with them as a whole, and what they know together with the files
 * that come with MXForge.
 *
 * @param path the folder; it need not exist
 */
public record WisdomFolder(Path path) {
    /**
     * What a merge did.
     *
     * @param added records that are new here
     * @param known records that were here already, and winners of shapes that have one here
     * @param skipped lines that are damaged or of another version
     */
    public record Merged(int added, int known, int skipped) {}

    /**
     * What a check found in one file.
     *
     * @param sound lines that hold
     * @param foreign lines of another version of the format, or about a device whose file is another one
     * @param faults what is wrong with each damaged line, with its number
     */
    public record Checked(int sound, int foreign, List<String> faults) {}

    /**
     * What one file knows about one shape of one kernel.
     *
     * @param file its path; {@code shipped/} and its name for one that comes with MXForge
     * @param key what it is about
     * @param records everything, oldest first
     * @param winner of the newest full search or else of the newest one; empty as long as none has ended
     */
    public record Known(String file, WisdomKey key, List<WisdomRecord> records, Optional<WisdomRecord> winner) {}

    /** The wisdom files in it. */
    public List<Path> files() {
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(path)) {
            return entries.filter(file -> file.getFileName().toString().endsWith(".jsonl"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new MxForgeException("wisdom folder " + path + " cannot be read: " + UserOutput.reason(e), e);
        }
    }

    /** What is known: file by file those in here, then the shipped ones. */
    public List<Known> known() {
        List<Known> known = new ArrayList<>();
        files().forEach(file -> known.addAll(known(file.toString(), read(file))));
        ShippedWisdom.files().forEach(file -> known.addAll(known("shipped/" + file, ShippedWisdom.read(file))));
        return known;
    }

    private static List<Known> known(String file, WisdomBook book) {
        return book.keys().stream()
                .map(key -> new Known(file, key, book.records(key), book.winner(key, entry -> true)))
                .toList();
    }

    /**
     * Makes sure that there is a wisdom file.
     *
     * @throws MxForgeException if not, or it cannot be read
     */
    public static void require(Path file) {
        lines(file);
    }

    /**
     * The content of a wisdom file anywhere.
     *
     * @throws MxForgeException if there is no such file
     */
    static WisdomBook read(Path file) {
        WisdomBook book = new WisdomBook();
        lines(file).forEach(line -> book.take(line, entry -> true));
        return book;
    }

    private static List<String> lines(Path file) {
        List<String> lines = new ArrayList<>();
        try {
            new InputFile("wisdom file", file).requireRegular();
            new WisdomFile(file).read(lines::add);
            return lines;
        } catch (IOException e) {
            throw new MxForgeException("wisdom file " + file + " cannot be read: " + UserOutput.reason(e), e);
        }
    }

    private WisdomFile fileAbout(String device) {
        return new WisdomFile(path.resolve(Wisdom.fileName(device)));
    }

    /**
     * Adds what {@code source} knows. Nothing here is overwritten: a shape that has a winner from the same source and compiler keeps
     * it.
     *
     * @throws MxForgeException if no line of {@code source} is wisdom, or this folder cannot be written
     */
    public Merged merge(Path source) {
        WisdomBook book = read(source);
        int skipped = book.damaged() + book.foreign();
        if (book.keys().isEmpty()) {
            throw new MxForgeException("none of the " + skipped + " lines of " + source
                    + " is wisdom of this version: merge files that 'mxforge tune' wrote");
        }
        Map<String, List<WisdomKey>> byDevice = book.keys().stream()
                .collect(Collectors.groupingBy(WisdomKey::device, LinkedHashMap::new, Collectors.toList()));
        int added = 0;
        int known = 0;
        for (Map.Entry<String, List<WisdomKey>> device : byDevice.entrySet()) {
            WisdomFile file = fileAbout(device.getKey());
            WisdomBook here = Files.exists(file.path()) ? read(file.path()) : new WisdomBook();
            List<String> news = new ArrayList<>();
            for (WisdomKey key : device.getValue()) {
                List<WisdomRecord> there = book.records(key);
                added += takeNew(there, here.records(key), news);
                known += there.size();
            }
            append(file, news);
        }
        return new Merged(added, known - added, skipped);
    }

    /** What winners of a shape must share to stand for each other. */
    private record Build(String source, String compiler, String options) {
        static Build of(WisdomRecord entry) {
            Toolchain toolchain = entry.provenance().toolchain();
            return new Build(entry.provenance().source(), toolchain.compiler(), toolchain.options());
        }
    }

    /** Puts the lines of those of {@code there} that are not known {@code here} into {@code news}; their number. */
    private static int takeNew(List<WisdomRecord> there, List<WisdomRecord> here, List<String> news) {
        Set<WisdomRecord> known = new HashSet<>(here);
        Set<Build> won = here.stream()
                .filter(entry -> entry.coverage().isPresent())
                .map(Build::of)
                .collect(Collectors.toCollection(HashSet::new));
        int added = 0;
        for (WisdomRecord entry : there) {
            boolean wins = entry.coverage().isPresent();
            if (!(wins && won.contains(Build.of(entry))) && known.add(entry)) {
                news.add(WisdomLine.write(entry));
                added++;
                if (wins) {
                    won.add(Build.of(entry));
                }
            }
        }
        return added;
    }

    private static void append(WisdomFile file, List<String> lines) {
        try {
            if (!lines.isEmpty()) {
                file.append(lines);
            }
        } catch (IOException e) {
            throw new MxForgeException("wisdom file " + file.path() + " cannot be written: " + UserOutput.reason(e), e);
        }
    }

    /** Drops the lines of {@code file} that are no wisdom of this version, and the records that {@code keep} refuses; their number. */
    public static int prune(Path file, Predicate<WisdomRecord> keep) {
        WisdomLine.Reader reader = new WisdomLine.Reader();
        Predicate<String> wanted = line -> {
            try {
                return reader.read(line).filter(keep).isPresent();
            } catch (IllegalArgumentException e) {
                return false;
            }
        };
        try {
            return new WisdomFile(file).retain(wanted);
        } catch (IOException e) {
            throw new MxForgeException("wisdom file " + file + " cannot be rewritten: " + UserOutput.reason(e), e);
        }
    }

    /** Reads every line of {@code file} again: whether it parses, and whether its configuration is a legal one. */
    public static Checked check(Path file) {
        int sound = 0;
        int foreign = 0;
        List<String> faults = new ArrayList<>();
        int number = 0;
        WisdomLine.Reader reader = new WisdomLine.Reader();
        for (String line : lines(file)) {
            number++;
            try {
                boolean here = reader.read(line)
                        .filter(entry -> Wisdom.fileName(entry.key().device())
                                .equals(file.getFileName().toString()))
                        .isPresent();
                sound += here ? 1 : 0;
                foreign += here ? 0 : 1;
            } catch (IllegalArgumentException e) {
                faults.add("line " + number + ": " + e.getMessage());
            }
        }
        return new Checked(sound, foreign, faults);
    }
}
