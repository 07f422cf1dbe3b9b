package org.mxforge.runtime.check;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;

/**
 * One comparison of a kernel with what is right, wholly said: the same text gives the same operands and the same verdict. Whatever makes one
 * throws an {@code IllegalArgumentException} if the kernel does not take the sizes, the data say nothing about it, or it does not run on the
 * device.
 *
 * @param variant the kernel; of an algorithm with passes before it, the kernel behind these is checked
 * @param sizes of the operands, in elements, one for each of the kernel's {@link #extents}
 * @param data what numbers they have
 * @param seed of these
 * @param device where it runs
 */
public record CheckCase(KernelVariant variant, Sizes sizes, Data data, long seed, Device device) {
    private static final int FIELDS = 8;

    public CheckCase {
        Objects.requireNonNull(sizes, "sizes");
        Trial trial = Trials.of(variant.spec());
        sizes.check(trial.extents(), variant.spec().stem());
        if (!trial.data().contains(data)) {
            throw new IllegalArgumentException("data '" + data + "' says nothing about "
                    + variant.spec().stem()
                    + ": use one of "
                    + String.join(
                            ", ", trial.data().stream().map(Data::text).sorted().toList()));
        }
        if ((device == Device.CPU) == variant.target().isGpu()) {
            throw new IllegalArgumentException(
                    "a kernel for " + variant.target().text() + " does not run on device '" + device + "': use "
                            + (device == Device.CPU ? "simulator or gpu" : "cpu"));
        }
    }

    /** On operands of usual sizes and random data, with seed 1. */
    public static CheckCase usual(KernelVariant variant, Device device) {
        Trial trial = Trials.of(variant.spec());
        Data data = trial.data().contains(Data.RANDOM) ? Data.RANDOM : Data.EXACT;
        return new CheckCase(variant, Sizes.usual(trial.extents()), data, 1, device);
    }

    /** The sizes that kernels of {@code spec} have. */
    public static List<Extent> extents(KernelSpec spec) {
        return Trials.of(spec).extents();
    }

    /** The classes of data that say something about kernels of {@code spec}. */
    public static Set<Data> data(KernelSpec spec) {
        return Trials.of(spec).data();
    }

    /** The same of another kernel that has the same sizes. */
    public CheckCase with(KernelVariant other) {
        return new CheckCase(other, sizes, data, seed, device);
    }

    /** The same on other sizes, all of them. */
    public CheckCase with(Sizes others) {
        return new CheckCase(variant, others, data, seed, device);
    }

    /** The same with another size of this name, one for each partition where partitions have it. */
    public CheckCase with(String name, Integer... size) {
        return with(sizes.with(name, List.of(size)));
    }

    /** The same on numbers of another class. */
    public CheckCase with(Data other) {
        return new CheckCase(variant, sizes, other, seed, device);
    }

    /** The same with another seed. */
    public CheckCase with(long other) {
        return new CheckCase(variant, sizes, data, other, device);
    }

    /** The same on ragged sizes and other numbers, both drawn from {@code other}. */
    public CheckCase drawn(long other) {
        SplittableRandom random = new SplittableRandom(other);
        Sizes others = sizes;
        for (Extent extent : extents(variant.spec())) {
            others = others.with(
                    extent.name(),
                    Stream.generate(() -> extent.at(random.nextInt(extent.steps() + 1)))
                            .limit(extent.count())
                            .toList());
        }
        return with(others).with(other);
    }

    /** How its result is compared. */
    public Layer layer() {
        return Trials.of(variant.spec()).isExact(variant.spec(), data) ? Layer.EXACT : Layer.BOUND;
    }

    /** The line. */
    public String text() {
        return variant.text() + "|" + sizes.text() + "|" + data + "|" + seed + "|" + device;
    }

    /**
     * Reads {@link #text}.
     *
     * @throws IllegalArgumentException naming what is wrong with it
     */
    public static CheckCase parse(String line) {
        String[] fields = line.strip().split("\\|", -1);
        if (fields.length != FIELDS) {
            throw new IllegalArgumentException(
                    "bad case '" + line + "': write it as spec|algorithm|target|configuration|sizes|data|seed|device");
        }
        String kernel = String.join("|", List.of(fields).subList(0, 4));
        if (!fields[6].matches("-?\\d{1,18}")) {
            throw new IllegalArgumentException("bad seed '" + fields[6] + "' in case '" + line + "': give a number");
        }
        return new CheckCase(
                KernelVariant.parse(kernel),
                Sizes.parse(fields[4]),
                Data.parse(fields[5]),
                Long.parseLong(fields[6]),
                Device.parse(fields[7]));
    }

    @Override
    public String toString() {
        return text();
    }
}
