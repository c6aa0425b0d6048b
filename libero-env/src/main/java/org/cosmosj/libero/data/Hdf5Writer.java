package org.cosmosj.libero.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Writes a tree of groups and contiguous datasets as HDF5: superblock version 0, symbol-table groups, version 1 object
 * headers, variable-length data in global heaps. Every HDF5 library reads that. Data are streamed: the file may be
 * larger than memory.
 * Source: HDF5 File Format Specification 3.0, sections II.A, III.A to III.E, IV.A.
 */
final class Hdf5Writer {

    /** A symbol-table leaf holds twice this many links, and a group's B-tree twice {@link #INTERNAL_K} leaves. */
    private static final int LEAF_K = 32;
    private static final int INTERNAL_K = 32;
    private static final int MAX_LINKS = 4 * LEAF_K * INTERNAL_K;
    private static final int SUPERBLOCK_SIZE = 96;
    private static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
    private static final long UNDEFINED = -1;
    private static final int HEAP_MIN = 4096;
    private static final int HEAP_TARGET = 1 << 20;
    private static final int MAX_HEAP_OBJECTS = 60_000;

    private static final int MESSAGE_DATASPACE = 1;
    private static final int MESSAGE_DATATYPE = 3;
    private static final int MESSAGE_FILL_VALUE = 5;
    private static final int MESSAGE_LAYOUT = 8;
    private static final int MESSAGE_ATTRIBUTE = 12;
    private static final int MESSAGE_SYMBOL_TABLE = 17;

    private final FileChannel channel;
    private final ByteBuffer buffer = Hdf5Type.littleEndian(1 << 16);
    private long position;

    private Hdf5Writer(FileChannel channel) {
        this.channel = channel;
    }

    /** Where an object header is, and, for a group, its B-tree and name heap. */
    private record Written(long header, long tree, long heap) {
    }

    /** A message of an object header. */
    private record Message(int type, byte[] body) {
    }

    static void write(FileChannel channel, Hdf5Node.Group root) throws IOException {
        Hdf5Writer writer = new Hdf5Writer(channel);
        writer.append(new byte[SUPERBLOCK_SIZE]);
        Written written = writer.group("/", root);
        writer.align();
        writer.flush();
        writer.superblock(written);
    }

    private void superblock(Written root) throws IOException {
        ByteBuffer block = Hdf5Type.littleEndian(SUPERBLOCK_SIZE).put(SIGNATURE)
                .put(new byte[] {0, 0, 0, 0, 0, 8, 8, 0}).putShort((short) LEAF_K).putShort((short) INTERNAL_K)
                .putInt(0)
                .putLong(0).putLong(UNDEFINED).putLong(position).putLong(UNDEFINED)
                .putLong(0).putLong(root.header).putInt(1).putInt(0).putLong(root.tree).putLong(root.heap);
        block.flip();
        for (long at = 0; block.hasRemaining();) {
            at += channel.write(block, at);
        }
    }

    private Written node(String path, Hdf5Node node) throws IOException {
        return switch (node) {
            case Hdf5Node.Group group -> group(path, group);
            case Hdf5Node.Dataset dataset -> dataset(path, dataset);
        };
    }

    private Written group(String path, Hdf5Node.Group group) throws IOException {
        List<String> names = List.copyOf(group.children.keySet());
        if (names.size() > MAX_LINKS) {
            throw new IOException("group " + path + " has " + names.size() + " members, at most " + MAX_LINKS
                    + " fit; write several files");
        }
        List<Written> children = new ArrayList<>();
        for (String name : names) {
            children.add(node(path + name + "/", group.children.get(name)));
        }
        long[] nameOffset = new long[names.size()];
        long heap = nameHeap(names, nameOffset);
        long tree = tree(children, nameOffset);
        List<Message> messages = new ArrayList<>();
        messages.add(new Message(MESSAGE_SYMBOL_TABLE,
                Hdf5Type.littleEndian(16).putLong(tree).putLong(heap).array()));
        for (Map.Entry<String, Object> attribute : group.attributes.entrySet()) {
            messages.add(new Message(MESSAGE_ATTRIBUTE, attribute(attribute.getKey(), attribute.getValue())));
        }
        return new Written(header(messages), tree, heap);
    }

