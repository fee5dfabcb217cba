"""A zstdshop worker in Python: the standard library only, CPython 3.11 or newer.

    zstdshop bench --scenario cpuburn --runner single,pool --worker python=python3

It speaks the protocol of docs/protocol.md, on stdin and stdout. Scenarios: cpuburn,
randmul, and compress and decompress by zlib, under the codec name gzip, whose format it
writes, and where the interpreter has compression.zstd (3.14) under the codec name datadog,
since both are libzstd, with a dictionary or without. Runners: single, one loop, and pool, a ThreadPoolExecutor that takes one
task at a time.

There is no sentinel: nothing in Python runs for five microseconds without the
interpreter. So no slice of it is brought to a calm machine.
"""

import gc
import hashlib
import json
import os
import random
import sys
import threading
import time
import zlib
from concurrent.futures import ThreadPoolExecutor

try:
    from compression import zstd
except ImportError:
    zstd = None


class Lacks(Exception):
    """What is asked for is not there, which is nobody's fault."""


MASK = 0xFFFFFFFF
SLICE_SECONDS = 0.1  # of randmul


def send(kind, **fields):
    sys.stdout.write(json.dumps({"type": kind, **fields}, separators=(",", ":")) + "\n")
    sys.stdout.flush()


def receive():
    line = sys.stdin.readline()
    if not line:
        os._exit(0)  # the controller has gone
    return json.loads(line)


def gil_enabled():
    ask = getattr(sys, "_is_gil_enabled", None)  # since 3.13
    return ask() if ask else True


def implementation():
    """What runs this, with the interpreter's own options, which may choose the lock."""
    own = sys.orig_argv[1:]
    options = own[: own.index(sys.argv[0])] if sys.argv[0] in own else []
    return " ".join(["python", sys.version.split()[0], *options])


def burn(iters):
    x = 0
    for i in range(iters):
        x ^= (i * 2654435761) & MASK
        x = ((x << 13) & MASK) | (x >> 19)
    return x


class CPUBurn:
    """Integer arithmetic, the same in every task."""

    def __init__(self, cell, seed):
        self.items, self.bytes_in, self.bytes_out = cell.get("tasks", 1), 0, 0
        self.iters, self.results = cell["iters"], [0] * cell.get("tasks", 1)

    def begin(self):
        pass

    def do(self, worker, item):
        self.results[item] = burn(self.iters)

    def checksum(self):
        return sum(self.results) & MASK


class RandMul:
    """Products of random integers until the deadline of the slice."""

    def __init__(self, cell, seed):
        self.items, self.bytes_in, self.bytes_out, self.timed = cell.get("tasks", 1), 0, 0, True
        self.generators = [random.Random(seed * 1_000_003 + i) for i in range(self.items)]
        self.deadline, self.sums = 0.0, [0] * self.items

    def begin(self):
        self.deadline = time.monotonic() + SLICE_SECONDS

    def do(self, worker, item):
        draw, total = self.generators[item].randrange, 0
        while time.monotonic() < self.deadline:
            for _ in range(8192):
                total += draw(10_000, 100_000) * draw(10_000, 100_000)
        self.sums[item] = total

    def checksum(self):
        return 0


GZIP_FRAMES = 31  # wbits of zlib: the largest window, and frames of gzip


class Coded:
    """Compression or decompression of the items of a corpus."""

    def __init__(self, cell, data, dictionary, verify):
        if cell["codec"] == "gzip" and not dictionary:
            self.library, self.code, self.decode = ("zlib", zlib.ZLIB_RUNTIME_VERSION), zlib.compress, zlib.decompress
            with_dict = without = {"wbits": GZIP_FRAMES}
        elif cell["codec"] == "datadog":
            if zstd is None:
                raise Lacks("this interpreter has no compression.zstd: it came with Python 3.14")
            self.library, self.code, self.decode = ("compression.zstd", zstd.zstd_version), zstd.compress, zstd.decompress
            with_dict, without = self.loaded(dictionary) if dictionary else ({}, {})
        else:
            raise Lacks(f"codec {cell['codec']}: this worker has zlib as gzip, without dictionaries, and libzstd as datadog")
        raw = open(data["path"], "rb").read()
        plain = []
        for line in open(data["index"]):
            offset, length = map(int, line.split())
            plain.append(raw[offset : offset + length])
        self.level, self.decompresses = cell["level"], cell["scenario"] == "decompress"
        frames = []
        for n, item in enumerate(plain):
            frames.append(self.code(item, self.level, **with_dict))
            if verify and self.decode(frames[-1], **without) != item:
                raise ValueError(f"item {n} is not the same after a round trip")
            send("progress", done=n + 1, total=len(plain))
        self.items, self.bytes_in, self.bytes_out = len(plain), sum(map(len, plain)), sum(map(len, frames))
        self.digest = hashlib.sha256(b"".join(frames)).hexdigest()
        self.work = frames if self.decompresses else plain
        self.options = without if self.decompresses else with_dict

    def loaded(self, dictionary):
        """What to compress and to decompress with a dictionary."""
        content = open(dictionary["path"], "rb").read()
        self.dict_digest = hashlib.sha256(content).hexdigest()
        if self.dict_digest != dictionary["sha256"]:
            raise ValueError(f"dictionary {dictionary['path']} is another one")
        loaded = zstd.ZstdDict(content)
        # Prepared once for each level, as the contexts of datadog have it.
        return {"zstd_dict": loaded.as_digested_dict}, {"zstd_dict": loaded}

    def begin(self):
        pass

    def do(self, worker, item):
        if self.decompresses:
            self.decode(self.work[item], **self.options)
        else:
            self.code(self.work[item], self.level, **self.options)

    def checksum(self):
        return 0


