// The bench: 1..N workers in each mode, in turns, and pictures of what they took.
(() => {
  const { put, clear, t, whole, fixed, digits } = Settings;
  const $ = (id) => document.getElementById(id);

  // All cells take turns in rounds, so that what disturbs the machine for a while
  // falls on all alike; the middle one of each is shown.
  const rounds = 3;
  const order = ['pool', 'gomaxprocs1', 'single'];

  let run = null; // { workers, iters, modes, cpus, cells: mode -> workers -> [answer], checksum }
  let under = null;

  const middle = (answers) => [...answers].sort((a, b) => a.seconds - b.seconds)[answers.length >> 1];
  const cellOf = (mode, workers) => {
    const answers = run.cells[mode][workers];
    return answers && middle(answers);
  };
  // Each worker brings work of its own: n of them in the time of one are n times
  // as fast.
  const speedUp = (mode, workers) => workers * cellOf(mode, 1).seconds / cellOf(mode, workers).seconds;

  const all = (list) => list.filter((v) => v !== undefined);
  const from1 = () => Array.from({ length: run.workers }, (_, i) => i + 1);

  const makeChart = (aboutKey, labelKey, valueOf, ideal, show) => () => {
    if (!run || !run.cpus) return null;
    const series = run.modes.map((mode) => ({
      kind: mode,
      points: all(from1().map((workers) => {
        const y = cellOf(mode, workers) && valueOf(mode, workers);
        return y && { x: workers, y, title: t('bench.point', { mode: t('mode.' + mode), workers, n: show(y) }) };
      })),
    }));
    const best = ideal();
    const top = Math.max(...series.flatMap((s) => s.points.map((p) => p.y)), ...best.map((p) => p.y));
    const step = Math.ceil(run.workers / 12);
    return {
      about: t(aboutKey),
      x: { label: t('bench.x'), from: run.workers > 1 ? 1 : 0.5, to: Math.max(run.workers, 1.5), ticks: from1().filter((n) => n % step === 0 || n === 1) },
      y: { label: t(labelKey), from: 0, to: top * 1.08 },
      series: [{ kind: 'ideal', points: best }, ...series],
    };
  };

  const charts = [
    Chart.keep($('bench-speed'), makeChart('bench.chart.speed', 'bench.y.speed', speedUp,
      () => idealAt().map((x) => ({ x, y: Math.min(x, run.cpus) })), (y) => fixed(y) + '×')),
    Chart.keep($('bench-time'), makeChart('bench.chart.time', 'bench.y.time', (mode, workers) => cellOf(mode, workers).seconds * 1000,
      () => idealAt().map((x) => ({ x, y: run.modes.map((m) => cellOf(m, 1)).find(Boolean).seconds * 1000 * Math.max(1, x / run.cpus) })), (y) => t('ms', { n: digits(y) }))),
  ];
  // The ideal line bends where the CPUs end.
  const idealAt = () => [...new Set([1, Math.min(run.cpus, run.workers), run.workers])];

  const draw = () => {
    for (const chart of charts) chart();
    legend();
    table();
  };

  const legend = () => {
    const old = document.querySelector('#bench-legend');
    const list = document.createElement('ul');
    list.id = 'bench-legend';
    list.className = 'legend';
    for (const mode of [...run.modes, 'ideal']) {
      const item = list.appendChild(document.createElement('li'));
      item.appendChild(document.createElement('i')).className = 'swatch ' + mode;
      put(item.appendChild(document.createElement('span')), 'mode.' + mode, { cpus: run.cpus });
    }
    if (old) old.replaceWith(list); else document.querySelector('.charts').before(list);
  };

  const table = () => {
    const body = document.querySelector('#bench-figures tbody');
    body.textContent = '';
    for (const workers of from1()) {
      for (const mode of run.modes) {
        const answer = cellOf(mode, workers);
        if (!answer) continue;
        const row = body.insertRow();
        row.insertCell().textContent = workers;
        put(row.insertCell(), 'mode.' + mode);
        put(row.insertCell(), 'ms', { n: () => digits(answer.seconds * 1000) });
        put(row.insertCell(), 'ratio', { n: () => fixed(speedUp(mode, workers)) });
        row.insertCell().textContent = fixed(answer.parallelism);
      }
    }
    $('bench-figures').hidden = !body.rows.length;
    if (run.checksum !== undefined) put($('bench-checksum'), 'bench.checksum', { workers: run.workers, sum: run.checksum });
  };

  const summary = () => {
    const item = (mode) => t('bench.item', { mode: t('mode.' + mode), n: fixed(speedUp(mode, run.workers)) });
    put($('bench-now'), 'bench.done', {
      workers: run.workers, cpus: run.cpus,
      list: () => run.modes.map(item).join(t('list')),
    });
  };

  // remark says what is doubtful about the figures, and offers enough iterations to be
  // true: those of a run of a quarter of a second.
  const enough = 0.25, short = 0.05; // seconds
  const remark = () => {
    const note = $('bench-note'), more = $('bench-more');
    const seconds = Math.min(...run.modes.map((mode) => cellOf(mode, 1).seconds));
    const speeds = run.modes.flatMap((mode) => from1().map((workers) => {
      return { n: speedUp(mode, workers), most: mode === 'pool' ? Math.min(workers, run.cpus) : 1 };
    }));
    const above = speeds.reduce((a, b) => (b.n / b.most > a.n / a.most ? b : a));
    const digit = 10 ** Math.floor(Math.log10(run.iters * enough / seconds));
    const iters = Math.min(Math.ceil(run.iters * enough / seconds / digit) * digit, 1e9, Math.floor(4e9 / run.workers));
    more.hidden = !(iters > run.iters);
    more.value = iters;
    put(more, 'bench.more', { iters: () => whole(iters) });
    if (above.n > 1.05 * above.most) put(note, 'bench.above', { n: () => fixed(above.n), most: above.most, ms: () => digits(seconds * 1000) });
    else if (seconds < short) put(note, 'bench.short', { ms: () => digits(seconds * 1000) });
    else { clear(note); more.hidden = true; }
  };

  // A run has a link, which fills in what was asked for. It does not start anything:
  // whoever follows it decides that.
  const link = () => `${Shop.base}/#` + new URLSearchParams({ workers: run.workers, iters: run.iters, modes: run.modes.join() });
  const follow = () => {
    const asked = new URLSearchParams(location.hash.slice(1));
    if (!asked.has('workers') || !asked.has('iters')) return;
    const modes = (asked.get('modes') || '').split(',');
    $('workers').value = asked.get('workers');
    $('iters').value = asked.get('iters');
    for (const box of document.querySelectorAll('#bench [name=mode]')) box.checked = modes.includes(box.value);
    $('bench-run').focus();
  };

  const wait = (ms, signal) => new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => { clearTimeout(timer); reject(signal.reason); });
  });

  // once runs one cell. The server has one run at a time: where somebody else has
  // it, or one of ours that was cancelled has not quite ended, we wait.
  const once = async (workers, mode, signal, tries = 30) => {
    try {
      return (await Shop.askJSON('GET', `/bench?workers=${workers}&iters=${run.iters}&runner=${mode}`, undefined, signal)).value;
    } catch (error) {
      if (error.said?.code !== 'bench_running' || tries === 0) throw error;
      put($('bench-now'), 'bench.busy');
      await wait(500, signal);
      return once(workers, mode, signal, tries - 1);
    }
  };

  const start = async () => {
    under?.abort();
    const modes = order.filter((mode) => document.querySelector(`#bench [value=${mode}]`).checked);
    Shop.show($('bench-error'), null);
    if (!modes.length) { put($('bench-now'), 'bench.nomode'); return; }
    const mine = under = new AbortController();
    const { signal } = mine;
    run = { workers: $('workers').valueAsNumber, iters: $('iters').valueAsNumber, modes, cells: {} };
    for (const mode of modes) run.cells[mode] = {};
    const cells = from1().flatMap((workers) => modes.map((mode) => [workers, mode]));
    const total = rounds * cells.length;
    const progress = $('bench-progress');
    Object.assign(progress, { hidden: false, max: total, value: 0 });
    $('bench-cancel').hidden = false;
    for (const id of ['bench-figures', 'bench-more', 'bench-link']) $(id).hidden = true;
    for (const id of ['bench-note', 'bench-copied']) clear($(id));
    try {
      for (let done = 0; done < total; done++) {
        const [workers, mode] = cells[done % cells.length];
        put($('bench-now'), 'bench.wait', { done: () => whole(done + 1), all: () => whole(total) });
        const answer = await once(workers, mode, signal);
        (run.cells[mode][workers] ||= []).push(answer);
        run.cpus = answer.cpu_count;
        if (workers === run.workers) run.checksum = answer.checksum;
        progress.value = done + 1;
        draw();
      }
      summary();
      remark();
      $('bench-link').hidden = false;
    } catch (error) {
      if (signal.aborted) {
        if (under === mine) put($('bench-now'), 'bench.cancelled');
      } else {
        clear($('bench-now'));
        Shop.show($('bench-error'), error);
      }
    }
    if (under !== mine) return;
    under = null;
    progress.hidden = true;
    const cancel = $('bench-cancel');
    if (document.activeElement === cancel) $('bench-run').focus();
    cancel.hidden = true;
  };

  $('bench').addEventListener('submit', (event) => { event.preventDefault(); start(); });
  $('bench-cancel').addEventListener('click', () => under?.abort());
  $('bench-more').addEventListener('click', () => { $('iters').value = $('bench-more').value; start(); });
  $('bench-link').addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(link());
      put($('bench-copied'), 'bench.copied');
    } catch {
      put($('bench-copied'), 'bench.link.is', { link: link() });
    }
  });
  window.addEventListener('hashchange', follow);
  document.addEventListener('DOMContentLoaded', follow);
  document.addEventListener('language', () => { if (run?.cpus) table(); });
})();
