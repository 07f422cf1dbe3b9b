package org.mxforge.runtime.cli.model;

import java.util.SplittableRandom;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.options.GenerationOptions;

/**
 * Requests that a scheduler is measured with.
 *
 * @param requests how many
 * @param rate how many come in a second on average, at random times; 0 where the next comes as soon as fewer than {@code atOnce} are open
 * @param atOnce most that are open at a time
 * @param prompt tokens of a prompt, which are random
 * @param tokens most new tokens
 * @param temperature of every other request; the others are greedy
 * @param cancelled share of requests that are cancelled, somewhere between their submission and their end
 * @param faulty share of requests that cannot be answered: half are refused, half have a listener that fails
 * @param seed of all that is random
 */
record RequestLoad(
        int requests,
        double rate,
        int atOnce,
        NumberRange prompt,
        NumberRange tokens,
        float temperature,
        double cancelled,
        double faulty,
        long seed) {
    RequestLoad {
        if (requests < 1 || atOnce < 1) {
            throw new MxForgeException(
                    "there are " + requests + " requests, " + atOnce + " of them at once: give 1 or more");
        }
        if (!(rate >= 0 && rate <= 1e6)) {
            throw new MxForgeException("the rate is " + rate + " requests a second: give one up to a million");
        }
        if (!(cancelled >= 0 && faulty >= 0 && cancelled + faulty <= 1)) {
            throw new MxForgeException("the shares of requests that are cancelled, " + cancelled + ", and that fail, "
                    + faulty + ", must be 0 or more and come to 1 at most");
        }
    }

    /**
     * Refuses requests that are too long.
     *
     * @param positions the longest context, in tokens
     * @param whose what has it
     */
    void checkFits(int positions, String whose) {
        if (prompt.most() + tokens.most() > positions) {
            throw new MxForgeException("requests of up to " + prompt.most() + " tokens and " + tokens.most()
                    + " new ones do not fit into the " + positions + " of " + whose + ": choose fewer");
        }
    }

    /** What is to become of a request. */
    enum Fate {
        ANSWERED,
        CANCELLED,
        REFUSED,
        FAILING
    }

    /**
     * One of them.
     *
     * @param turn tokens after which it is cancelled or its listener fails
     */
    record Drawn(int[] prompt, GenerationOptions options, Fate fate, int turn) {}

    Drawn draw(int index, int vocabulary, SplittableRandom random) {
        int[] ids = random.ints(prompt.draw(random), 0, vocabulary).toArray();
        int most = tokens.draw(random);
        double at = random.nextDouble();
        Fate fate = Fate.ANSWERED;
        if (at < cancelled) {
            fate = Fate.CANCELLED;
        } else if (at < cancelled + faulty) {
            fate = at < cancelled + faulty / 2 ? Fate.REFUSED : Fate.FAILING;
        }
        if (fate == Fate.REFUSED) {
            ids[ids.length / 2] = vocabulary;
        }
        float temperature = index % 2 == 0 ? 0 : this.temperature;
        GenerationOptions options = new GenerationOptions(most, temperature, 0.95f, random.nextLong());
        return new Drawn(ids, options, fate, random.nextInt(most));
    }
}
