// Compression and decompression: two sides, plain and packed, each holding a
// text or a file. Texts go through /compress and /decompress, files through /v1.
const Work = (() => {
  const { put, clear, whole, fixed, digits } = Settings;
  const $ = (id) => document.getElementById(id);

  // A result that is a text no longer than this is shown, not kept as a file.
  const mostShown = 256 << 10;

  const bytesOf = (text) => new TextEncoder().encode(text);
  const fromBase64 = (b64) => Uint8Array.from(atob(b64), (c) => c.charCodeAt(0));
  // The magic numbers of a frame, and of one to be skipped.
  const isZstd = (b) => b[1] === 0xb5 && b[0] === 0x28 && b[2] === 0x2f && b[3] === 0xfd
    || (b[0] & 0xf0) === 0x50 && b[1] === 0x2a && b[2] === 0x4d && b[3] === 0x18;

  const save = (blob, name) => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };

  // old marks the figures as those of another text than the one that is held.
  const old = (yes) => {
    $('receipt').classList.toggle('old', yes);
    $('receipt-old').hidden = !yes;
  };

  // side is a pane. What it holds is file, a Blob, or where that is null the
  // text of its area.
  const side = (id, area) => {
    const el = $(id), chip = $(id + '-chip');
    const s = {
      el, area, file: null, name: '',
      changed() {
        chip.hidden = !s.file;
        area.hidden = Boolean(s.file);
        const n = s.file ? s.file.size : s.measure();
        if (n) put($(id + '-size'), 'bytes', { n: () => whole(n) }); else clear($(id + '-size'));
        old(true);
        document.dispatchEvent(new CustomEvent('held', { detail: id }));
      },
      setText(text, name = '') {
        Object.assign(s, { file: null, name });
        area.value = text;
        s.changed();
      },
      setFile(file, name) {
        Object.assign(s, { file, name });
        const [label, size] = chip.children;
        label.textContent = name;
        put(size, 'bytes', { n: () => whole(file.size) });
        s.changed();
      },
    };
    area.addEventListener('input', () => { s.name = ''; s.changed(); });
    chip.querySelector('button').addEventListener('click', () => { s.setText(''); area.focus(); });
    return s;
  };
  const plain = side('plain', $('text')), packed = side('packed', $('b64'));
  plain.measure = () => bytesOf(plain.area.value).length;
  packed.measure = () => Math.floor(packed.area.value.replace(/[\s=]/g, '').length * 3 / 4);

  let level = 3, under; // under is the action under way

  const note = (key, vars) => { if (key) put($('work-note'), key, vars); else clear($('work-note')); };

  // act runs one action; another one that is under way ends.
  const act = async (button, action) => {
    under?.abort();
    const mine = under = new AbortController();
    button.setAttribute('aria-busy', 'true');
    const bar = $('work-progress');
    bar.hidden = true;
    Shop.show($('work-error'), null);
    note();
    try {
      await action(mine.signal, (sent) => {
        if (mine.signal.aborted) return;
        bar.hidden = false;
        if (sent < 1) bar.value = sent; else bar.removeAttribute('value'); // the server is at work
      });
    } catch (error) {
      if (!mine.signal.aborted) {
        $('receipt').hidden = true;
        Shop.show($('work-error'), error);
      }
    }
    button.removeAttribute('aria-busy');
    if (under === mine) bar.hidden = true;
  };

  const receipt = (plainBytes, packedBytes, { ms, codec }) => {
    $('receipt').hidden = false;
    old(false);
    put($('r-plain'), 'bytes', { n: () => whole(plainBytes) });
    put($('r-packed'), 'bytes', { n: () => whole(packedBytes) });
    if (plainBytes) put($('r-ratio'), 'ratio', { n: () => fixed(plainBytes / packedBytes) }); else put($('r-ratio'), 'ratio.none');
    if (codec === undefined) put($('r-codec'), 'ratio.none'); else put($('r-codec'), 'ms', { n: () => digits(codec) });
    put($('r-time'), 'ms', { n: () => digits(ms) });
    const tape = document.querySelector('.tape i');
    tape.style.inlineSize = Math.min(100, 100 * packedBytes / Math.max(plainBytes, 1)) + '%';
    tape.classList.toggle('over', packedBytes > plainBytes);
  };

  // query is what was chosen, with a level where that belongs into it.
  const query = (withLevel) => {
    const q = new URLSearchParams();
    if (withLevel !== undefined) q.set('level', withLevel);
    for (const [name, list] of [['codec', 'codec'], ['dict', 'dictionary']]) {
      if ($(list).value) q.set(name, $(list).value);
    }
    return q.size === 0 ? '' : '?' + q;
  };

  const compress = () => act($('compress'), async (signal, progress) => {
    let size, out, times;
    if (plain.file) {
      size = plain.file.size;
      let bytes;
      ({ bytes, ...times } = await Shop.ask('POST', '/v1/compress' + query(level), { body: plain.file, type: 'application/octet-stream', signal, progress }));
      out = bytes.length;
      packed.setFile(new Blob([bytes], { type: 'application/zstd' }), (plain.name || 'file') + '.zst');
    } else {
      let value;
      ({ value, ...times } = await Shop.askJSON('POST', '/compress' + query(), { text: plain.area.value, level }, signal));
      size = value.bytes_in;
      out = value.bytes_out;
      packed.setText(value.b64, (plain.name || 'text.txt') + '.zst');
    }
    receipt(size, out, times);
    if (out > size) note('work.grew', { n: () => whole(out - size) });
  });

  const decompress = () => act($('decompress'), async (signal, progress) => {
    const name = packed.name.replace(/\.zst$/i, '');
    if (packed.file) {
      const from = packed.file.size;
      const { bytes, ...times } = await Shop.ask('POST', '/v1/decompress' + query(), { body: packed.file, type: 'application/octet-stream', signal, progress });
      const text = bytes.length <= mostShown ? readable(bytes) : null;
      if (text === null) {
        plain.setFile(new Blob([bytes], { type: 'application/octet-stream' }), name || 'file');
      } else {
        plain.setText(text, name);
      }
      receipt(bytes.length, from, times);
      return;
    }
    // Others break base64 into lines; the server takes it in one piece only.
    const b64 = packed.area.value.replace(/\s+/g, '');
    if (!b64) { note('work.nothing'); return; }
    const from = fromLength(b64);
    const { value, ...times } = await Shop.askJSON('POST', '/decompress' + query(), { b64 }, signal);
    plain.setText(value.text, name);
    receipt(bytesOf(value.text).length, from, times);
    if (value.lossy) note('work.lossy');
  });
  const fromLength = (b64) => b64.length / 4 * 3 - (b64.match(/=*$/)[0].length);

  // readable answers a text, null where the bytes are none that an area can show.
  const readable = (bytes) => {
    if (bytes.includes(0)) return null;
    try { return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes); } catch { return null; }
  };

  // take puts a file where it belongs and does what is meant by giving it.
  const take = async (file, where) => {
    const first = new Uint8Array(await file.slice(0, 4).arrayBuffer());
    if (isZstd(first) || where === packed) {
      packed.setFile(file, file.name);
      decompress();
    } else {
      plain.setFile(file, file.name);
      compress();
    }
  };

  for (const s of [plain, packed]) {
    const input = $(s.el.id + '-file');
    $(s.el.id + '-open').addEventListener('click', () => input.click());
    input.addEventListener('change', () => {
      if (input.files[0]) take(input.files[0], s);
      input.value = '';
    });
    s.el.addEventListener('dragover', () => s.el.classList.add('over'));
    s.el.addEventListener('dragleave', (e) => { if (!s.el.contains(e.relatedTarget)) s.el.classList.remove('over'); });
    s.el.addEventListener('drop', (event) => {
      const file = event.dataTransfer.files[0];
      if (file) take(file, s);
    });
  }
  // A file that misses must not replace the page.
  for (const type of ['dragover', 'drop']) {
    document.addEventListener(type, (event) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      if (type === 'drop') document.querySelectorAll('.pane.over').forEach((p) => p.classList.remove('over'));
    });
  }

  for (const [button, area, action] of [[$('compress'), plain.area, compress], [$('decompress'), packed.area, decompress]]) {
    button.addEventListener('click', action);
    area.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      action();
    });
  }
  $('plain-save').addEventListener('click', () => {
    save(plain.file || new Blob([plain.area.value], { type: 'text/plain' }), plain.name || 'text.txt');
  });
  $('packed-save').addEventListener('click', () => {
    if (packed.file) { save(packed.file, packed.name); return; }
    const b64 = packed.area.value.replace(/\s+/g, '');
    if (!b64) { note('work.nothing'); return; }
    try {
      save(new Blob([fromBase64(b64)], { type: 'application/zstd' }), packed.name || 'text.txt.zst');
    } catch {
      decompress(); // the server says what is wrong with it, and where
    }
  });
  $('copy').addEventListener('click', async () => {
    if (packed.file || !packed.area.value) { note('work.nothing'); return; }
    try {
      await navigator.clipboard.writeText(packed.area.value);
      note('work.copied');
    } catch {
      packed.area.select();
      note('work.notcopied');
    }
  });

  // The sample is the log of a shop, the same each time.
  $('sample').addEventListener('click', () => {
    let seed = 7;
    const pick = (list) => list[(seed = (seed * 48271) % 2147483647) % list.length];
    const upTo = (n) => (seed = (seed * 48271) % 2147483647) % n;
    const lines = [];
    for (let i = 0; i < 1000; i++) {
      lines.push(JSON.stringify({
        time: new Date(Date.UTC(2026, 0, 5, 9, 0, 0) + i * 311).toISOString(),
        level: pick(['info', 'info', 'info', 'warn', 'error']),
        path: pick(['/compress', '/decompress', '/ping', '/bench', '/v1/compress']),
        status: pick([200, 200, 200, 200, 422, 503]), bytes: upTo(100000), ms: upTo(5000) / 100, client: '10.0.' + upTo(4) + '.' + upTo(250),
      }));
    }
    plain.setText(lines.join('\n') + '\n', 'shop.log');
    plain.area.scrollTop = 0;
    compress();
  });

  // The level is one number in two places: here and beside the picture.
  const setLevel = (n) => {
    level = n;
    $('level-number').value = n;
    $('level').value = Math.min(22, Math.max(1, n));
    $('level-now').textContent = n;
    curl();
    old(true);
    document.dispatchEvent(new Event('level'));
  };
  $('level-number').addEventListener('input', () => {
    const n = $('level-number').valueAsNumber;
    if (Number.isInteger(n)) setLevel(n);
  });
  for (const list of ['codec', 'dictionary']) {
    $(list).addEventListener('change', () => {
      curl();
      old(true);
      document.dispatchEvent(new CustomEvent('held', { detail: 'plain' }));
    });
  }
  $('dictionary').addEventListener('change', () => Settings.set('dictionary', $('dictionary').value));

  const curl = () => {
    const url = (path) => `'${Shop.base}${path}'`;
    $('curl').textContent = [
      `curl --data-binary @file ${url('/v1/compress' + query(level))} -o file.zst`,
      `curl --data-binary @file.zst ${url('/v1/decompress' + query())} -o file`,
      `curl --json '{"text": "hello", "level": ${level}}' ${url('/compress' + query())}`,
    ].join('\n');
  };
  document.addEventListener('server', curl);
  curl();

  return {
    get level() { return level; },
    setLevel,
    // content answers up to most bytes of the plain side, and how many there are.
    async content(most) {
      const all = plain.file || new Blob([plain.area.value]);
      return { bytes: await all.slice(0, most).arrayBuffer(), size: all.size };
    },
    query,
  };
})();
