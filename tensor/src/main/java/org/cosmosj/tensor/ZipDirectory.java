package org.cosmosj.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * The table of contents of a zip archive whose entries are stored without compression, as PyTorch writes them, so that
 * an entry is a part of the mapped file. Compressed entries are refused: nothing is ever inflated. Source: PKWARE's
 * APPNOTE 6.3.3, with the 64-bit extensions.
 */
final class ZipDirectory {
    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    static final int LOCAL = 0x04034b50;
    static final int CENTRAL = 0x02014b50;
    static final int END = 0x06054b50;
    static final int END_64 = 0x06064b50;
    static final int LOCATOR_64 = 0x07064b50;
    static final int LOCAL_BYTES = 30;
    static final int CENTRAL_BYTES = 46;
    static final int END_BYTES = 22;
    static final int END_64_BYTES = 56;
    static final int LOCATOR_64_BYTES = 20;
    /** Stands in a 32-bit field for a number that the 64-bit extension gives. */
    static final long IN_EXTENSION = 0xFFFF_FFFFL;
    static final int EXTENSION_64 = 1;
    private static final int LONGEST_COMMENT = 0xFFFF;

    private final MappedFile file;
    private final MemorySegment zip;
    private final long start;

    private ZipDirectory(MappedFile file, long start, long length) {
        this.file = file;
        this.start = start;
        this.zip = file.bytes().asSlice(start, length);
    }

    /**
     * An entry.
     *
     * @param begin its first byte in the file
     * @param size its bytes
     * @param crc check sum that the archive gives
     */
    record Entry(long begin, long size, int crc) {}

    /** Reads the archive that fills a part of a file. */
    static Map<String, Entry> read(MappedFile file, long start, long length) throws CheckpointException {
        return new ZipDirectory(file, start, length).read();
    }

    /** Checks the bytes of an entry against its check sum. */
    static MemorySegment verified(MappedFile file, String name, Entry entry) throws CheckpointException {
        MemorySegment data = file.bytes().asSlice(entry.begin(), entry.size());
        if (entry.size() > Integer.MAX_VALUE) {
            throw file.error(entry.begin(), name + " has " + entry.size() + " bytes, far more than a table of tensors");
        }
        CRC32 crc = new CRC32();
        crc.update(data.asByteBuffer());
        if ((int) crc.getValue() != entry.crc()) {
            throw file.error(entry.begin(), name + " does not match its check sum; the file is damaged");
        }
        return data;
    }

    private Map<String, Entry> read() throws CheckpointException {
        long end = endRecord();
        long count = u16(end + 10);
        long size = u32(end + 12);
        long offset = u32(end + 16);
        if (count == 0xFFFF || size == IN_EXTENSION || offset == IN_EXTENSION) {
            long end64 = endRecord64(end);
            count = u64(end64 + 32);
            size = u64(end64 + 40);
            offset = u64(end64 + 48);
        }
        require(offset >= 0 && size >= 0 && offset <= end && size <= end - offset, end,
                "central directory of " + size + " bytes at " + offset + " is outside of the archive");
        Map<String, Entry> entries = new LinkedHashMap<>();
        long at = offset;
        for (long i = 0; i < count; i++) {
            at = entry(at, offset + size, entries);
        }
        return entries;
    }

    private long endRecord() throws CheckpointException {
        for (long at = zip.byteSize() - END_BYTES; at >= 0 && at >= zip.byteSize() - END_BYTES - LONGEST_COMMENT;
                at--) {
            if (zip.get(U32, at) == END && at + END_BYTES + u16(at + 20) == zip.byteSize()) {
                return at;
            }
        }
        throw file.error(start, "a zip archive of " + zip.byteSize()
                + " bytes has no end record; the file is truncated");
    }

    private long endRecord64(long end) throws CheckpointException {
        long locator = end - LOCATOR_64_BYTES;
        require(locator >= 0 && zip.get(U32, Math.max(locator, 0)) == LOCATOR_64, end, "64-bit locator is missing");
        long end64 = u64(locator + 8);
        require(end64 >= 0 && end64 <= locator - END_64_BYTES && zip.get(U32, Math.max(end64, 0)) == END_64, locator,
                "64-bit end record is not at " + end64);
        return end64;
    }

    private long entry(long at, long end, Map<String, Entry> entries) throws CheckpointException {
        require(end - at >= CENTRAL_BYTES && zip.get(U32, at) == CENTRAL, at,
                "central directory ends after " + entries.size() + " entries; the file is damaged");
        int nameBytes = u16(at + 28);
        int extraBytes = u16(at + 30);
        long next = at + CENTRAL_BYTES + nameBytes + extraBytes + u16(at + 32);
        require(next <= end, at, "entry reaches over the end of the central directory");
        String name = new String(zip.asSlice(at + CENTRAL_BYTES, nameBytes).toArray(ValueLayout.JAVA_BYTE),
                StandardCharsets.UTF_8);
        require((u16(at + 8) & 1) == 0, at, "entry is encrypted");
        require(u16(at + 10) == 0, at, "entry is compressed (method " + u16(at + 10)
                + "), expected stored bytes as PyTorch writes them");
        Extension extension = new Extension(at + CENTRAL_BYTES + nameBytes, extraBytes);
        long size = extension.resolve(u32(at + 24));
        long packed = extension.resolve(u32(at + 20));
        long header = extension.resolve(u32(at + 42));
        require(size == packed, at, "stored entry has two sizes, " + size + " and " + packed);
        require(header >= 0 && header <= zip.byteSize() - LOCAL_BYTES && zip.get(U32, Math.max(header, 0)) == LOCAL, at,
                "entry has no local header at " + header);
        long data = header + LOCAL_BYTES + u16(header + 26) + u16(header + 28);
        require(size >= 0 && data <= zip.byteSize() && size <= zip.byteSize() - data, at,
                "entry of " + size + " bytes at " + data + " is outside of the archive; the file is truncated");
        boolean isNew = entries.put(name, new Entry(start + data, size, zip.get(U32, at + 16))) == null;
        require(isNew, at, "two entries have the same name");
        return next;
    }

    /** The 64-bit numbers of one entry, in the order in which its fields lack them. */
    private final class Extension {
        private long at;
        private long left;

        Extension(long begin, long bytes) {
            long field = begin;
            while (begin + bytes - field >= 4) {
                int length = u16(field + 2);
                if (u16(field) == EXTENSION_64 && length <= begin + bytes - field - 4) {
                    at = field + 4;
                    left = length;
                    return;
                }
                field += 4 + length;
            }
        }

        long resolve(long value) throws CheckpointException {
            if (value != IN_EXTENSION) {
                return value;
            }
            require(left >= 8, at, "entry lacks its 64-bit size or position");
            long wide = u64(at);
            at += 8;
            left -= 8;
            return wide;
        }
    }

    private int u16(long at) {
        return zip.get(U16, at) & 0xFFFF;
    }

    private long u32(long at) {
        return zip.get(U32, at) & 0xFFFF_FFFFL;
    }

    private long u64(long at) {
        return zip.get(U64, at);
    }

    private void require(boolean holds, long at, String message) throws CheckpointException {
        if (!holds) {
            throw file.error(start + at, "zip " + message);
        }
    }
}
