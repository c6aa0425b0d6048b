package org.cosmosj.cuda;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.ReentrantLock;
import jcuda.Pointer;
import jcuda.driver.CUevent;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/**
 * Copies between host and device through two pieces of page-locked memory: while one travels, the host fills or empties
 * the other. Copies to the device run on a stream of their own, after the kernels launched before them and before those
 * launched after; the host goes on as soon as the last piece is handed over. Copies from the device wait.
 */
final class StagedCopies {
    private static final long PIECE_BYTES = 4L << 20;

    private final CudaContext context;
    private final ReentrantLock lock = new ReentrantLock();
    private final Stage[] stages = new Stage[2];
    private final CUevent kernels;
    private final CUevent arrived;

    private record Stage(Pointer pointer, MemorySegment memory, CUevent free) {}

    StagedCopies(CudaContext context) {
        this.context = context;
        kernels = context.newEvent();
        arrived = context.newEvent();
        for (int i = 0; i < stages.length; i++) {
            Pointer pointer = new Pointer();
            context.check(JCudaDriver.cuMemAllocHost(pointer, PIECE_BYTES), "open");
            stages[i] = new Stage(pointer, MemorySegment.ofBuffer(pointer.getByteBuffer(0, PIECE_BYTES)),
                    context.newEvent());
        }
    }

    void upload(MemorySegment host, DevicePointer target) {
        lock.lock();
        try {
            context.activate("upload");
            after("upload", kernels, context.compute(), context.copies());
            for (long at = 0, piece = 0; at < host.byteSize(); at += PIECE_BYTES, piece++) {
                Stage stage = stages[(int) (piece % stages.length)];
                long bytes = Math.min(PIECE_BYTES, host.byteSize() - at);
                context.check(JCudaDriver.cuEventSynchronize(stage.free()), "upload");
                MemorySegment.copy(host, at, stage.memory(), 0, bytes);
                context.check(JCudaDriver.cuMemcpyHtoDAsync(target.plus(at), stage.pointer(), bytes,
                        context.copies()), "upload");
                context.check(JCudaDriver.cuEventRecord(stage.free(), context.copies()), "upload");
            }
            after("upload", arrived, context.copies(), context.compute());
        } finally {
            lock.unlock();
        }
    }

    /** Has the second stream wait for what was given to the first. */
    private void after(String op, CUevent event, CUstream first, CUstream second) {
        context.check(JCudaDriver.cuEventRecord(event, first), op);
        context.check(JCudaDriver.cuStreamWaitEvent(second, event, 0), op);
    }

    void download(DevicePointer source, MemorySegment host) {
        lock.lock();
        try {
            context.activate("download");
            // The stages may still hold pieces on their way to the device.
            after("download", arrived, context.copies(), context.compute());
            long pieces = (host.byteSize() + PIECE_BYTES - 1) / PIECE_BYTES;
            for (long piece = 0; piece <= pieces; piece++) {
                if (piece < pieces) {
                    Stage stage = stages[(int) (piece % stages.length)];
                    context.check(JCudaDriver.cuMemcpyDtoHAsync(stage.pointer(),
                            source.plus(piece * PIECE_BYTES), size(host, piece), context.compute()), "download");
                    context.check(JCudaDriver.cuEventRecord(stage.free(), context.compute()), "download");
                }
                if (piece > 0) {
                    Stage stage = stages[(int) ((piece - 1) % stages.length)];
                    context.check(JCudaDriver.cuEventSynchronize(stage.free()), "download");
                    MemorySegment.copy(stage.memory(), 0, host, (piece - 1) * PIECE_BYTES, size(host, piece - 1));
                }
            }
        } finally {
            lock.unlock();
        }
        context.synchronize("download");
    }

    private static long size(MemorySegment host, long piece) {
        return Math.min(PIECE_BYTES, host.byteSize() - piece * PIECE_BYTES);
    }

    void close() {
        for (Stage stage : stages) {
            JCudaDriver.cuMemFreeHost(stage.pointer());
            JCudaDriver.cuEventDestroy(stage.free());
        }
        JCudaDriver.cuEventDestroy(kernels);
        JCudaDriver.cuEventDestroy(arrived);
    }
}
