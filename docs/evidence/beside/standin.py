"""The routes of the original shop, for machines that have no CPython 3.14.

It is a different program: zstd comes from the module zstandard, not compression.zstd,
and it is written as FastAPI's manual has it. Figures beside it are not figures beside
the original.
"""

import base64
import sys
from typing import Optional

import zstandard
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Text(BaseModel):
    text: str
    level: Optional[int] = 3


class Frame(BaseModel):
    b64: str


@app.get("/ping")
def ping():
    return {"ok": True, "python": sys.version.split()[0], "zstandard": zstandard.__version__}


@app.post("/compress")
def compress(body: Text):
    raw = body.text.encode()
    made = zstandard.ZstdCompressor(level=body.level or 3).compress(raw)
    return {
        "bytes_in": len(raw),
        "bytes_out": len(made),
        "ratio": round(len(made) / len(raw), 4) if raw else 0.0,
        "b64": base64.b64encode(made).decode(),
    }


@app.post("/decompress")
def decompress(body: Frame):
    raw = zstandard.ZstdDecompressor().decompress(base64.b64decode(body.b64))
    return {"text": raw.decode(errors="replace")}
