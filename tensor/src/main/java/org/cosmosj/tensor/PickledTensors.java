package org.cosmosj.tensor;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import org.cosmosj.tensor.spi.Layout;

/**
 * Writes a dict of tensors as Python's {@code pickle.dump} does, which is how the reference keeps text embeddings:
 * protocol 4, and the storage of each tensor as a stream of its own that {@code torch.save} wrote before PyTorch 1.6.
 * {@link TorchCheckpoint} reads such files. Source: {@code torch/_tensor.py#Tensor.__reduce_ex__},
 * {@code torch/storage.py#TypedStorage.__reduce__}, {@code torch/serialization.py#_legacy_save}.
 */
public final class PickledTensors {
    private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
    private static final int PROTOCOL = 1001;
    /** Name of a storage in its stream, which holds no other. */
    private static final String KEY = "0";

    private PickledTensors() {}

    /**
     * Writes tensors to a file, so that a failure at any moment leaves the old file as it was.
     *
     * @param file where to; missing folders are made
     * @param tensors by name in their order, of any dtype, device and layout; written dense
     * @throws CheckpointException if the file cannot be written
     * @throws ClosedTensorException if a tensor is closed
     */
    public static void write(Path file, Map<String, Tensor> tensors) throws CheckpointException {
        tensors.values().forEach(Tensor::operand);
        CheckpointOutput.write("pickle", file, channel -> {
            CheckpointOutput.append(channel, new PickleOutput().protocol(4).opcodes("}(").buffer());
            for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
                Tensor tensor = entry.getValue();
                ByteBuffer stream = stream(tensor);
                PickleOutput head = new PickleOutput().text(entry.getKey())
                        .name("torch._utils", "_rebuild_tensor_v2").opcodes("(")
                        .name("torch.storage", "_load_from_bytes").bytesOf(stream.remaining() + tensor.byteSize());
                CheckpointOutput.append(channel, head.buffer());
                CheckpointOutput.append(channel, stream);
                CheckpointOutput.append(channel, tensor);
                CheckpointOutput.append(channel, view(tensor));
            }
            CheckpointOutput.append(channel, new PickleOutput().opcodes("u.").buffer());
        });
    }

    /** A stream of {@code torch.save} up to the data of its only storage. */
    private static ByteBuffer stream(Tensor tensor) {
        return new PickleOutput().protocol(2).integer(MAGIC).opcodes(".")
                .protocol(2).integer(PROTOCOL).opcodes(".")
                .protocol(2).opcodes("}(").text("protocol_version").integer(PROTOCOL)
                .text("little_endian").opcodes(PickleOutput.TRUE)
                .text("type_sizes").opcodes("}(").text("short").integer(2).text("int").integer(4).text("long")
                .integer(4)
                .opcodes("uu.")
                .protocol(2).opcodes("(").text("storage").opcodes("ctorch\n")
                .opcodes(TorchElement.of(tensor.dtype()).storageClass()).opcodes("\n").text(KEY).text("cpu")
                .integer(tensor.shape().numel()).opcodes("NtQ.")
                .protocol(2).opcodes("](").text(KEY).opcodes("e.")
                .littleEndian(tensor.shape().numel(), Long.BYTES)
                .buffer();
    }

    /** The rest of a tensor: offset, sizes, strides, no gradient, no hooks. */
    private static ByteBuffer view(Tensor tensor) {
        PickleOutput out = new PickleOutput().opcodes(PickleOutput.TUPLE1 + "R").integer(0).opcodes("(");
        for (long size : tensor.shape().toArray()) {
            out.integer(size);
        }
        out.opcodes("t(");
        for (long stride : Layout.contiguous(tensor.shape()).strides()) {
            out.integer(stride);
        }
        return out.opcodes("t" + PickleOutput.FALSE).name("collections", "OrderedDict").opcodes(")RtR").buffer();
    }
}
