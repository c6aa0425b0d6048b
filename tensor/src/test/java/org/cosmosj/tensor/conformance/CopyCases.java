package org.cosmosj.tensor.conformance;

import static org.cosmosj.tensor.conformance.OpCase.named;

import java.util.ArrayList;
import java.util.List;
import org.cosmosj.tensor.Tensor;

/** Views and the copies that make them dense, joins, gathers. */
final class CopyCases {
    private CopyCases() {}

    static List<OpCase> all() {
        List<OpCase> cases = new ArrayList<>();
        cases.add(named("reshape").input(2, 3, 4).computes(in -> in[0].reshape(4, -1).mul(2)));
        cases.add(named("permute and copy").input(2, 3, 5, 7).computes(in -> in[0].permute(3, 1, 0, 2).contiguous()));
        cases.add(named("transpose and copy").input(13, 207).computes(in -> in[0].transpose(0, 1).contiguous()));
        cases.add(named("narrow").input(5, 7, 3).computes(in -> in[0].narrow(1, 2, 4).mul(2)));
        cases.add(named("narrow to nothing").input(5, 7).computes(in -> in[0].narrow(1, 7, 0)));
        cases.add(named("select").input(5, 7, 3).computes(in -> in[0].select(1, -1).add(in[0].select(1, 0))));
        cases.add(named("squeeze and unsqueeze").input(3, 1, 5)
                .computes(in -> in[0].squeeze(1).unsqueeze(0).unsqueeze(-1).mul(3)));
        cases.add(named("expand").input(3, 1, 5).summing(4).computes(in -> in[0].expand(2, 3, 4, 5).mul(2)));
        cases.add(named("chunks recombined").input(4, 6).computes(in -> {
            Tensor[] parts = in[0].chunk(3, 1);
            return parts[0].mul(parts[2]).add(parts[1]);
        }));
        cases.add(named("overlapping parts and the whole").input(4, 6).computes(in -> {
            Tensor left = in[0].narrow(1, 0, 4);
            Tensor right = in[0].narrow(1, 2, 4);
            return left.mul(right).add(left).add(in[0].sum());
        }));
        cases.add(named("copy").input(7, 13).computes(in -> in[0].copy()));
        cases.add(named("cat of rows").input(2, 5).input(1, 5).input(0, 5).computes(in -> Tensor.cat(0, in)));
        cases.add(named("cat of columns").input(3, 2, 4).input(3, 7, 4).computes(in -> Tensor.cat(1, in)));
        cases.add(named("cat of a tensor with itself").input(3, 5)
                .computes(in -> Tensor.cat(-1, in[0], in[0], in[0])));
        cases.add(named("indexSelect of rows").input(5, 7).summing(3)
                .computes(in -> in[0].indexSelect(0, 4, 0, 4, 2, 4)));
        cases.add(named("indexSelect of an inner axis").input(2, 9, 13).computes(in -> in[0].indexSelect(1, 8, 3)));
        cases.add(named("indexSelect of columns").input(3, 17).computes(in -> in[0].indexSelect(-1, 16, 1, 0, 7)));
        cases.add(named("indexSelect of nothing").input(3, 4).computes(in -> in[0].indexSelect(0)));
        return cases;
    }
}
