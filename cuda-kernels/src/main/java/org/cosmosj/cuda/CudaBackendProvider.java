package org.cosmosj.cuda;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.spi.Backend;
import org.cosmosj.tensor.spi.BackendProvider;

/** Finds NVIDIA GPUs. Asking never throws: where none can be used, one line says why. */
public final class CudaBackendProvider implements BackendProvider {
    /** Made by the service loader. */
    public CudaBackendProvider() {}

    @Override
    public Device.Kind kind() {
        return Device.Kind.CUDA;
    }

    @Override
    public Optional<String> unavailableReason() {
        Optional<String> driver = DriverLibrary.problem();
        if (driver.isPresent()) {
            return driver;
        }
        List<CudaDevice> devices = CudaDevice.all();
        if (devices.stream().anyMatch(device -> device.problem().isEmpty())) {
            return Optional.empty();
        }
        return devices.isEmpty()
                ? Optional.of("the driver finds no CUDA device; check nvidia-smi and CUDA_VISIBLE_DEVICES")
                : devices.getFirst().problem();
    }

    @Override
    public String description() {
        return CudaDevice.all().stream().map(device -> device + device.problem().map(why -> " (not usable: " + why
                + ")").orElse("")).collect(Collectors.joining(System.lineSeparator()));
    }

    @Override
    public Backend open(Device device) {
        List<CudaDevice> devices = CudaDevice.all();
        if (device.index() >= devices.size()) {
            throw new IllegalArgumentException("device " + device + " does not exist; the driver finds "
                    + devices.size() + " CUDA device" + (devices.size() == 1 ? "" : "s"));
        }
        CudaDevice found = devices.get(device.index());
        found.problem().ifPresent(why -> {
            throw new IllegalArgumentException("device " + device + " cannot be used: " + why);
        });
        return new CudaBackend(device, found);
    }
}
