package org.mxforge.runtime.refine;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.exec.spi.SiteRounding;
import org.mxforge.runtime.model.Decoder.ActivationObserver;

/** Sums over tokens of the products of each two channels of some sites, added up on the device that has them if it can. */
final class Covariances implements ActivationObserver {
    private final Backend device;
    private final Predicate<String> wanted;
    private final Map<String, Backend.InputProducts> sites = new HashMap<>();

    Covariances(Backend device, Predicate<String> wanted) {
        this.device = device;
        this.wanted = wanted;
    }

    @Override
    public boolean wants(String site) {
        return wanted.test(site);
    }

    @Override
    public void observe(String site, LinearInput input, Backend backend) {
        sites.computeIfAbsent(
                        site, name -> device.products(input.channels()).orElseGet(() -> new OnHost(input.channels())))
                .add(input);
    }

    @Override
    public void observe(String site, float[] values, int rows, int channels) {
        throw new IllegalStateException("inputs stay on their device");
    }

    /**
     * The sums of a site, [channels][channels], which are given back.
     *
     * @throws org.mxforge.runtime.base.MxForgeException if an input was not finite
     */
    double[] take(String site) {
        try (Backend.InputProducts products = sites.remove(site)) {
            double[] sums = products.sums();
            if (!Double.isFinite(trace(sums))) {
                throw SiteRounding.notFinite(site);
            }
            return sums;
        }
    }

    /** The sum of the diagonal. */
    static double trace(double[] square) {
        int size = (int) Math.sqrt(square.length);
        double sum = 0;
        for (int i = 0; i < size; i++) {
            sum += square[i * size + i];
        }
        return sum;
    }

    private final class OnHost implements Backend.InputProducts {
        private final Products products;

        OnHost(int channels) {
            products = new Products(channels);
        }

        @Override
        public void add(LinearInput input) {
            float[] values = device.download(input);
            products.add(values, values, input.rows());
        }

        @Override
        public double[] sums() {
            return products.sum();
        }

        @Override
        public void close() {
            // Nothing is held but memory of the host.
        }
    }
}
