// Ratio against speed by level, for what is on the plain side.
(() => {
  const { put, clear, t, whole, fixed, digits } = Settings;
  const $ = (id) => document.getElementById(id);

  // No more of a large file is used, so that the highest level is not refused.
  const mostUsed = 512 << 10;
  // Levels take turns in rounds, so that a moment in which the machine is slow
  // does not fall on one of them; one that took more than timeout ms is not
  // asked for again.
  const rounds = 3, timeout = 300;

  const found = new Map(); // by level: { ratio, speed, codec, ms, bytes }, or null where it was refused
  let ping = null, under = null, part = false;

  const chart = Chart.keep($('levels-chart'), () => {
    const known = [...found].filter(([, v]) => v).sort(([a], [b]) => a - b);
    const points = known.map(([level, v]) => ({
      beaten: known.some(([, w]) => w.ratio >= v.ratio && w.speed > v.speed),
      x: v.speed, y: v.ratio, name: String(level), current: level === Work.level,
      title: t('levels.point', { level, ratio: fixed(v.ratio), speed: digits(v.speed) }),
      press: () => { Work.setLevel(level); moved(); },
    }));
    if (!points.length) return null;
    const network = known.map(([, v]) => ({ x: v.bytes / 1000 / v.ms, y: v.ratio }));
    const range = (values, spare) => [Math.min(...values) / spare, Math.max(...values) * spare];
    const [slow, fast] = range([...points, ...network].map((p) => p.x), 1.25);
    const ratios = points.map((p) => p.y);
    const room = Math.max((Math.max(...ratios) - Math.min(...ratios)) * 0.15, Math.max(...ratios) * 0.01);
    return {
      about: t('levels.chart'),
      x: { label: t('levels.x'), from: slow, to: fast, log: true },
      y: { label: t('levels.y'), from: Math.min(...ratios) - room, to: Math.max(...ratios) + 1.5 * room },
      series: [{ kind: 'network', points: network }, { kind: 'pool', points, line: points.filter((p) => !p.beaten).sort((p, q) => p.x - q.x) }],
    };
  });

  const draw = () => {
    chart();
    const level = Work.level;
    const v = found.get(level);
    if (v) put($('levels-now'), 'levels.now', { level, ratio: () => fixed(v.ratio), speed: () => digits(v.speed), codec: () => digits(v.codec), ms: () => digits(v.ms), bytes: () => whole(v.bytes) });
    else if (v === null) put($('levels-now'), 'levels.refused', { level });
    else if (!under) clear($('levels-now'));
    const note = $('levels-note');
    if (!found.size || ping === null) { note.textContent = ''; return; }
    const sentences = note.children.length ? note.children : [0, 1].map(() => note.appendChild(document.createElement('span')));
    put(sentences[0], 'levels.note', { ping: () => digits(ping) });
    if (part) put(sentences[1], 'levels.part', { bytes: () => whole(mostUsed) }); else clear(sentences[1]);
  };

  // tryLevel asks for one level once, and keeps the fastest times.
  // What counts is the codec's own time; the network would make all quick levels alike.
  const tryLevel = async (level, bytes, signal) => {
    try {
      const { bytes: frame, ms, codec: own = ms } = await Shop.ask('POST', '/v1/compress' + Work.query(level), { body: bytes, type: 'application/octet-stream', signal });
      const size = bytes.byteLength;
      const before = found.get(level) ?? { codec: Infinity, ms: Infinity };
      const fastest = Math.min(own, before.codec);
      found.set(level, { ratio: size / frame.length, speed: size / 1000 / fastest, codec: fastest, ms: Math.min(ms, before.ms), bytes: size });
    } catch (error) {
      if (error.said?.code !== 'too_expensive') throw error;
      found.set(level, null);
    }
  };

  const measure = async (levels) => {
    under?.abort();
    const mine = under = new AbortController();
    const { signal } = mine;
    Shop.show($('levels-error'), null);
    try {
      const { bytes, size } = await Work.content(mostUsed);
      if (signal.aborted) return;
      if (!size) { put($('levels-now'), 'levels.none'); return; }
      part = size > bytes.byteLength;
      $('levels-cancel').hidden = levels.length < 2;
      for (const level of levels) found.delete(level);
      for (let round = 0; round < rounds; round++) {
        ping = Math.min(ping ?? Infinity, (await Shop.ask('GET', '/ping', { signal })).ms);
        for (const level of levels) {
          if (found.has(level) && !(found.get(level)?.ms < timeout)) continue;
          put($('levels-now'), 'levels.wait', { level });
          await tryLevel(level, bytes, signal);
          chart();
        }
      }
    } catch (error) {
      if (!signal.aborted) Shop.show($('levels-error'), error);
    } finally {
      if (under === mine) {
        under = null;
        const cancel = $('levels-cancel');
        if (document.activeElement === cancel) $('levels-run').focus();
        cancel.hidden = true;
        if (found.size) draw();
        else if ($('levels-now').dataset.t === 'levels.wait') clear($('levels-now'));
      }
    }
  };

  // moved tries the level of the slider once it rests; to wait for that keeps a
  // sweep from asking for every level on the way.
  let rest;
  const moved = () => {
    clearTimeout(rest);
    if (under && !$('levels-cancel').hidden) return; // all are being tried
    if (!found.has(Work.level)) rest = setTimeout(() => measure([Work.level]), 200);
  };

  $('level').addEventListener('input', () => { Work.setLevel($('level').valueAsNumber); moved(); });
  $('levels-run').addEventListener('click', () => measure(Array.from({ length: 22 }, (_, i) => i + 1)));
  $('levels-cancel').addEventListener('click', () => under?.abort());
  document.addEventListener('level', draw);
  document.addEventListener('server', () => { ping = null; });
  // What was found is not true of other content.
  document.addEventListener('held', (event) => {
    if (event.detail !== 'plain') return;
    under?.abort();
    found.clear();
    clear($('levels-now'));
    draw();
  });
})();