    private Written dataset(String path, Hdf5Node.Dataset dataset) throws IOException {
        long elements = 1;
        for (long dimension : dataset.shape()) {
            elements *= dimension;
        }
        long bytes = elements * dataset.type().size;
        long address;
        if (dataset.type() == Hdf5Type.BYTES) {
            List<byte[]> all = new ArrayList<>();
            for (int i = 0; i < dataset.shape()[0]; i++) {
                all.add(dataset.source().piece(i));
            }
            byte[] references = variableLength(all);
            address = append(references);
        } else {
            align();
            address = position;
            for (int i = 0; i < dataset.shape()[0]; i++) {
                write(dataset.source().piece(i));
            }
            if (position - address != bytes) {
                throw new IllegalArgumentException("dataset " + path + ": got " + (position - address)
                        + " bytes, expected " + bytes + " for shape " + Arrays.toString(dataset.shape()));
            }
        }
        // An empty dataset has no storage.
        long storage = bytes == 0 ? UNDEFINED : address;
        return new Written(header(List.of(
                new Message(MESSAGE_DATASPACE, dataspace(dataset.shape())),
                new Message(MESSAGE_DATATYPE, dataset.type().message()),
                new Message(MESSAGE_FILL_VALUE, new byte[] {2, 2, 0, 0, 0, 0, 0, 0}),
                new Message(MESSAGE_LAYOUT,
                        Hdf5Type.littleEndian(18).put((byte) 3).put((byte) 1).putLong(storage).putLong(bytes)
                                .array()))),
                0, 0);
    }

    /** Local heap with the names; its first eight bytes are the empty name. */
    private long nameHeap(List<String> names, long[] offset) throws IOException {
        int size = 8;
        List<byte[]> padded = new ArrayList<>();
        for (int i = 0; i < offset.length; i++) {
            offset[i] = size;
            padded.add(padded((names.get(i) + "\0").getBytes(StandardCharsets.UTF_8)));
            size += padded.getLast().length;
        }
        ByteBuffer data = Hdf5Type.littleEndian(size).position(8);
        padded.forEach(data::put);
        long address = append(data.array());
        return append(Hdf5Type.littleEndian(32).put(ascii("HEAP")).putInt(0).putLong(size).putLong(1).putLong(address)
                .array());
    }

    /** Version 1 B-tree of one level: key i is the greatest name in the leaves before i. */
    private long tree(List<Written> children, long[] nameOffset) throws IOException {
        int perLeaf = 2 * LEAF_K;
        int leaves = (children.size() + perLeaf - 1) / perLeaf;
        ByteBuffer tree = Hdf5Type.littleEndian(24 + 2 * INTERNAL_K * 8 + (2 * INTERNAL_K + 1) * 8);
        tree.put(ascii("TREE")).put((byte) 0).put((byte) 0).putShort((short) leaves).putLong(UNDEFINED)
                .putLong(UNDEFINED).putLong(0);
        for (int leaf = 0; leaf < leaves; leaf++) {
            int from = leaf * perLeaf;
            int to = Math.min(children.size(), from + perLeaf);
            ByteBuffer table = Hdf5Type.littleEndian(8 + perLeaf * 40);
            table.put(ascii("SNOD")).put((byte) 1).put((byte) 0).putShort((short) (to - from));
            for (int i = from; i < to; i++) {
                Written child = children.get(i);
                table.putLong(nameOffset[i]).putLong(child.header).putInt(child.tree != 0 ? 1 : 0).putInt(0)
                        .putLong(child.tree).putLong(child.heap);
            }
            tree.putLong(append(table.array())).putLong(nameOffset[to - 1]);
        }
        return append(tree.array());
    }

    private long header(List<Message> messages) throws IOException {
        int size = 0;
        for (Message message : messages) {
            size += 8 + padded(message.body).length;
        }
        ByteBuffer header = Hdf5Type.littleEndian(16 + size);
        header.put((byte) 1).put((byte) 0).putShort((short) messages.size()).putInt(1).putInt(size).putInt(0);
        for (Message message : messages) {
            byte[] body = padded(message.body);
            header.putShort((short) message.type).putShort((short) body.length).putInt(0).put(body);
        }
        return append(header.array());
    }

