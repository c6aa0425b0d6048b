"""PyTorch's side of `./cosmosj bench --peer-python`: the same work, in PyTorch's best eager form.

Reads one request per line and answers with one, words separated by tabs: `ok ...` or `error reason`.
    hello                                             name, versions
    prepare NAME SPEC INPUTS OUTPUTS THREADS          runs once; inputs and outputs are safetensors files
    time SECONDS RUNS                                 shortest and median time, number of runs
Needs torch 2.13 and numpy. Computations follow the reference implementation of Cosmos Policy.
"""
import json
import math
import os
import statistics
import sys
import time

REPLIES = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # what a library prints must not look like an answer
NEEDED = (2, 13)


def fail(message):
    print("error\t" + " ".join(str(message).split()), file=REPLIES, flush=True)


try:
    import ctypes
    import glob

    import numpy as np
    import torch
    import torch.nn.functional as F
except ImportError as e:
    fail(f"{sys.executable} cannot import {e.name}; install torch 2.13 and numpy there, or give another Python")
    sys.exit(1)
if tuple(int(part) for part in torch.__version__.split("+")[0].split(".")[:2]) != NEEDED:
    fail(f"{sys.executable} has torch {torch.__version__}; goals are set against torch 2.13, install that version")
    sys.exit(1)

TYPES = {"F32": (np.float32, torch.float32), "BF16": (np.int16, torch.bfloat16)}
EPS = 1e-6


def read(path):
    with open(path, "rb") as file:
        size = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(size))
        data = file.read()
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            start, end = entry["data_offsets"]
            numpy_type, torch_type = TYPES[entry["dtype"]]
            array = np.frombuffer(data, numpy_type, (end - start) // np.dtype(numpy_type).itemsize, start)
            tensor = torch.from_numpy(array.copy())
            tensors[name] = (tensor.view(torch_type) if torch_type == torch.bfloat16 else tensor).view(entry["shape"])
    return tensors


def write(path, tensors):
    header, parts, offset = {}, [], 0
    for name, tensor in tensors.items():
        data = tensor.detach().float().contiguous().numpy().tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [offset, offset + len(data)]}
        parts.append(data)
        offset += len(data)
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text + b"".join(parts))


def openblas_threads(count):
    for library in glob.glob(os.path.join(os.path.dirname(np.__file__), "..", "numpy.libs", "*openblas*")):
        loaded = ctypes.CDLL(library)
        for name in ("scipy_openblas_set_num_threads64_", "openblas_set_num_threads64_", "openblas_set_num_threads"):
            if hasattr(loaded, name):
                getattr(loaded, name)(count)
                return
    raise RuntimeError("numpy has no OpenBLAS of its own; install numpy from its wheel")


# Kernels: each takes spec and inputs and returns a function that does the work once and gives named results.


def matmul(spec, t):
    x = t["x"][0].T if spec["left_transposed"] else t["x"][0]
    if spec["right_transposed"] and not spec["left_transposed"]:
        return lambda: {"out": F.linear(x, t["y"][0])[None]}
    y = t["y"][0].T if spec["right_transposed"] else t["y"][0]
    return lambda: {"out": torch.matmul(x, y)[None]}


def openblas(spec, t):
    openblas_threads(torch.get_num_threads())
    x, y = t["x"][0].numpy(), t["y"][0].numpy()
    x = x.T if spec["left_transposed"] else x
    y = y.T if spec["right_transposed"] else y
    return lambda: {"out": torch.from_numpy(x @ y)[None]}


def attention(spec, t):
    if not spec["backward"]:
        q, k, v = (t[n].transpose(1, 2) for n in "qkv")
        return lambda: {"out": F.scaled_dot_product_attention(q, k, v).transpose(1, 2)}
    with torch.enable_grad():
        leaves = [t[n].requires_grad_() for n in "qkv"]
        out = F.scaled_dot_product_attention(*(x.transpose(1, 2) for x in leaves)).transpose(1, 2)
    d_out = t["d_out"]
    return lambda: dict(zip(("d_q", "d_k", "d_v"), torch.autograd.grad(out, leaves, d_out, retain_graph=True)))


def modulated_layer_norm(spec, t):
    x, shift, scale = t["x"], t["shift"][:, :, None], t["scale"][:, :, None]
    return lambda: {"out": torch.addcmul(shift, F.layer_norm(x, x.shape[-1:], eps=EPS), 1 + scale)}


def rotate(x, cos, sin):
    """Half-split rotation without a gradient: two passes over x."""
    half = x.shape[-1] // 2
    out = torch.empty_like(x)
    a, b, left, right = x[..., :half], x[..., half:], out[..., :half], out[..., half:]
    torch.mul(a, cos, out=left).addcmul_(b, sin, value=-1)
    torch.mul(b, cos, out=right).addcmul_(a, sin)
    return out


