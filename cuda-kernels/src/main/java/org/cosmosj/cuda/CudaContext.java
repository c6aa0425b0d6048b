package org.cosmosj.cuda;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.stream.Collectors;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;
import org.cosmosj.cuda.CudaException.Fault;

/**
 * The primary context of one device with its streams. All kernels run on one stream in the order of their launches;
 * copies from the host have another. Every result code of the driver passes through {@link #check}, which remembers the
 * first fault: from then on each call says what it was.
 */
final class CudaContext implements AutoCloseable {
    /** Waits after every launch, so that a fault is thrown by the operation that caused it. */
    private static final String SYNCHRONOUS = "cosmosj.cuda.synchronous";
    private static final int REMEMBERED = 8;

    private final int ordinal;
    private final CUdevice device = new CUdevice();
    private final CUcontext context = new CUcontext();
    private final CUstream compute;
    private final CUstream copies;
    private final boolean synchronous = Boolean.getBoolean(SYNCHRONOUS);
    private final Deque<Launch> recent = new ArrayDeque<>();
    private long launchesSinceSync;
    private volatile CudaException fault;

    private record Launch(String op, String kernel) {}

    /** @throws CudaException if the driver does not open the device */
    CudaContext(int ordinal) {
        this.ordinal = ordinal;
        check(JCudaDriver.cuDeviceGet(device, ordinal), "open");
        check(JCudaDriver.cuDevicePrimaryCtxRetain(context, device), "open");
        activate("open");
        compute = newStream();
        copies = newStream();
    }

