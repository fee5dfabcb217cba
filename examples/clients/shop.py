"""Asks the shop for everything once, with the standard library: python3 shop.py [URL]"""

import json
import sys
import urllib.error
import urllib.request

URL = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"


def ask(path, body=None):
    """Answers the JSON of the answer; what is wrong is raised."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(URL + path, data, {"Content-Type": "application/json"} if data else {})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise SystemExit(f"{path}: {error.code}: {json.load(error)['detail']}") from None
    except urllib.error.URLError as error:
        raise SystemExit(f"{path}: {error.reason}") from None


ping = ask("/ping")
print(f"ping: {ping['go']}, codecs {' '.join(ping['codecs'])}")

text = "compress 压缩 " * 100
packed = ask("/compress", {"text": text, "level": 3})
print(f"compress: {packed['bytes_in']} bytes to {packed['bytes_out']}, ratio {packed['ratio']}")

if ask("/decompress", {"b64": packed["b64"]})["text"] != text:
    raise SystemExit("decompress: another text")
print("decompress: the same text")

bench = ask("/bench?workers=4&iters=100000")
print(f"bench: {bench['workers']} workers in {bench['seconds']} s, checksum {bench['checksum']}")
