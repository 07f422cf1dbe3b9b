package org.mxforge.dsl.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Which of the words there are somebody may have meant by one that there is not. */
public final class Spelling {
    private static final int MOST = 3;

    private static final int EDIT = 2;
    private static final int PART = 1;

    /** Longer words are no slips of the pen; comparing them costs their product. */
    private static final int LONGEST = 100;

    private Spelling() {}

    /**
     * For a sentence, after the word: {@code  (did you mean sm_90a?)} with a space in front, or nothing where no word is near.
     *
     * @param word what was written
     * @param known the words there are
     */
    public static String hint(String word, Collection<String> known) {
        List<String> near = nearest(word, known);
        return near.isEmpty() ? "" : " (did you mean " + or(near) + "?)";
    }

    private static String or(List<String> words) {
        int last = words.size() - 1;
        String all = String.join(", ", words.subList(0, last));
        return (all.isEmpty() ? "" : all + " or ") + words.get(last);
    }

    /** The nearest of {@code known}, at most three, in their order but first those that begin so; none that is far. */
    public static List<String> nearest(String word, Collection<String> known) {
        String wanted = word.toLowerCase(Locale.ROOT);
        if (wanted.isEmpty() || wanted.length() > LONGEST) {
            return List.of();
        }
        int least =
                known.stream().mapToInt(other -> distance(wanted, other)).min().orElse(Integer.MAX_VALUE);
        return least > slips(wanted)
                ? List.of()
                : known.stream()
                        .filter(other -> distance(wanted, other) == least)
                        .distinct()
                        .sorted(Comparator.comparing(
                                other -> !other.toLowerCase(Locale.ROOT).startsWith(wanted)))
                        .limit(MOST)
                        .collect(Collectors.toList());
    }

    /** A wrong letter in four is a slip. */
    private static int slips(String word) {
        return EDIT * Math.max(1, (word.length() + 1) / 4);
    }

    /** Twice the letters to insert, drop, replace or swap; who gives a part that is long enough to tell has hardly slipped. */
    private static int distance(String wanted, String known) {
        String other = known.toLowerCase(Locale.ROOT);
        if (other.length() > LONGEST) {
            return Integer.MAX_VALUE;
        }
        if (wanted.equals(other)) {
            return 0;
        }
        boolean part = wanted.length() >= 3 && other.contains(wanted) || other.length() >= 3 && wanted.contains(other);
        return part ? PART : EDIT * edits(wanted, other);
    }

    private static int edits(String a, String b) {
        int[] twoBack = new int[b.length() + 1];
        int[] back = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            back[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = back[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(back[j], row[j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], twoBack[j - 2] + 1);
                }
            }
            int[] free = twoBack;
            twoBack = back;
            back = row;
            row = free;
        }
        return back[b.length()];
    }
}
