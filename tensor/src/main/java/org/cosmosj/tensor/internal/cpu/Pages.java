package org.cosmosj.tensor.internal.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Where the pool's memory comes from. */
interface Pages {
    /** From Java's own allocator: it fills with zeros, keeps what it gave, and counts for -XX:MaxDirectMemorySize. */
    Pages JAVA = new Pages() {
        @Override
        public MemorySegment map(long bytes) {
            try {
                return Arena.global().allocate(bytes, 64);
            } catch (OutOfMemoryError e) {
                throw new OutOfMemoryError(e.getMessage() + "; java's limit is -XX:MaxDirectMemorySize");
            }
        }

        @Override
        public boolean unmap(MemorySegment memory) {
            return false;
        }
    };

    /**
     * Takes memory.
     *
     * @param bytes above 0
     * @return at least 64-byte aligned, lives until {@link #unmap}
     * @throws OutOfMemoryError if there is none
     */
    MemorySegment map(long bytes);

    /**
     * Gives back all of what {@link #map} returned; nobody may touch it any more.
     *
     * @param memory the whole segment
     * @return whether this source takes memory back; if not, the memory stays usable
     */
    boolean unmap(MemorySegment memory);

    /**
     * The system's pages where this JVM may call native code, else Java's. The system property
     * {@code cosmosj.memory.pages} = {@code system} or {@code java} forces one.
     */
    static Pages best() {
        String forced = System.getProperty("cosmosj.memory.pages", "");
        return switch (forced) {
            case "java" -> JAVA;
            case "system" -> new SystemPages();
            case "" -> SystemPages.isUsable() ? new SystemPages() : JAVA;
            default -> throw new IllegalArgumentException("cosmosj.memory.pages=" + forced
                    + " is unknown; use system or java");
        };
    }
}
