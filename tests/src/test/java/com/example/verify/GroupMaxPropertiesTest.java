package com.example.verify;

import com.example.guide.GroupMaxSpec;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.check.CheckCase;
import org.mxforge.runtime.check.Checker;
import org.mxforge.runtime.check.Device;
import org.mxforge.tests.check.KernelCases;

/** A kernel of one's own is right in every configuration and on ragged sizes, or the smallest case that is not is printed. */
class GroupMaxPropertiesTest {
    private static final Checker CHECKER = new Checker();

    @Property(tries = 20)
    void isRight(@ForAll("cases") CheckCase of) {
        KernelCases.assertRight(CHECKER, of);
    }

    @Provide
    Arbitrary<CheckCase> cases() {
        Arbitrary<GroupMaxSpec> specs = Arbitraries.of(16, 32, 64, 128, 256).map(GroupMaxSpec::new);
        return KernelCases.of(specs, Device.SIMULATOR, Target.SM_80, Target.SM_90A);
    }

    @AfterContainer
    static void close() {
        CHECKER.close();
    }
}
