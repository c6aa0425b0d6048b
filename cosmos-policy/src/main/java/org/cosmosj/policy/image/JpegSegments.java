package org.cosmosj.policy.image;

import java.io.ByteArrayOutputStream;

/**
 * Walks through the segments of a JPEG file before a decoder sees it, so that lying sizes are found before anything is
 * allocated and messages can name an offset. Source: ITU-T T.81, annex B.
 */
final class JpegSegments {
    /** Largest picture in pixels: more than any camera has, little enough for the heap. */
    private static final long MAX_PIXELS = 1L << 25;
    /** Each scan costs a pass over the picture; encoders write about ten. */
    private static final int MAX_SCANS = 100;

    private static final int MARKER = 0xFF;
    private static final int START_OF_IMAGE = 0xD8;
    private static final int END_OF_IMAGE = 0xD9;
    private static final int START_OF_SCAN = 0xDA;
    private static final int FIRST_RESTART = 0xD0;
    private static final int LAST_RESTART = 0xD7;
    private static final int TEMPORARY = 0x01;
    private static final int FIRST_APPLICATION = 0xE0;
    /** Says whether colours are YCbCr. */
    private static final int ADOBE = 0xEE;
    private static final int LAST_APPLICATION = 0xEF;
    private static final int COMMENT = 0xFE;
    /** The last kind of frame that the decoder knows. */
    private static final int PROGRESSIVE = 0xC2;
    /** Of a frame header: its own bytes, and those of a component. */
    private static final int FRAME_BYTES = 6;
    private static final int COMPONENT_BYTES = 3;
    private static final int MAX_SAMPLING = 4;
    private static final int BLOCK = 8;

    private final byte[] bytes;
    private final String source;
    private final ByteArrayOutputStream decoded;
    private int frames;
    private int scans;
    private int firstScan;
    private int at;

    private JpegSegments(byte[] bytes, String source) {
        this.bytes = bytes;
        this.source = source;
        this.decoded = new ByteArrayOutputStream(bytes.length);
    }

    /**
     * Checks a file from its first to its last segment.
     *
     * @param bytes the file's bytes
     * @param source its name for messages
     * @return the segments, positioned behind the last one
     * @throws ImageFormatException if a segment is missing, misplaced, too long or asks for what no decoder here reads
     */
    static JpegSegments of(byte[] bytes, String source) throws ImageFormatException {
        JpegSegments segments = new JpegSegments(bytes, source);
        segments.walk();
        return segments;
    }

    /** The file without what a decoder does not need: profiles, thumbnails, comments, what follows the picture. */
    byte[] decoded() {
        return decoded.toByteArray();
    }

    /** Where the first scan starts; what a decoder complains about lies behind it. */
    int firstScan() {
        return firstScan;
    }

    private void walk() throws ImageFormatException {
        if (bytes.length < 2 || value(0) != MARKER || value(1) != START_OF_IMAGE) {
            throw wrong(0, "no JPEG; expected it to start with FF D8");
        }
        keep(0, 2);
        at = 2;
        int marker = next();
        while (marker != END_OF_IMAGE) {
            segment(marker);
            marker = next();
        }
        if (scans == 0) {
            throw wrong(at, "the file ends before its picture starts");
        }
        keep(at - 2, at);
    }

    /** Moves behind the next marker and returns its code. */
    private int next() throws ImageFormatException {
        int start = at;
        while (at < bytes.length && value(at) == MARKER) {
            at++;
        }
        if (at == bytes.length) {
            throw wrong(at, "the file is truncated; expected another segment");
        }
        if (at == start) {
            throw wrong(at, "expected a marker, which starts with FF, got %02X".formatted(value(at)));
        }
        return value(at++);
    }

    private void segment(int marker) throws ImageFormatException {
        int start = at - 2;
        boolean standsAlone = marker == TEMPORARY || marker >= FIRST_RESTART && marker <= LAST_RESTART;
        if (standsAlone || marker == START_OF_IMAGE || marker == 0) {
            throw wrong(start, "marker FF %02X is out of place".formatted(marker));
        }
        int length = at + 2 <= bytes.length ? value(at) << 8 | value(at + 1) : 0;
        if (length < 2 || length > bytes.length - at) {
            throw wrong(start, "segment FF %02X of %d bytes does not fit into a file of %d".formatted(marker, length,
                    bytes.length));
        }
        if (isFrame(marker)) {
            frame(marker, at + 2, length - 2);
        }
        at += length;
        if (marker == START_OF_SCAN) {
            scan(start);
        }
        boolean forOthers = marker > FIRST_APPLICATION && marker <= LAST_APPLICATION && marker != ADOBE;
        if (!forOthers && marker != COMMENT) {
            keep(start, at);
        }
    }