    private byte[] attribute(String name, Object value) throws IOException {
        return switch (value) {
            case String text -> attribute(name, Hdf5Type.STRING, new long[0],
                    variableLength(List.of(text.getBytes(StandardCharsets.UTF_8))));
            case Boolean flag -> attribute(name, Hdf5Type.BOOL, new long[0], new byte[] {(byte) (flag ? 1 : 0)});
            case Long number -> attribute(name, Hdf5Type.I64, new long[0],
                    Hdf5Type.littleEndian(8).putLong(number).array());
            case double[] vector -> attribute(name, Hdf5Type.F64, new long[] {vector.length},
                    Hdf5Node.Group.bytes(vector));
            default -> throw new IllegalArgumentException("attribute " + name + ": " + value.getClass()
                    + ", expected String, Boolean, Long or double[]");
        };
    }

    private static byte[] attribute(String name, Hdf5Type type, long[] shape, byte[] data) {
        byte[] title = (name + "\0").getBytes(StandardCharsets.UTF_8);
        byte[] datatype = type.message();
        byte[] space = dataspace(shape);
        byte[][] parts = {padded(title), padded(datatype), padded(space), data};
        ByteBuffer message = Hdf5Type.littleEndian(8 + Arrays.stream(parts).mapToInt(part -> part.length).sum());
        message.put((byte) 1).put((byte) 0).putShort((short) title.length).putShort((short) datatype.length)
                .putShort((short) space.length);
        for (byte[] part : parts) {
            message.put(part);
        }
        return message.array();
    }

    private static byte[] dataspace(long[] shape) {
        ByteBuffer space = Hdf5Type.littleEndian(8 + 8 * shape.length);
        space.put((byte) 1).put((byte) shape.length).putShort((short) 0).putInt(0);
        for (long dimension : shape) {
            space.putLong(dimension);
        }
        return space.array();
    }

    /** Puts elements into global heaps and returns the references (length, heap address, index) to them. */
    private byte[] variableLength(List<byte[]> elements) throws IOException {
        ByteBuffer references = Hdf5Type.littleEndian(16 * elements.size());
        int next = 0;
        while (next < elements.size()) {
            int first = next;
            int used = 16;
            while (next < elements.size() && next - first < MAX_HEAP_OBJECTS && (next == first || used < HEAP_TARGET)) {
                used += 16 + padded(elements.get(next++)).length;
            }
            long address = globalHeap(elements.subList(first, next), Math.max(HEAP_MIN, used + 16));
            for (int i = first; i < next; i++) {
                references.putInt(elements.get(i).length).putLong(address).putInt(i - first + 1);
            }
        }
        return references.array();
    }

    private long globalHeap(List<byte[]> objects, int size) throws IOException {
        ByteBuffer heap = Hdf5Type.littleEndian(size).put(ascii("GCOL")).put((byte) 1).put(new byte[3]).putLong(size);
        for (int i = 0; i < objects.size(); i++) {
            heap.putShort((short) (i + 1)).putShort((short) 1).putInt(0).putLong(objects.get(i).length)
                    .put(padded(objects.get(i)));
        }
        heap.putShort((short) 0).putShort((short) 0).putInt(0).putLong(heap.remaining() + 8);
        return append(heap.array());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] padded(byte[] bytes) {
        return Arrays.copyOf(bytes, (bytes.length + 7) / 8 * 8);
    }

    /** Writes at the next multiple of eight and returns that address. */
    private long append(byte[] bytes) throws IOException {
        align();
        long address = position;
        write(bytes);
        return address;
    }

    private void align() throws IOException {
        write(new byte[(int) (-position & 7)]);
    }

    private void write(byte[] bytes) throws IOException {
        for (int from = 0; from < bytes.length;) {
            int n = Math.min(bytes.length - from, buffer.remaining());
            buffer.put(bytes, from, n);
            from += n;
            if (!buffer.hasRemaining()) {
                flush();
            }
        }
        position += bytes.length;
    }

    private void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }
}
