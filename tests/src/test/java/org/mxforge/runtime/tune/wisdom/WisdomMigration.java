package org.mxforge.runtime.tune.wisdom;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.tune.wisdom.WisdomRecord.Provenance;

/**
 * Rewrites a wisdom file in the lines of today, with the hashes of today's sources. A measurement holds for the source it was made
 * of: to be run only after a change of names, of header comments or of where an operand begins, when what is emitted was compared and
 * is the same but for those.
 *
 * <p>{@code java -cp ... org.mxforge.runtime.tune.wisdom.WisdomMigration FILE.jsonl}
 */
final class WisdomMigration {
    private WisdomMigration() {}

    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        WisdomLine.Reader reader = new WisdomLine.Reader();
        Map<KernelVariant, String> sources = new HashMap<>();
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            WisdomRecord old = reader.read(line).orElseThrow();
            Provenance before = old.provenance();
            Provenance today = new Provenance(
                    before.toolchain(),
                    sources.computeIfAbsent(old.variant(), SourceHash::of),
                    before.plan(),
                    before.date());
            lines.add(
                    WisdomLine.write(new WisdomRecord(old.key(), old.variant(), old.outcome(), today, old.coverage())));
        }
        Files.write(file, lines);
    }
}
