package org.mxforge.runtime.simulate;

import java.util.Arrays;

/** Counts, for one launch, what memory has to do for it: turns of shared memory's banks, and sectors of global memory. */
final class Traffic {
    private static final int BANKS = 32;
    private static final int BANK_BYTES = 4;
    private static final int SECTOR_BYTES = 32;
    /** What all lanes together get in one turn. */
    private static final int TURN_BYTES = BANKS * BANK_BYTES;

    private final DistinctNumbers seen = new DistinctNumbers();
    private final DistinctNumbers places = new DistinctNumbers();
    private final int[] turns = new int[BANKS];
    long sharedTurns;
    long fewestSharedTurns;
    long sectors;
    long fewestSectors;

    /** Notes one access of a warp to shared memory, {@code bytes} in each of {@code lanes}. */
    void shared(long[] addresses, int lanes, int bytes) {
        int group = Math.min(Lanes.COUNT, TURN_BYTES / bytes);
        for (int first = 0; first < Lanes.COUNT; first += group) {
            int members = lanes >>> first & (int) ((1L << group) - 1);
            if (members == 0) {
                continue;
            }
            seen.clear();
            Arrays.fill(turns, 0);
            int most = 1;
            for (int rest = members; rest != 0; rest &= rest - 1) {
                long address = addresses[first + Integer.numberOfTrailingZeros(rest)];
                for (long word = address / BANK_BYTES; word * BANK_BYTES < address + bytes; word++) {
                    if (seen.add(word)) {
                        most = Math.max(most, ++turns[(int) word & BANKS - 1]);
                    }
                }
            }
            sharedTurns += most;
            fewestSharedTurns++;
        }
    }

    /** Notes one access of a warp to global memory. */
    void global(long[] addresses, int lanes, int bytes) {
        seen.clear();
        places.clear();
        long wanted = 0;
        for (int rest = lanes; rest != 0; rest &= rest - 1) {
            long address = addresses[Integer.numberOfTrailingZeros(rest)];
            for (long sector = address / SECTOR_BYTES; sector * SECTOR_BYTES < address + bytes; sector++) {
                sectors += seen.add(sector) ? 1 : 0;
            }
            wanted += places.add(address) ? bytes : 0;
        }
        fewestSectors += (wanted + SECTOR_BYTES - 1) / SECTOR_BYTES;
    }

    /** A small set that is emptied often. */
    private static final class DistinctNumbers {
        private static final int ROOM = 1024;

        private final long[] numbers = new long[ROOM];
        private final int[] ages = new int[ROOM];
        private int age;

        void clear() {
            age++;
        }

        /** Whether {@code number} was not there yet. */
        boolean add(long number) {
            int at = (int) (number * 0x9E3779B97F4A7C15L >>> 54);
            while (ages[at] == age) {
                if (numbers[at] == number) {
                    return false;
                }
                at = at + 1 & ROOM - 1;
            }
            ages[at] = age;
            numbers[at] = number;
            return true;
        }
    }
}
