package org.cosmosj.tensor.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cosmosj.tensor.DType;

/** All checks of all kernel families. */
public final class ConformanceSuite {
    private ConformanceSuite() {}

    /** The cases of the ops, by family. */
    static Map<String, List<OpCase>> cases() {
        Map<String, List<OpCase>> families = new LinkedHashMap<>();
        families.put("copies", CopyCases.all());
        families.put("elementwise", ElementwiseCases.all());
        families.put("reductions", ReductionCases.all());
        families.put("matmul", MatmulCases.all());
        families.put("norms", NormCases.all());
        families.put("attention", AttentionCases.all());
        families.put("convolutions", ConvolutionCases.all());
        return families;
    }

    /**
     * Every case in F32 and F64 and in every arrangement, and what no case can say.
     *
     * @return the checks of all kernel families
     */
    public static List<Check> checks() {
        List<Check> checks = new ArrayList<>();
        cases().forEach((family, cases) -> cases.forEach(test -> {
            checks.add(check(family, test, DType.F64, Arrangement.CONTIGUOUS));
            for (Arrangement arrangement : Arrangement.values()) {
                checks.add(check(family, test, DType.F32, arrangement));
            }
        }));
        checks.addAll(CopyChecks.all());
        checks.addAll(Bf16ProductChecks.all());
        checks.addAll(SpecialValueChecks.all());
        checks.addAll(RoundingChecks.all());
        checks.addAll(OptimizerChecks.all());
        return checks;
    }

    /** Every case once, in F32, each in another arrangement: for a backend whose kernels are checked elsewhere. */
    static List<Check> checksInOneArrangement() {
        List<Check> checks = new ArrayList<>();
        cases().forEach((family, cases) -> cases.forEach(test -> checks.add(check(family, test, DType.F32,
                Arrangement.values()[checks.size() % Arrangement.values().length]))));
        checks.addAll(CopyChecks.all());
        checks.addAll(Bf16ProductChecks.all());
        checks.addAll(SpecialValueChecks.all());
        checks.addAll(RoundingChecks.all());
        checks.addAll(OptimizerChecks.all());
        return checks;
    }

    private static Check check(String family, OpCase test, DType dtype, Arrangement arrangement) {
        return new Check(family, test.name() + " in " + dtype + ", " + arrangement,
                device -> test.verify(device, dtype, arrangement));
    }
}
