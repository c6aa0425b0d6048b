package org.cosmosj.libero.eval;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The file of records, a line each. A line is on disk before the next episode is counted; a last line that a killed run
 * left torn is cut off when the file is opened again. Only one process may have it open.
 */
public final class EpisodeLog implements AutoCloseable {

    private final Path file;
    private final FileChannel channel;
    private final List<EpisodeRecord> records = new ArrayList<>();

    private EpisodeLog(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Opens a file, or makes it.
     *
     * @param file of records
     * @return the log with the records that are there
     * @throws UncheckedIOException     if it cannot be read or written, or another process has it open
     * @throws IllegalArgumentException if a whole line is no record; the message names file and line
     */
    public static EpisodeLog open(Path file) {
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            EpisodeLog log = new EpisodeLog(file, channel);
            try {
                log.lock();
                log.read();
                return log;
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("evaluation: " + file + " cannot be opened (" + e.getMessage()
                    + "); choose another folder with --out", e);
        }
    }

    private void lock() throws IOException {
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            throw new IOException("another evaluation writes to it");
        }
    }

    private void read() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(channel.size()));
        while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
            continue;
        }
        byte[] all = bytes.array();
        int end = all.length;
        while (end > 0 && all[end - 1] != '\n') {
            end--;
        }
        int number = 0;
        for (String line : new String(all, 0, end, StandardCharsets.UTF_8).lines().toList()) {
            number++;
            try {
                records.add(EpisodeRecord.parse(line));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("evaluation: " + file + " line " + number + " " + e.getMessage()
                        + "; remove the line, whose episode is then run again", e);
            }
        }
        channel.truncate(end);
        channel.position(end);
    }

    /**
     * What the file held and what was added.
     *
     * @return in order
     */
    public List<EpisodeRecord> records() {
        return List.copyOf(records);
    }

    /**
     * Appends a record and waits until it is on disk.
     *
     * @param record to keep
     * @throws UncheckedIOException if the disk is full or the file cannot be written; the message holds the record, and
     *                              the file still holds all others
     */
    public void append(EpisodeRecord record) {
        ByteBuffer line = ByteBuffer.wrap((record.toJson() + "\n").getBytes(StandardCharsets.UTF_8));
        try {
            long start = channel.position();
            try {
                while (line.hasRemaining()) {
                    channel.write(line);
                }
                channel.force(false);
            } catch (IOException e) {
                channel.truncate(start);
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("evaluation: " + file + " cannot be written (" + e.getMessage()
                    + "); free space on its disk and run the same command with --resume. This record is not in it: "
                    + record.toJson(), e);
        }
        records.add(record);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("evaluation: " + file + " cannot be closed", e);
        }
    }
}