def rms_norm_rope(spec, t):
    width = t["gain"].shape[0]
    x = t["x"].view(1, -1, t["x"].shape[-1] // width, width)
    cos, sin, gain = t["cos"][None, :, None], t["sin"][None, :, None], t["gain"]
    return lambda: {"out": rotate(F.rms_norm(x, (width,), gain, EPS), cos, sin)}


def gelu(spec, t):
    return lambda: {"out": F.gelu(t["x"])}


def silu(spec, t):
    return lambda: {"out": F.silu(t["x"])}


def gated_residual(spec, t):
    x, gate, y = t["x"], t["scale"][:, :, None], t["y"]
    return lambda: {"out": torch.addcmul(x, gate, y)}


def adam_w(spec, t):
    parameter = torch.nn.Parameter(t["x"])
    parameter.grad = t["y"]
    optimizer = torch.optim.AdamW([parameter], lr=1e-4, betas=(0.9, 0.99), eps=1e-8, weight_decay=0.1, fused=True)

    def run():
        optimizer.step()
        return {"out": parameter}

    return run


def convolution(spec, t):
    stride, padding = spec["stride"], spec["padding"]
    if not spec["backward"]:
        return lambda: {"out": F.conv3d(F.pad(t["x"], padding), t["weight"], t["bias"], stride)}
    with torch.enable_grad():
        leaves = [t[n].requires_grad_() for n in ("x", "weight", "bias")]
        out = F.conv3d(F.pad(leaves[0], padding), leaves[1], leaves[2], stride)
    names = ("d_x", "d_weight", "d_bias")
    return lambda: dict(zip(names, torch.autograd.grad(out, leaves, t["d_out"], retain_graph=True)))


class Transformer:
    """MinimalV1LVGDiT, as the policy uses it."""

    def __init__(self, spec, weights, frames, height, width):
        self.w, self.blocks, self.heads = weights, spec["blocks"], spec["heads"]
        self.d = spec["width"] // spec["heads"]
        self.dtype = torch.bfloat16 if spec.get("bf16") else torch.float32
        self.cos, self.sin = self.tables(frames, height // 2, width // 2)
        signed = torch.cat((-self.sin, self.sin), -1)
        self.both = torch.cat((self.cos, self.cos), -1).to(self.dtype), signed.to(self.dtype)
        self.cos, self.sin = self.cos.to(self.dtype), self.sin.to(self.dtype)

    def tables(self, frames, rows, columns):
        space = self.d // 6 * 2
        times = self.d - 2 * space
        angles = []
        for count, size, ratio in ((frames, times, 1.0), (rows, space, 3.0), (columns, space, 3.0)):
            theta = 10000.0 * ratio ** (size / (size - 2))
            exponents = torch.arange(0, size, 2).float() / size
            angles.append(torch.outer(torch.arange(count).float(), 1.0 / theta**exponents))
        t, y, x = angles
        t = t[:, None, None].expand(-1, rows, columns, -1)
        y = y[None, :, None].expand(frames, -1, columns, -1)
        grid = torch.cat((t, y, x[None, None].expand(frames, rows, -1, -1)), -1).flatten(0, 2)
        return grid.cos()[None, :, None], grid.sin()[None, :, None]

    def rope(self, x):
        if torch.is_grad_enabled():  # out= has no gradient
            return torch.addcmul(x * self.both[0], x.roll(self.d // 2, -1), self.both[1])
        return rotate(x, self.cos, self.sin)

    def heads_of(self, x, name, norm=None):
        y = F.linear(x, self.w[name + "_proj.weight"]).view(x.shape[0], x.shape[1], self.heads, self.d)
        return y if norm is None else F.rms_norm(y, (self.d,), self.w[norm + "_norm.weight"], EPS)

    def attend(self, name, q, k, v):
        out = F.scaled_dot_product_attention(q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2))
        return F.linear(out.transpose(1, 2).flatten(2), self.w[name + ".output_proj.weight"])

    def self_attention(self, name, x):
        q = self.rope(self.heads_of(x, name + ".q", name + ".q"))
        k = self.rope(self.heads_of(x, name + ".k", name + ".k"))
        return self.attend(name, q, k, self.heads_of(x, name + ".v"))

    def cross_attention(self, name, x, text):
        k = self.heads_of(text, name + ".k", name + ".k")
        return self.attend(name, self.heads_of(x, name + ".q", name + ".q"), k, self.heads_of(text, name + ".v"))

    def modulation(self, name, e, base, parts):
        y = F.linear(F.linear(e, self.w[name + ".1.weight"]), self.w[name + ".2.weight"]) + base
        return [part[:, :, None, None] for part in y.chunk(parts, -1)]

    @staticmethod
    def modulate(x, shift, scale):
        return torch.addcmul(shift, F.layer_norm(x, x.shape[-1:], eps=EPS), 1 + scale)

    def block(self, i, x, e, base, text):
        name = f"blocks.{i}."
        modulations = [self.modulation(name + "adaln_modulation_" + branch, e, base, 3)
                       for branch in ("self_attn", "cross_attn", "mlp")]
        shift, scale, gate = modulations[0]
        y = self.self_attention(name + "self_attn", self.modulate(x, shift, scale).flatten(1, 3))
        x = torch.addcmul(x, gate, y.view(x.shape))
        shift, scale, gate = modulations[1]
        y = self.cross_attention(name + "cross_attn", self.modulate(x, shift, scale).flatten(1, 3), text)
        x = torch.addcmul(x, gate, y.view(x.shape))
        shift, scale, gate = modulations[2]
        y = F.gelu(F.linear(self.modulate(x, shift, scale), self.w[name + "mlp.layer1.weight"]))
        return torch.addcmul(x, gate, F.linear(y, self.w[name + "mlp.layer2.weight"]))

    def __call__(self, x, t, text, mask):
        x, text, mask = x.to(self.dtype), text.to(self.dtype), mask.to(self.dtype)
        b, _, frames, height, width = x.shape
        x = torch.cat((x, mask, torch.zeros_like(mask)), 1)
        x = x.view(b, -1, frames, height // 2, 2, width // 2, 2).permute(0, 2, 3, 5, 1, 4, 6)
        x = F.linear(x.reshape(b, frames, height // 2, width // 2, -1), self.w["x_embedder.proj.1.weight"])
        size = x.shape[-1]
        half = size // 2
        t = t.to(self.dtype).float()
        angles = t[..., None] * torch.exp(-math.log(10000) * torch.arange(half).float() / half)
        s = torch.cat((angles.cos(), angles.sin()), -1).to(self.dtype)
        base = F.silu(F.linear(s, self.w["t_embedder.1.linear_1.weight"]))
        base = F.linear(base, self.w["t_embedder.1.linear_2.weight"])
        e = F.silu(F.rms_norm(s, (size,), self.w["t_embedding_norm.weight"], EPS))
        for i in range(self.blocks):
            x = self.block(i, x, e, base, text)
        shift, scale = self.modulation("final_layer.adaln_modulation", e, base[..., : 2 * size], 2)
        y = F.linear(self.modulate(x, shift, scale), self.w["final_layer.linear.weight"])
        y = y.view(b, frames, height // 2, width // 2, 2, 2, -1).permute(0, 6, 1, 2, 4, 3, 5)
        return y.reshape(b, -1, frames, height, width).float()


def part(tensors, prefix):
    return {name[len(prefix):]: tensor for name, tensor in tensors.items() if name.startswith(prefix)}


def dit(spec, t):
    weights = part(t, "w.")
    model = Transformer(spec, weights, *t["x"].shape[2:])
    inputs = (t["x"], t["t"], t["text"], t["mask"])
    if spec["pass"] == "FORWARD":
        return lambda: {"out": model(*inputs)}
    for weight in weights.values():
        weight.requires_grad_()
    step = spec["pass"] == "TRAINING_STEP"
    optimizer = torch.optim.AdamW(weights.values(), lr=1e-4, betas=(0.9, 0.99), eps=1e-8, weight_decay=0.1,
                                  fused=True) if step else None
    names = {"first": "x_embedder.proj.1.weight", "last": "final_layer.linear.weight",
             "inner": "blocks.1.self_attn.q_proj.weight"}

    def run():
        for weight in weights.values():
            weight.grad = None
        with torch.enable_grad():
            loss = F.mse_loss(model(*inputs), t["target"])
            loss.backward()
        if not step:
            return {"loss": loss, **{key: weights[name].grad for key, name in names.items()}}
        optimizer.step()
        return {"loss": loss, "first": weights[names["first"]], "last": weights[names["last"]]}

    return run


class Tokenizer:
    """WanVAE_, with the reference's chunks and caches."""

    MEAN = [-0.7571, -0.7089, -0.9113, 0.1075, -0.1745, 0.9653, -0.1517, 1.5508,
            0.4134, -0.0715, 0.5517, -0.3632, -0.1922, -0.9497, 0.2503, -0.2921]
    STD = [2.8184, 1.4541, 2.3275, 2.6558, 1.2196, 1.7708, 2.6052, 2.0743,
           3.2687, 2.1526, 2.8652, 1.5579, 1.6382, 1.1253, 2.8251, 1.9160]

    def __init__(self, weights):
        self.w, self.cache = weights, {}
        self.mean = torch.tensor(self.MEAN).view(1, -1, 1, 1, 1)
        self.scale = 1 / torch.tensor(self.STD).view(1, -1, 1, 1, 1)

    def conv(self, x, name, past=None):
        w = self.w[name + ".weight"]
        front = w.shape[2] - 1
        if past is not None and front:
            x = torch.cat((past, x), 2)
            front -= past.shape[2]
        padding = (w.shape[4] // 2,) * 2 + (w.shape[3] // 2,) * 2 + (front, 0)
        return F.conv3d(F.pad(x, padding), w, self.w[name + ".bias"])

    def streamed(self, x, name):
        past, last = self.cache.get(name), x[:, :, -2:].clone()
        if last.shape[2] < 2 and past is not None:
            last = torch.cat((past[:, :, -1:], last), 2)
        x = self.conv(x, name, past)
        self.cache[name] = last
        return x

    def norm(self, x, name):
        return F.normalize(x, dim=1) * x.shape[1] ** 0.5 * self.w[name + ".gamma"]

    def residual(self, x, name):
        h = self.conv(x, name + ".shortcut") if name + ".shortcut.weight" in self.w else x
        x = self.streamed(F.silu(self.norm(x, name + ".residual.0")), name + ".residual.2")
        return self.streamed(F.silu(self.norm(x, name + ".residual.3")), name + ".residual.6") + h

    def attention(self, x, name):
        b, c, t, height, width = x.shape
        y = x.transpose(1, 2).reshape(b * t, c, height, width)
        y = F.conv2d(self.norm(y, name + ".norm"), self.w[name + ".to_qkv.weight"], self.w[name + ".to_qkv.bias"])
        q, k, v = y.reshape(b * t, 1, c * 3, -1).transpose(2, 3).contiguous().chunk(3, -1)
        y = F.scaled_dot_product_attention(q, k, v).squeeze(1).transpose(1, 2).reshape(b * t, c, height, width)
        y = F.conv2d(y, self.w[name + ".proj.weight"], self.w[name + ".proj.bias"])
        return y.view(b, t, c, height, width).transpose(1, 2) + x

    def spatial(self, x, name, down):
        b, c, t, height, width = x.shape
        x = x.transpose(1, 2).reshape(b * t, c, height, width)
        w, bias = self.w[name + ".resample.1.weight"], self.w[name + ".resample.1.bias"]
        x = F.conv2d(F.pad(x, (0, 1, 0, 1)), w, bias, 2) if down else F.conv2d(
            F.interpolate(x, scale_factor=(2.0, 2.0), mode="nearest-exact"), w, bias, padding=1)
        return x.view(b, t, *x.shape[1:]).transpose(1, 2)

    def down(self, x, name):
        x = self.spatial(x, name, True)
        if name + ".time_conv.weight" not in self.w:
            return x
        past = self.cache.get(name)
        self.cache[name] = x[:, :, -1:].clone()
        if past is None:
            return x
        x = torch.cat((past, x), 2)
        return F.conv3d(x, self.w[name + ".time_conv.weight"], self.w[name + ".time_conv.bias"], (2, 1, 1))

    def up(self, x, name):
        if name + ".time_conv.weight" in self.w:
            if name not in self.cache:
                self.cache[name] = "Rep"
            else:
                past, last = self.cache[name], x[:, :, -2:].clone()
                if last.shape[2] < 2:
                    before = torch.zeros_like(last) if isinstance(past, str) else past[:, :, -1:]
                    last = torch.cat((before, last), 2)
                x = self.conv(x, name + ".time_conv", None if isinstance(past, str) else past)
                self.cache[name] = last
                b, c, t, height, width = x.shape
                x = x.view(b, 2, c // 2, t, height, width)
                x = torch.stack((x[:, 0], x[:, 1]), 3).reshape(b, c // 2, 2 * t, height, width)
        return self.spatial(x, name, False)

    def middle(self, x, name):
        return self.residual(self.attention(self.residual(x, name + ".0"), name + ".1"), name + ".2")

    def head(self, x, name):
        return self.streamed(F.silu(self.norm(x, name + ".0")), name + ".2")

    def stages(self, x, name, resample):
        i = 0
        while any(key.startswith(f"{name}.{i}.") for key in self.names(name)):
            stage = f"{name}.{i}"
            x = self.residual(x, stage) if stage + ".residual.0.gamma" in self.w else resample(x, stage)
            i += 1
        return x

    def names(self, name):
        return [key for key in self.w if key.startswith(name)]

    def encode(self, video):
        self.cache, out, start = {}, [], 0
        while start < video.shape[2]:
            end = min(start + (16 if start else 1), video.shape[2])
            x = self.streamed(video[:, :, start:end], "encoder.conv1")
            x = self.middle(self.stages(x, "encoder.downsamples", self.down), "encoder.middle")
            out.append(self.head(x, "encoder.head"))
            start = end
        self.cache = {}
        return (self.conv(torch.cat(out, 2), "conv1").chunk(2, 1)[0] - self.mean) * self.scale

    def decode(self, z):
        self.cache, out = {}, []
        z = self.conv(z / self.scale + self.mean, "conv2")
        for i in range(z.shape[2]):
            x = self.middle(self.streamed(z[:, :, i : i + 1], "decoder.conv1"), "decoder.middle")
            out.append(self.head(self.stages(x, "decoder.upsamples", self.up), "decoder.head"))
        self.cache = {}
        return torch.cat(out, 2)


def vae(spec, t):
    model = Tokenizer(part(t, "w."))
    return lambda: {"out": model.decode(t["x"]) if spec["decode"] else model.encode(t["x"])}


def query(spec, t):
    """All frames are encoded, keys and values of the text are computed in every step; pictures are not decoded."""
    tokenizer = Tokenizer(part(t, "vae."))
    network = Transformer(spec, part(t, "w."), *t["noise"].shape[2:])
    mask, text = t["mask"], t["text"]
    n = spec["steps"] - 1
    low, high = 4 ** (1 / 7), 80 ** (1 / 7)
    sigmas = [(high + i / n * (low - high)) ** 7 for i in range(n + 1)]

    def phi(z):
        return math.expm1(z) / z

    def run():
        given = tokenizer.encode(t["video"])
        given[:, :, 1:2] = t["proprio_frame"]

        def denoise(x, sigma):
            x = x.float()
            time_ = sigma / (1 + sigma)
            frame_mask = mask.amax((1, 3, 4))
            v = network(torch.lerp(x * (1 - time_), given, mask), time_ * (1 - frame_mask), text, mask)
            return torch.lerp((1 - time_) * x - time_ * v, given, mask).double()

        x, before = t["noise"] * 80.0, None
        for i in range(n):
            s, u = sigmas[i], sigmas[i + 1]
            x0 = denoise(x, s)
            step = math.log(s) - math.log(u)
            if before is None:
                x = (s - u) / s * x0 + u / s * x
            else:
                c2 = (math.log(s) - math.log(before[0])) / step
                p1 = phi(-step)
                p2 = (p1 - 1) / -step
                x = math.exp(-step) * x + step * ((p1 - p2 / c2) * x0 + p2 / c2 * before[1])
            before = s, x0
        return {"out": denoise(x, sigmas[n]).float()[:, :, 4:5]}

    return run


KINDS = {f.__name__: f for f in (matmul, openblas, attention, modulated_layer_norm, rms_norm_rope, gelu, silu,
                                 gated_residual, adam_w, convolution, dit, vae, query)}


def prepare(spec, inputs, outputs, threads):
    torch.set_num_threads(threads)
    spec = json.loads(spec)
    work = KINDS[spec["kind"]](spec, read(inputs))
    write(outputs, work())
    return work


def measure(work, seconds, at_least):
    times = []
    start = time.perf_counter()
    while len(times) < at_least or time.perf_counter() - start < seconds:
        before = time.perf_counter()
        work()
        times.append(time.perf_counter() - before)
    return f"{min(times)}\t{statistics.median(times)}\t{len(times)}"


def main():
    torch.set_grad_enabled(False)
    work = None
    for line in sys.stdin:
        words = line.rstrip("\n").split("\t")
        try:
            if words[0] == "hello":
                blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
                answer = f"PyTorch {torch.__version__}\tnumpy {np.__version__} ({blas['name']} {blas['version']})"
            elif words[0] == "prepare":
                work = None  # frees the last one's tensors
                work = prepare(words[2], words[3], words[4], int(words[5]))
                answer = words[1]
            elif words[0] == "time":
                answer = measure(work, float(words[1]), int(words[2]))
            else:
                raise ValueError(f"unknown request {words[0]}")
            print("ok\t" + answer, file=REPLIES, flush=True)
        except Exception as e:  # one row fails, the others go on
            import traceback

            traceback.print_exc()
            fail(f"{type(e).__name__}: {e}")


if __name__ == "__main__":
    main()
