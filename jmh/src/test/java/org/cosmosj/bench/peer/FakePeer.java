package org.cosmosj.bench.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Safetensors;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Tensor;

/** Stands in for Python: started with what it should do wrong, then the script's path. */
final class FakePeer {
    private FakePeer() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        String fault = arguments[0];
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split("\t");
            switch (words[0]) {
                case "hello" -> System.out.println(fault.equals("no-torch") ? "error\tpython cannot import torch"
                        : fault.equals("chatty") ? "Hello!" : "ok\tfake 1.0");
                case "prepare" -> {
                    if (fault.equals("dies")) {
                        System.err.println("Segmentation fault");
                        System.exit(139);
                    }
                    results(words[1], words[4], fault);
                    System.out.println(fault.equals("cannot") ? "error\tRuntimeError: no such op" : "ok\t" + words[1]);
                }
                default -> {
                    if (fault.equals("stuck")) {
                        Thread.sleep(60_000);
                    }
                    System.out.println("ok\t0.5\t0.75\t3");
                }
            }
        }
    }

    /** The right results, or others. */
    private static void results(String row, String file, String fault) throws IOException {
        try (Scope _ = Scope.open(Device.cpu(), "fake peer")) {
            Map<String, Tensor> results = new HashMap<>(PeerTable.row(row).work().create().run());
            if (fault.equals("wrong")) {
                results.replaceAll((name, tensor) -> tensor.add(1e-3));
            } else if (fault.equals("nan")) {
                results.replaceAll((name, tensor) -> Tensor.full(Double.NaN, tensor.dtype(), tensor.shape()));
            } else if (fault.equals("shape")) {
                results.replaceAll((name, tensor) -> tensor.narrow(-1, 0, 1).contiguous());
            }
            Safetensors.write(Path.of(file), results, Map.of());
        }
    }
}
