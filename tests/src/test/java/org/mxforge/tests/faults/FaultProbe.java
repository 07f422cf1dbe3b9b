package org.mxforge.tests.faults;

import java.util.List;
import org.mxforge.runtime.check.Checker;

/** A program of its own, since it emits with other files than the one that starts it: checks kernels until something is wrong. */
final class FaultProbe {
    private static final String TAB = "\t";

    private FaultProbe() {}

    /** One line of the answer. */
    record Found(CheckedKernel kernel, Finder.Verdict verdict) {
        private String line() {
            String sentence = verdict.sentence().replaceAll("\\s+", " ").strip();
            return String.join(TAB, kernel.name(), verdict.finder().name(), sentence);
        }

        static List<Found> read(String answer) {
            return answer.lines()
                    .map(line -> line.split(TAB, -1))
                    .map(fields -> new Found(
                            CheckedKernel.valueOf(fields[0]), new Finder.Verdict(Finder.valueOf(fields[1]), fields[2])))
                    .toList();
        }
    }

    public static void main(String[] kernels) {
        try (Checker checker = new Checker()) {
            for (String name : kernels) {
                CheckedKernel kernel = CheckedKernel.valueOf(name);
                Found found = new Found(kernel, Finder.Verdict.of(checker, kernel.check()));
                System.out.println(found.line());
                if (found.verdict().finder() != Finder.NOBODY) {
                    return;
                }
            }
        }
    }
}
