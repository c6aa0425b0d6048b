package org.cosmosj.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.cosmosj.tensor.spi.Layout;

/**
 * Writes the zip archive of {@code torch.save(dict)}: the table first, then one storage for each tensor, aligned to 64
 * bytes as PyTorch does. Source: {@code torch/serialization.py#_save}, {@code caffe2/serialize/inline_container.cc}.
 */
final class TorchWriter {
    private static final String ROOT = "archive/";
    private static final int ALIGNMENT = 64;
    private static final short VERSION_64 = 45;
    /** Tag of the extra field that only fills space. */
    private static final short PADDING = 0x4246;

    private final FileChannel file;
    private final List<Entry> entries = new ArrayList<>();

    TorchWriter(FileChannel file) {
        this.file = file;
    }

    private record Entry(byte[] name, long size, int crc, long header) {}

    private interface Data {
        void write(CRC32 sum) throws IOException;
    }

    void write(List<TensorSpec> specs, TensorValues values) throws IOException {
        entry("data.pkl", table(specs));
        entry("byteorder", "little".getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < specs.size(); i++) {
            TensorSpec spec = specs.get(i);
            entry("data/" + i, spec.byteSize(), sum -> CheckpointOutput.append(file, spec, values, sum));
        }
        entry("version", "3\n".getBytes(StandardCharsets.US_ASCII));
        directory();
    }

    /** Opcodes of {@code {key: _rebuild_tensor_v2(storage, 0, size, stride, False, OrderedDict()), ..}}. */
    private static byte[] table(List<TensorSpec> specs) {
        PickleOutput out = new PickleOutput().protocol(2).opcodes("}(");
        for (int i = 0; i < specs.size(); i++) {
            TensorSpec spec = specs.get(i);
            out.text(spec.key()).opcodes("ctorch._utils\n_rebuild_tensor_v2\n((").text("storage")
                    .opcodes("ctorch\n" + TorchElement.of(spec.dtype()).storageClass() + "\n")
                    .text(Integer.toString(i)).text("cpu").integer(spec.shape().numel()).opcodes("tQ").integer(0);
            integers(out, spec.shape().toArray());
            integers(out, Layout.rowMajor(spec.shape()));
            out.opcodes(PickleOutput.FALSE + "ccollections\nOrderedDict\n)RtR");
        }
        return out.opcodes("u.").buffer().array();
    }

    private static void integers(PickleOutput out, long[] values) {
        out.opcodes("(");
        for (long value : values) {
            out.integer(value);
        }
        out.opcodes("t");
    }

    private void entry(String name, byte[] data) throws IOException {
        entry(name, data.length, sum -> {
            sum.update(data);
            CheckpointOutput.append(file, ByteBuffer.wrap(data));
        });
    }

    /** The check sum stands before the data, so it is filled in afterwards. */
    private void entry(String name, long size, Data data) throws IOException {
        byte[] path = (ROOT + name).getBytes(StandardCharsets.UTF_8);
        long header = file.position();
        boolean wide = size >= ZipDirectory.IN_EXTENSION;
        int extra = wide ? 20 : 0;
        long begin = header + ZipDirectory.LOCAL_BYTES + path.length + extra + 4;
        int padding = (int) ((ALIGNMENT - begin % ALIGNMENT) % ALIGNMENT);
        ByteBuffer local = little(ZipDirectory.LOCAL_BYTES + path.length + extra + 4 + padding);
        local.putInt(ZipDirectory.LOCAL).putShort(VERSION_64).putShort((short) 0).putShort((short) 0).putInt(0)
                .putInt(0).putInt(narrow(size)).putInt(narrow(size)).putShort((short) path.length)
                .putShort((short) (extra + 4 + padding)).put(path);
        if (wide) {
            local.putShort((short) ZipDirectory.EXTENSION_64).putShort((short) 16).putLong(size).putLong(size);
        }
        local.putShort(PADDING).putShort((short) padding);
        CheckpointOutput.append(file, local.position(0));
        CRC32 crc = new CRC32();
        data.write(crc);
        overwrite(header + 14, little(4).putInt((int) crc.getValue()).flip());
        entries.add(new Entry(path, size, (int) crc.getValue(), header));
    }

    private void overwrite(long position, ByteBuffer bytes) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += file.write(bytes, at);
        }
    }

    private void directory() throws IOException {
        long start = file.position();
        for (Entry entry : entries) {
            boolean wide = entry.size() >= ZipDirectory.IN_EXTENSION;
            boolean far = entry.header() >= ZipDirectory.IN_EXTENSION;
            int numbers = (wide ? 16 : 0) + (far ? 8 : 0);
            int extra = numbers == 0 ? 0 : 4 + numbers;
            ByteBuffer central = little(ZipDirectory.CENTRAL_BYTES + entry.name().length + extra);
            central.putInt(ZipDirectory.CENTRAL).putShort(VERSION_64).putShort(VERSION_64).putShort((short) 0)
                    .putShort((short) 0).putInt(0).putInt(entry.crc()).putInt(narrow(entry.size()))
                    .putInt(narrow(entry.size())).putShort((short) entry.name().length).putShort((short) extra)
                    .putShort((short) 0).putShort((short) 0).putShort((short) 0).putInt(0)
                    .putInt(narrow(entry.header())).put(entry.name());
            if (extra > 0) {
                central.putShort((short) ZipDirectory.EXTENSION_64).putShort((short) numbers);
            }
            if (wide) {
                central.putLong(entry.size()).putLong(entry.size());
            }
            if (far) {
                central.putLong(entry.header());
            }
            CheckpointOutput.append(file, central.flip());
        }
        end(start, file.position());
    }

    private void end(long start, long end) throws IOException {
        boolean wide = start >= ZipDirectory.IN_EXTENSION || entries.size() >= 0xFFFF;
        ByteBuffer bytes =
                little(ZipDirectory.END_64_BYTES + ZipDirectory.LOCATOR_64_BYTES + ZipDirectory.END_BYTES);
        if (wide) {
            bytes.putInt(ZipDirectory.END_64).putLong(ZipDirectory.END_64_BYTES - 12).putShort(VERSION_64)
                    .putShort(VERSION_64).putInt(0).putInt(0).putLong(entries.size()).putLong(entries.size())
                    .putLong(end - start).putLong(start);
            bytes.putInt(ZipDirectory.LOCATOR_64).putInt(0).putLong(end).putInt(1);
        }
        short count = (short) Math.min(entries.size(), 0xFFFF);
        bytes.putInt(ZipDirectory.END).putInt(0).putShort(count).putShort(count).putInt(narrow(end - start))
                .putInt(narrow(start)).putShort((short) 0);
        CheckpointOutput.append(file, bytes.flip());
    }

    private static int narrow(long value) {
        return (int) Math.min(value, ZipDirectory.IN_EXTENSION);
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
