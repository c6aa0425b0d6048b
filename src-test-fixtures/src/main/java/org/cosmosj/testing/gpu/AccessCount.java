package org.cosmosj.testing.gpu;

/**
 * How well the accesses of one source line fit the memory system.
 *
 * @param kernel which kernel
 * @param place source file and line
 * @param space {@code global} or {@code shared}
 * @param access {@code read} or {@code write}
 * @param requests instructions issued by warps
 * @param units sectors of 32 bytes touched in global memory, passes over the banks in shared memory
 * @param ideal how few units would do
 */
public record AccessCount(String kernel, String place, String space, String access, long requests, long units,
        long ideal) {
    static AccessCount parse(String line) {
        String[] words = line.split(" ");
        return new AccessCount(words[0], words[1], words[2], words[3], Long.parseLong(words[4]),
                Long.parseLong(words[5]), Long.parseLong(words[6]));
    }
}