    /** C0 to CF are frames but for the tables of Huffman (C4) and arithmetic coding (CC) and an extension (C8). */
    private static boolean isFrame(int marker) {
        return (marker & 0xF0) == 0xC0 && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    }

    private void frame(int marker, int from, int length) throws ImageFormatException {
        if (marker > PROGRESSIVE) {
            throw wrong(from - 4, "coding process FF %02X is not supported; expected baseline or progressive"
                    .formatted(marker));
        }
        int components = length < FRAME_BYTES ? 0 : value(from + FRAME_BYTES - 1);
        if (++frames > 1 || length != FRAME_BYTES + COMPONENT_BYTES * components) {
            throw wrong(from - 4, "expected one frame header of 6 bytes and 3 for each of its " + components
                    + " components, got " + length);
        }
        int bits = value(from);
        if (bits != Byte.SIZE || components != 1 && components != RgbImage.CHANNELS) {
            throw wrong(from - 4, components + " components of " + bits + " bits; expected 8-bit grey or colour (1 or "
                    + RgbImage.CHANNELS + ")");
        }
        int height = value(from + 1) << 8 | value(from + 2);
        int width = value(from + 3) << 8 | value(from + 4);
        if (height == 0 || width == 0 || (long) height * width > MAX_PIXELS) {
            throw wrong(from - 4, height + " x " + width + " pixels; expected 1 to " + MAX_PIXELS);
        }
        long bytesNeeded = blocks(from, height, width) * (marker == PROGRESSIVE ? 1 : 2) / Byte.SIZE;
        if (bytesNeeded > bytes.length) {
            throw wrong(from - 4, height + " x " + width + " pixels take at least " + bytesNeeded
                    + " bytes, the file has " + bytes.length);
        }
    }

    /**
     * Blocks of 8 x 8 values in all components. Each takes at least a bit for its mean and, unless a progressive file
     * leaves them out, a bit to say that it has no frequencies.
     */
    private long blocks(int from, int height, int width) throws ImageFormatException {
        int end = from + FRAME_BYTES + COMPONENT_BYTES * value(from + FRAME_BYTES - 1);
        int mostAcross = 0;
        int mostDown = 0;
        for (int at = from + FRAME_BYTES + 1; at < end; at += COMPONENT_BYTES) {
            mostAcross = Math.max(mostAcross, value(at) >> 4);
            mostDown = Math.max(mostDown, value(at) & 0xF);
        }
        long blocks = 0;
        for (int at = from + FRAME_BYTES + 1; at < end; at += COMPONENT_BYTES) {
            int across = value(at) >> 4;
            int down = value(at) & 0xF;
            if (across == 0 || down == 0 || across > MAX_SAMPLING || down > MAX_SAMPLING) {
                throw wrong(at, "sampling " + across + " x " + down + "; expected 1 to " + MAX_SAMPLING);
            }
            blocks += (long) Math.ceilDiv(width * across, mostAcross * BLOCK)
                    * Math.ceilDiv(height * down, mostDown * BLOCK);
        }
        return blocks;
    }

    /** Moves to the marker behind the coded data; FF 00 and restart markers belong to them. */
    private void scan(int start) throws ImageFormatException {
        if (frames == 0 || ++scans > MAX_SCANS) {
            throw wrong(start, "expected a frame header and then 1 to " + MAX_SCANS + " scans");
        }
        firstScan = scans == 1 ? start : firstScan;
        while (at < bytes.length && (value(at) != MARKER || at + 1 < bytes.length && isData(value(at + 1)))) {
            at++;
        }
    }

    private static boolean isData(int afterMarker) {
        return afterMarker == 0 || afterMarker >= FIRST_RESTART && afterMarker <= LAST_RESTART;
    }

    private void keep(int from, int to) {
        decoded.write(bytes, from, to - from);
    }

    private int value(int index) {
        return bytes[index] & 0xFF;
    }

    private ImageFormatException wrong(int offset, String what) {
        return new ImageFormatException(source + ": at byte " + offset + ": " + what);
    }
}
