"""Writes the checkpoints in this folder; see README.md. Run in an empty folder: python3 make.py"""
import collections, io, json, os, pickle
import numpy as np
import torch
import torch.distributed as dist
import torch.distributed.checkpoint as dcp
import torch.multiprocessing as mp
from safetensors.torch import save_file
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.tensor import Replicate, Shard, distribute_tensor


def tensors():
    torch.manual_seed(20260101)
    base = torch.randn(6, 8)
    return {
        "f64": torch.randn(3, 2, dtype=torch.float64),
        "f32": base,
        "f32.transposed": base.t(),
        "f32.columns": base[:, 2:7:2],
        "f32.row": base[4],
        "f16": torch.randn(5).to(torch.float16),
        "bf16": torch.randn(2, 3, 4).to(torch.bfloat16),
        "i64": torch.tensor([[-(2**62), 2**62]]),
        "i32": torch.tensor([-(2**31), 7], dtype=torch.int32),
        "u8": torch.arange(250, 256, dtype=torch.uint8),
        "bool": torch.tensor([True, False, True]),
        "scalar": torch.tensor(2.5),
        "empty": torch.zeros(0, 4),
    }


def state_dict():
    state = collections.OrderedDict(tensors())
    state._metadata = collections.OrderedDict({"": {"version": 1}})
    state["parameter"] = torch.nn.Parameter(torch.tensor([1.0, 2.0]))
    state["norm._extra_state"] = io.BytesIO(b"transformer engine")
    state["norm2._extra_state"] = torch.zeros(3, dtype=torch.uint8)
    state["i8"] = torch.tensor([1], dtype=torch.int8)
    state["iteration"] = 40000
    state["nested"] = {"weight": torch.ones(2)}
    return state


def sharded(rank, folder):
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT="29611", RANK=str(rank), WORLD_SIZE="2")
    dist.init_process_group("gloo", rank=rank, world_size=2)
    mesh = init_device_mesh("cpu", (2,))
    torch.manual_seed(3)
    whole = {"net.rows": torch.randn(7, 3), "net.columns": torch.randn(2, 5).to(torch.bfloat16),
             "net.same": torch.randn(4), "net.counter": torch.tensor(9)}
    state = {"net.rows": distribute_tensor(whole["net.rows"], mesh, [Shard(0)]),
             "net.columns": distribute_tensor(whole["net.columns"], mesh, [Shard(1)]),
             "net.same": distribute_tensor(whole["net.same"], mesh, [Replicate()]),
             "net.counter": whole["net.counter"], "net.norm._extra_state": io.BytesIO(b"te")}
    dcp.save(state, checkpoint_id=folder)
    if rank == 0:
        save_file(whole, "dcp_expected.safetensors")
    dist.destroy_process_group()


class Evil:
    def __reduce__(self):
        return os.system, ("touch executed",)


def main():
    torch.save(state_dict(), "zip.pt")
    torch.save(state_dict(), "legacy.pth", _use_new_zipfile_serialization=False)
    save_file({k: v.contiguous().clone() for k, v in tensors().items()}, "expected.safetensors")
    torch.save({"net.weight": Evil()}, "evil.pt")
    torch.manual_seed(7)
    cache = {text: torch.randn(1, 4, 8).to(torch.bfloat16)
             for text in ["put the bowl on the plate", "turn on the stove", "öffne die Schublade"]}
    for protocol in (2, 3, 4, 5):
        with open(f"t5_cache_{protocol}.pkl", "wb") as f:
            pickle.dump(cache, f, protocol=protocol)
    save_file(cache, "t5_cache_expected.safetensors")
    numbers = torch.arange(12.0)
    with open("views_2.pkl", "wb") as f:
        views = {"row": numbers[5:8], "column": numbers.view(3, 4)[:, 1], "last": numbers.view(3, 4).t()[3]}
        pickle.dump(views, f, protocol=2)
    observation = {
        "primary_image": np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3),
        "wrist_image": np.asfortranarray(np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3)),
        "proprio": np.linspace(-1, 1, 9), "proprio32": np.linspace(-1, 1, 9).astype(np.float32),
        "big_endian": np.array([1, -2, 3], dtype=">i2"), "half": np.array([0.5, -3], dtype=np.float16),
        "flags": np.array([True, False]), "unsigned": np.array([2**32 - 1], dtype=np.uint32),
        "task_description": "put the bowl on the plate", "step": 12, "done": False, "nothing": None,
        "reward": np.float64(0.25), "count": np.int64(-5), "success": np.bool_(True), "huge": 2**70,
        "tags": ("a", ["b", 1.5]), "names": {"x"}, "frozen": frozenset([3]), "raw": b"\x00\xff", "array": bytearray(b"ab"),
    }
    for protocol in (2, 3, 4, 5):
        with open(f"observation_{protocol}.pkl", "wb") as f:
            pickle.dump(observation, f, protocol=protocol)
    for protocol in (0, 2, 4):
        with open(f"evil_{protocol}.pkl", "wb") as f:
            pickle.dump({"a": Evil()}, f, protocol=protocol)
    half = len(tensors()) // 2
    names = list(tensors())
    index = {"metadata": {"total_size": 0}, "weight_map": {}}
    for i, part in enumerate((names[:half], names[half:])):
        file = f"model-0000{i + 1}-of-00002.safetensors"
        os.makedirs("sharded", exist_ok=True)
        save_file({k: tensors()[k].contiguous().clone() for k in part}, "sharded/" + file)
        index["weight_map"].update({k: file for k in part})
    with open("sharded/model.safetensors.index.json", "w") as f:
        json.dump(index, f, indent=2)
    mp.spawn(sharded, args=("dcp",), nprocs=2)
    dcp.save({"net.rows": torch.arange(6.0).reshape(2, 3), "optim": {"lr": 0.1}}, checkpoint_id="dcp_single")
    for folder in ("dcp", "dcp_single"):  # build tools leave files named .metadata out
        os.rename(folder + "/.metadata", folder + "/metadata")


if __name__ == "__main__":
    main()
