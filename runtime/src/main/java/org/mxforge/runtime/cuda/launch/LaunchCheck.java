package org.mxforge.runtime.cuda.launch;

import org.mxforge.dsl.launch.MxQuantizeOutput;
import org.mxforge.dsl.launch.PrologueOperands;
import org.mxforge.dsl.layout.ExpertTiles;

/** The checks that emitted launchers share; each refuses with one sentence that names the argument. */
public final class LaunchCheck {
    /** What vectorised loads and asynchronous copies need of every base address, in bytes. */
    public static final int ALIGNMENT = 16;

    private LaunchCheck() {}

    /** Refuses a size of zero or less. */
    public static void positive(String name, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " is " + value + ": it must be more than 0");
        }
    }

    /** Refuses a number that is negative or not a multiple of {@code factor}. */
    public static void multiple(String name, int value, int factor) {
        if (value < 0 || value % factor != 0) {
            throw new IllegalArgumentException(name + " is " + value + ": it must be a multiple of " + factor);
        }
    }

    /** Refuses a number above {@code most}. */
    public static void atMost(String name, int value, int most) {
        if (value > most) {
            throw new IllegalArgumentException(name + " is " + value + ": it must be at most " + most);
        }
    }

    /** Refuses fewer tiles than the tokens of all experts may need. */
    public static void tiles(int given, int rows, int perToken, int experts) {
        int most = ExpertTiles.most(rows, perToken, experts);
        if (given < most) {
            throw new IllegalArgumentException("tiles is " + given + ": " + rows + " tokens with " + perToken + " of "
                    + experts + " experts each may need " + most);
        }
    }

    /** Refuses a number outside {@code least .. most}, NaN included. */
    public static void range(String name, float value, float least, float most) {
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException(name + " is " + value + ": it must be from " + least + " to " + most);
        }
    }

    /** Refuses a null or misaligned device address. */
    public static void address(String name, long address) {
        if (address == 0) {
            throw new IllegalArgumentException("the address of " + name + " is 0: it points nowhere");
        }
        if (address % ALIGNMENT != 0) {
            throw new IllegalArgumentException("the address of " + name + ", 0x" + Long.toHexString(address)
                    + ", is not a multiple of " + ALIGNMENT + " bytes");
        }
    }

    /** Refuses a list of partitions that is longer or shorter than the kernel's. */
    public static void partitions(int given, int wanted) {
        if (given != wanted) {
            throw new IllegalArgumentException(
                    given + " partitions were given to a kernel that was emitted for " + wanted);
        }
    }

    /** Refuses partitions that do not add up to the rows' channels. */
    public static void channels(long given, int wanted) {
        if (given != wanted) {
            throw new IllegalArgumentException("the partitions hold " + given + " channels, but a row has " + wanted);
        }
    }

    /** Refuses folded partitions that do not share the factors of their rows. */
    public static void sharedFactors(MxQuantizeOutput... partitions) {
        long factors = 0;
        for (MxQuantizeOutput partition : partitions) {
            if (partition.channels() > 0 && factors != 0 && partition.scales() != factors) {
                throw new IllegalArgumentException("partitions have their factors at 0x" + Long.toHexString(factors)
                        + " and at 0x" + Long.toHexString(partition.scales())
                        + ": with folded scales all share the factors of the rows");
            }
            factors = partition.channels() > 0 ? partition.scales() : factors;
        }
    }

    /** {@code operands} as the form that the kernel's prologue reads. */
    public static <P extends PrologueOperands> P prologue(PrologueOperands operands, Class<P> wanted) {
        if (!wanted.isInstance(operands)) {
            throw new IllegalArgumentException(
                    "the kernel's prologue reads " + wanted.getSimpleName() + " operands, not "
                            + (operands == null ? "null" : operands.getClass().getSimpleName()));
        }
        return wanted.cast(operands);
    }
}
