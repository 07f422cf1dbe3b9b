package org.mxforge.tests.faults;

import java.util.Comparator;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.check.CheckCase;
import org.mxforge.runtime.check.Checker;
import org.mxforge.runtime.check.Layer;
import org.mxforge.runtime.check.Outcome;
import org.mxforge.runtime.simulate.Finding;

/** Who finds a fault, the most telling first. */
enum Finder {
    RACE("race"),
    MISSING_FENCE("proxy fence missing"),
    UNFINISHED("copy or product unfinished"),
    DIVERGENT_BARRIER("barrier not reached"),
    OUT_OF_BOUNDS("access out of bounds"),
    MISALIGNED("access misaligned"),
    NEVER_WRITTEN("read of what nobody wrote"),
    MISSING_RESULT("result never written"),
    WRITTEN_TWICE("result written twice"),
    WRONG_RESULT("judge of the kind"),
    DIFFERENT_ON_GPU("difference on a GPU"),
    EXACT("oracle, exact layer"),
    BOUND("oracle, bound layer"),
    REFUSAL("refusal in words"),
    NOBODY("nobody");

    private final String words;

    Finder(String words) {
        this.words = words;
    }

    @Override
    public String toString() {
        return words;
    }

    /**
     * What is wrong with a kernel.
     *
     * @param sentence empty if nothing is
     */
    record Verdict(Finder finder, String sentence) {
        static Verdict of(Checker checker, CheckCase check) {
            try {
                return of(checker.check(check));
            } catch (MxForgeException | IllegalArgumentException e) {
                return new Verdict(REFUSAL, e.getMessage());
            }
        }

        private static Verdict of(Outcome outcome) {
            return outcome.findings().stream()
                    .min(Comparator.comparing(Verdict::finder))
                    .map(finding -> new Verdict(finder(finding), finding.toString()))
                    .orElseGet(() -> outcome.fault()
                            .map(fault -> new Verdict(outcome.layer() == Layer.EXACT ? EXACT : BOUND, fault))
                            .orElse(new Verdict(NOBODY, "")));
        }

        private static Finder finder(Finding finding) {
            return valueOf(finding.kind().name());
        }
    }
}
