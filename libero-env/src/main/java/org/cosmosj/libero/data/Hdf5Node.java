package org.cosmosj.libero.data;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A group or a dataset that is to be written. */
sealed interface Hdf5Node {

    /** Gives the elements of a dataset in order, as raw little-endian bytes. */
    @FunctionalInterface
    interface Source {

        /**
         * One piece of the dataset along its first axis.
         *
         * @param index along the first axis
         * @return the bytes of that piece
         */
        byte[] piece(int index);
    }

    /**
     * A contiguous dataset.
     *
     * @param type  element type
     * @param shape dimensions
     * @param source pieces along the first axis
     */
    record Dataset(Hdf5Type type, long[] shape, Source source) implements Hdf5Node {
    }

    /** Children by name in byte order, as HDF5's symbol tables need them, and attributes in order of addition. */
    final class Group implements Hdf5Node {
        final TreeMap<String, Hdf5Node> children = new TreeMap<>();
        final Map<String, Object> attributes = new LinkedHashMap<>();

        Group group(String name) {
            Group group = new Group();
            children.put(name, group);
            return group;
        }

        /** A string, Boolean, Long or double[] attribute. */
        Group attribute(String name, Object value) {
            attributes.put(name, value);
            return this;
        }

        /** A dataset of doubles (rows, columns). */
        Group doubles(String name, double[][] rows) {
            int columns = rows.length == 0 ? 0 : rows[0].length;
            children.put(name, new Dataset(Hdf5Type.F64, new long[] {rows.length, columns}, i -> bytes(rows[i])));
            return this;
        }

        /** A dataset of bytes whose pieces along the first axis are given. */
        Group bytes(String name, List<byte[]> pieces, long... pieceShape) {
            long[] shape = new long[pieceShape.length + 1];
            shape[0] = pieces.size();
            System.arraycopy(pieceShape, 0, shape, 1, pieceShape.length);
            children.put(name, new Dataset(Hdf5Type.U8, shape, pieces::get));
            return this;
        }

        /** A dataset of byte strings of any length, for example JPEG files. */
        Group variableBytes(String name, List<byte[]> elements) {
            children.put(name, new Dataset(Hdf5Type.BYTES, new long[] {elements.size()}, elements::get));
            return this;
        }

        static byte[] bytes(double[] values) {
            var buffer = Hdf5Type.littleEndian(8 * values.length);
            for (double each : values) {
                buffer.putDouble(each);
            }
            return buffer.array();
        }
    }
}
