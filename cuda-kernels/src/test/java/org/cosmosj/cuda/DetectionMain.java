package org.cosmosj.cuda;

/** Asks for CUDA in a JVM of its own, since a JVM loads the driver once; prints the answer in one line. */
final class DetectionMain {
    private DetectionMain() {}

    public static void main(String[] args) {
        CudaBackendProvider provider = new CudaBackendProvider();
        System.out.println(provider.unavailableReason().orElseGet(provider::description));
        // Asked again, the answer is the same and still no exception.
        if (!provider.unavailableReason().equals(provider.unavailableReason())) {
            throw new AssertionError("the second answer differs");
        }
    }
}