def job_of(message):
    cell = message["cell"]
    if cell["scenario"] == "cpuburn":
        return CPUBurn(cell, message["seed"])
    if cell["scenario"] == "randmul":
        return RandMul(cell, message["seed"])
    if cell["scenario"] in ("compress", "decompress"):
        return Coded(cell, message["data"], message.get("dict"), message["verify"])
    raise Lacks(f"scenario {cell['scenario']}: this worker has cpuburn, randmul, compress and decompress")


class Runner:
    """Does tasks 0..n-1 by single or pool; task is called with a worker number and the task's."""

    def __init__(self, name, workers):
        if name not in ("single", "pool"):
            raise Lacks(f"runner {name}: this worker has single and pool")
        self.workers = workers if name == "pool" else 1
        self.pool = ThreadPoolExecutor(self.workers) if name == "pool" else None

    def run(self, n, task):
        if self.pool is None:
            for i in range(n):
                task(0, i)
            return
        taken, lock = iter(range(n)), threading.Lock()

        def work(worker):
            while True:
                with lock:
                    i = next(taken, None)
                if i is None:
                    return
                task(worker, i)

        for done in [self.pool.submit(work, worker) for worker in range(min(n, self.workers))]:
            done.result()


class Redo:
    """Picks the tasks after which another one is done: the planted slowdown."""

    def __init__(self, permille):
        self.permille, self.base = permille, 0

    def hit(self, i):
        x = ((self.base + i) * 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
        return ((x >> 32) * 1000) >> 32 < self.permille


def turn(job, runner, redo, s):
    first, count, latency = s["first"], s["count"], s["mode"] == "latency"
    task_ns = [0] * count

    def one(worker, i):
        job.do(worker, (first + i) % job.items)
        if redo.permille and redo.hit(i):
            job.do(worker, (first + (i + count // 2) % count) % job.items)

    def timed(worker, i):
        begun = time.perf_counter_ns()
        one(worker, i)
        task_ns[i] = time.perf_counter_ns() - begun

    job.begin()
    runner.run(s["warmup"], lambda worker, j: job.do(worker, (first + j % count) % job.items))
    job.begin()
    collected = sum(g["collections"] for g in gc.get_stats())
    cpu, wall = time.process_time_ns(), time.perf_counter_ns()
    runner.run(count, timed if latency else one)
    wall, cpu = time.perf_counter_ns() - wall, time.process_time_ns() - cpu
    redo.base += count
    sample = {"slice_id": s["id"], "tasks": count, "wall_ns": max(wall, 1), "cpu_ns": max(cpu, 0), "checksum": job.checksum(),
              "collected": sum(g["collections"] for g in gc.get_stats()) - collected}
    if latency:
        sample["task_ns"] = task_ns
    send("sample", **sample)
    spent, until = 0, time.perf_counter_ns() + 100_000_000
    while time.perf_counter_ns() < until:
        before = time.process_time_ns()
        time.sleep(50e-6)
        used = time.process_time_ns() - before
        if used <= 35_000:
            break
        spent += used
    send("idle", idle_cpu_ns=spent if sample["collected"] else 0)


def status(field):
    try:
        for line in open("/proc/self/status"):
            if line.startswith(field + ":"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


def main():
    send("hello", versions=[1], implementation=implementation(), gil_enabled=gil_enabled())
    m = receive()
    if m["type"] == "bye":
        return
    cell = m["cell"]
    job, runner, redo = job_of(m), Runner(cell["runner"], cell["workers"]), Redo(m["redo_permille"])
    pass_ns = 0
    if not getattr(job, "timed", False):
        for _ in range(2):
            begun = time.perf_counter_ns()
            for i in range(job.items):
                job.do(0, i)
            pass_ns = max(time.perf_counter_ns() - begun, 1)
            if pass_ns >= 5_000_000:
                break
    ready = {"items": job.items, "bytes_in": job.bytes_in, "bytes_out": job.bytes_out, "pass_ns": pass_ns,
             "rss_bytes": status("VmRSS") * 1024}
    if hasattr(job, "digest"):
        ready.update(digest=job.digest, effective_level=job.level, library=job.library[0], library_version=job.library[1])
        if hasattr(job, "dict_digest"):
            ready["dict_digest"] = job.dict_digest
    if hasattr(os, "sched_getaffinity"):
        ready["cpus"] = len(os.sched_getaffinity(0))
    send("ready", **ready)
    while True:
        m = receive()
        if m["type"] == "bye":
            send("bye", peak_rss_bytes=status("VmHWM") * 1024, threads=status("Threads") or threading.active_count())
            return
        turn(job, runner, redo, m)


try:
    main()
except Exception as e:  # every answer may be an error instead
    why = str(e) if isinstance(e, Lacks) else f"{type(e).__name__}: {e}"
    send("error", error=f"python worker: {why}".replace("\n", " "), lacks=isinstance(e, Lacks))
    os._exit(1)