    private CUstream newStream() {
        CUstream stream = new CUstream();
        check(JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING), "open");
        return stream;
    }

    CUevent newEvent() {
        CUevent event = new CUevent();
        check(JCudaDriver.cuEventCreate(event, CUevent_flags.CU_EVENT_DISABLE_TIMING), "open");
        return event;
    }

    /** The stream of all kernels. */
    CUstream compute() {
        return compute;
    }

    /** The stream of copies from the host. */
    CUstream copies() {
        return copies;
    }

    /** Makes this context the calling thread's; every entry into the driver starts with it. */
    void activate(String op) {
        if (fault != null) {
            throw again(op);
        }
        check(JCudaDriver.cuCtxSetCurrent(context), op);
    }

    boolean hasFailed() {
        return fault != null;
    }

    private CudaException again(String op) {
        CudaException first = fault;
        CudaException next = new CudaException(first.fault(), op, "", op + ": cuda:" + ordinal + " cannot be used any"
                + " more after an earlier failure (" + first.getMessage() + ")");
        next.initCause(first);
        return next;
    }

    /** Launches on the compute stream; {@code arguments} points to pointers to the arguments. */
    void launch(String op, Kernel kernel, LaunchSize size, Pointer arguments) {
        activate(op);
        remember(new Launch(op, kernel.name()));
        int result = JCudaDriver.cuLaunchKernel(kernel.function(), size.blocks(), 1, 1, size.threadsX(),
                size.threadsY(), 1, 0, compute, arguments, null);
        if (result == CUresult.CUDA_SUCCESS && synchronous) {
            result = JCudaDriver.cuStreamSynchronize(compute);
        }
        check(result, op);
        if (synchronous) {
            forgetLaunches();
        }
    }

    private synchronized void remember(Launch launch) {
        launchesSinceSync++;
        recent.addLast(launch);
        if (recent.size() > REMEMBERED) {
            recent.removeFirst();
        }
    }

    private synchronized void forgetLaunches() {
        launchesSinceSync = 0;
        recent.clear();
    }

    /** Waits for the compute stream. */
    void synchronize(String op) {
        activate(op);
        check(JCudaDriver.cuStreamSynchronize(compute), op);
        forgetLaunches();
    }

    /**
     * Throws unless {@code result} is success.
     *
     * @param result of the driver
     * @param op what was being done
     */
    void check(int result, String op) {
        if (result == CUresult.CUDA_SUCCESS) {
            return;
        }
        CudaException failure = failure(result, op);
        if (failure.fault() == Fault.KERNEL || failure.fault() == Fault.DEVICE_LOST) {
            synchronized (this) {
                fault = fault == null ? failure : fault;
            }
        }
        throw failure;
    }

    private synchronized CudaException failure(int result, String op) {
        Fault kind = kind(result);
        String[] words = {null};
        JCudaDriver.cuGetErrorString(result, words);
        String what = CUresult.stringFor(result) + (words[0] == null || words[0].isBlank() ? "" : ": " + words[0]);
        Launch last = recent.peekLast();
        if (kind == Fault.KERNEL && last != null) {
            return new CudaException(kind, last.op(), last.kernel(), last.op() + ": a kernel failed on cuda:" + ordinal
                    + " (" + what + "); " + suspects() + "; the device cannot be used again by this process, cpu:0"
                    + " can");
        }
        return new CudaException(kind, op, "", op + ": " + what + cure(kind));
    }

    private String suspects() {
        if (launchesSinceSync == 1) {
            return "the kernel was " + recent.peekLast().kernel();
        }
        return "it was one of the last " + launchesSinceSync + " launched, newest last: .. " + recent.stream()
                .map(launch -> launch.op() + " " + launch.kernel()).collect(Collectors.joining(", ")) + "; -D"
                + SYNCHRONOUS + "=true names the one";
    }

    private static Fault kind(int result) {
        return switch (result) {
            case CUresult.CUDA_ERROR_ILLEGAL_ADDRESS, CUresult.CUDA_ERROR_LAUNCH_TIMEOUT,
                    CUresult.CUDA_ERROR_ASSERT, CUresult.CUDA_ERROR_HARDWARE_STACK_ERROR,
                    CUresult.CUDA_ERROR_ILLEGAL_INSTRUCTION, CUresult.CUDA_ERROR_MISALIGNED_ADDRESS,
                    CUresult.CUDA_ERROR_INVALID_ADDRESS_SPACE, CUresult.CUDA_ERROR_INVALID_PC,
                    CUresult.CUDA_ERROR_LAUNCH_FAILED ->
                Fault.KERNEL;
            case CUresult.CUDA_ERROR_DEVICE_UNAVAILABLE, CUresult.CUDA_ERROR_ECC_UNCORRECTABLE,
                    CUresult.CUDA_ERROR_UNKNOWN ->
                Fault.DEVICE_LOST;
            case CUresult.CUDA_ERROR_UNSUPPORTED_PTX_VERSION, CUresult.CUDA_ERROR_NO_BINARY_FOR_GPU,
                    CUresult.CUDA_ERROR_INVALID_PTX, CUresult.CUDA_ERROR_SYSTEM_DRIVER_MISMATCH ->
                Fault.VERSION;
            default -> Fault.DRIVER;
        };
    }

    private static String cure(Fault kind) {
        return switch (kind) {
            case DEVICE_LOST -> "; the device does not answer, see dmesg and nvidia-smi; cpu:0 can be used";
            case VERSION -> "; update the NVIDIA driver to one for CUDA "
                    + DriverLibrary.versionText(DriverLibrary.OLDEST_DRIVER) + " or newer, or use cpu:0";
            case KERNEL, DRIVER -> "";
        };
    }

    /**
     * Lets go of the device. The primary context is shared by the whole process, so it is reset only after a failure,
     * which has spoilt it for everyone.
     */
    @Override
    public void close() {
        JCudaDriver.cuCtxSetCurrent(context);
        if (hasFailed()) {
            JCudaDriver.cuDevicePrimaryCtxReset(device);
        } else {
            JCudaDriver.cuStreamDestroy(copies);
            JCudaDriver.cuStreamDestroy(compute);
        }
        JCudaDriver.cuDevicePrimaryCtxRelease(device);
    }
}
