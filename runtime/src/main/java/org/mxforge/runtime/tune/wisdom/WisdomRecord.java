package org.mxforge.runtime.tune.wisdom;

import java.util.Optional;
import org.mxforge.dsl.spec.KernelVariant;

/**
 * One line of wisdom: the trial of one configuration or, with a coverage, the winner that a search ended with.
 *
 * @param key what the search was for
 * @param variant what was tried
 * @param outcome how it went
 * @param provenance what produced it
 * @param coverage present on the line that ends a search
 */
public record WisdomRecord(
        WisdomKey key,
        KernelVariant variant,
        TrialOutcome outcome,
        Provenance provenance,
        Optional<Coverage> coverage) {
    public WisdomRecord {
        if (coverage.isPresent() && outcome.timing().isEmpty()) {
            throw new IllegalArgumentException("a configuration that failed cannot win a search");
        }
    }

    /** Whether it ends a search that tried everything worth trying and measured it well. */
    public boolean endsFullSearch() {
        return coverage.map(Coverage::complete).orElse(false)
                && provenance.plan().equals(Provenance.FULL);
    }

    /** This trial as the winner of its search. */
    public WisdomRecord winning(Coverage search) {
        return new WisdomRecord(key, variant, outcome, provenance, Optional.of(search));
    }

    /**
     * How far a search went.
     *
     * @param tried configurations tried
     * @param worth configurations worth trying: the legal ones that the search's order did not drop
     */
    public record Coverage(int tried, int worth) {
        public Coverage {
            if (tried <= 0 || tried > worth) {
                throw new IllegalArgumentException("a search cannot try " + tried + " of " + worth + " configurations");
            }
        }

        /** Whether everything worth trying was tried. */
        public boolean complete() {
            return tried == worth;
        }
    }
}
