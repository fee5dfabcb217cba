// Asks the shop for everything once, with fetch: node shop.mjs [URL]
//
// In a browser: import { shop } from './shop.mjs'; await shop(url, console.log, token)
// where token is what `zstdshop serve` prints behind #token=, which /bench wants
// of pages of other sites.

export async function shop(url, print, token = '') {
  // ask answers the JSON of the answer; what is wrong is thrown.
  async function ask(path, body) {
    const headers = {};
    if (body) headers['Content-Type'] = 'application/json';
    if (token) headers.Authorization = 'Bearer ' + token;
    const response = await fetch(url + path, { method: body ? 'POST' : 'GET', headers, body: body && JSON.stringify(body) });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${path}: ${response.status}: ${answer.detail}`);
    return answer;
  }

  const ping = await ask('/ping');
  print(`ping: ${ping.go}, codecs ${ping.codecs.join(' ')}`);

  const text = 'compress 压缩 '.repeat(100);
  const packed = await ask('/compress', { text, level: 3 });
  print(`compress: ${packed.bytes_in} bytes to ${packed.bytes_out}, ratio ${packed.ratio}`);

  const back = await ask('/decompress', { b64: packed.b64 });
  if (back.text !== text) throw new Error('decompress: another text');
  print('decompress: the same text');

  const bench = await ask('/bench?workers=4&iters=100000');
  print(`bench: ${bench.workers} workers in ${bench.seconds} s, checksum ${bench.checksum}`);
}

if (globalThis.process?.argv[1]?.endsWith('shop.mjs')) {
  shop(process.argv[2] ?? 'http://127.0.0.1:8000', console.log).catch((error) => {
    console.error(error.cause?.message ?? error.message);
    process.exitCode = 1;
  });
}
