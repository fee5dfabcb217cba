"""The routes and answers of the original shop, on FastAPI as its manual has it.

zstd is the standard library's compression.zstd, as in the original, where Python has it
(3.14 and later); else the module zstandard, and then figures beside it say nothing of the
original's platform. /ping tells which.
"""

import base64
import sys
from typing import Optional

from fastapi import FastAPI
from pydantic import BaseModel

try:
    from compression import zstd

    MODULE = "compression.zstd " + zstd.zstd_version
    compressed = zstd.compress
    decompressed = zstd.decompress
except ImportError:
    import zstandard

    MODULE = "zstandard " + zstandard.__version__

    def compressed(raw, level):
        return zstandard.ZstdCompressor(level=level).compress(raw)

    def decompressed(frame):
        return zstandard.ZstdDecompressor().decompress(frame)


app = FastAPI()


class Text(BaseModel):
    text: str
    level: Optional[int] = 3


class Frame(BaseModel):
    b64: str


@app.get("/ping")
def ping():
    return {"ok": True, "python": sys.version.split()[0], "zstd": MODULE}


@app.post("/compress")
def compress(body: Text):
    raw = body.text.encode()
    made = compressed(raw, 3 if body.level is None else body.level)
    return {
        "bytes_in": len(raw),
        "bytes_out": len(made),
        "ratio": round(len(made) / len(raw), 4) if raw else 0.0,
        "b64": base64.b64encode(made).decode(),
    }


@app.post("/decompress")
def decompress(body: Frame):
    raw = decompressed(base64.b64decode(body.b64))
    return {"text": raw.decode(errors="replace")}
