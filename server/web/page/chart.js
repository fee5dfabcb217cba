// Draws lines into SVG, in the width there is, so that letters keep their size.
const Chart = (() => {
  const svg = (tag, attributes, parent) => {
    const el = document.createElementNS('http://www.w3.org/2000/svg', tag);
    for (const [name, value] of Object.entries(attributes)) el.setAttribute(name, value);
    return parent ? parent.appendChild(el) : el;
  };

  // ticks are round numbers from lo to hi: steps of 1, 2 or 5 times a power of
  // ten, on a logarithmic axis those numbers themselves.
  const ticks = (lo, hi, log, most) => {
    const out = [];
    if (log) {
      for (let power = Math.floor(Math.log10(lo)); power <= Math.log10(hi); power++) {
        for (const n of [1, 2, 5]) out.push(n * 10 ** power);
      }
      let kept = out.filter((v) => v >= lo && v <= hi);
      if (kept.length > most) kept = kept.filter((v) => Number.isInteger(Math.log10(v)) || kept.length < 2 * most && /^[05.]*[15]/.test(String(v)));
      return kept;
    }
    const raw = (hi - lo) / most || 1;
    const power = 10 ** Math.floor(Math.log10(raw));
    const step = power * [1, 2, 5, 10].find((n) => n * power >= raw);
    for (let v = Math.ceil(lo / step - 1e-9) * step; v <= hi + step * 1e-9; v += step) out.push(Math.round(v / step) * step || 0);
    return out;
  };

  const marks = {
    pool: (x, y, r) => ['circle', { cx: x, cy: y, r }],
    gomaxprocs1: (x, y, r) => ['rect', { x: x - r * 0.9, y: y - r * 0.9, width: r * 1.8, height: r * 1.8, rx: 1 }],
    single: (x, y, r) => ['path', { d: `M${x} ${y - r * 1.2}L${x + r * 1.2} ${y + r}H${x - r * 1.2}z` }],
  };

  // draw draws spec into el:
  //   about   what a screen reader says
  //   x, y    { label, from, to, log, ticks }
  //   series  [{ kind, points: [{ x, y, title, name, current, beaten, press }], line }]
  // kind is the class of colours, and of marks; those without marks are lines only.
  // line is the points that are joined, where that is not all.
  const draw = (el, spec) => {
    const width = Math.max(el.clientWidth, 240);
    const height = Math.round(Math.min(340, Math.max(220, width * 0.56)));
    const box = { left: 48, right: width - 16, top: 26, bottom: height - 42 };
    const root = svg('svg', { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': spec.about });
    const at = (axis, from, to) => {
      const map = axis.log ? Math.log : (v) => v;
      const lo = map(axis.from), span = map(axis.to) - lo || 1;
      return (v) => from + (map(v) - lo) / span * (to - from);
    };
    const px = at(spec.x, box.left, box.right), py = at(spec.y, box.bottom, box.top);

    const text = (x, y, content, attributes = {}) => { svg('text', { x, y, ...attributes }, root).textContent = content; };
    for (const v of ticks(spec.y.from, spec.y.to, spec.y.log, 5)) {
      svg('line', { class: 'grid', x1: box.left, x2: box.right, y1: py(v), y2: py(v) }, root);
      text(box.left - 8, py(v) + 4, Settings.digits(v), { 'text-anchor': 'end' });
    }
    for (const v of spec.x.ticks || ticks(spec.x.from, spec.x.to, spec.x.log, Math.floor(width / 70))) {
      svg('line', { class: 'tick', x1: px(v), x2: px(v), y1: box.bottom, y2: box.bottom + 4 }, root);
      text(px(v), box.bottom + 18, Settings.digits(v), { 'text-anchor': 'middle' });
    }
    svg('line', { class: 'axis', x1: box.left, x2: box.right, y1: box.bottom, y2: box.bottom }, root);
    text(box.right, height - 6, spec.x.label, { 'text-anchor': 'end', class: 'name' });
    text(4, 14, spec.y.label, { class: 'name' });

    const labels = []; // where names stand already
    for (const { kind, points, line = points } of spec.series) {
      const group = svg('g', { class: 'series ' + kind }, root);
      const d = line.map((p, i) => `${i ? 'L' : 'M'}${px(p.x).toFixed(1)} ${py(p.y).toFixed(1)}`).join('');
      svg('path', { class: 'line', d }, group);
      const mark = marks[kind];
      if (!mark) continue;
      // The current point is last, above the others, but is named first.
      const order = [...points].sort((a, b) => Boolean(a.current) - Boolean(b.current));
      for (const p of order) {
        const [tag, attributes] = mark(px(p.x), py(p.y), p.current ? 7 : 4.5);
        const dot = svg(tag, { ...attributes, class: ['mark', p.current && 'current', p.beaten && 'beaten', p.press && 'press'].filter(Boolean).join(' ') }, group);
        svg('title', {}, dot).textContent = p.title;
        if (p.press) dot.addEventListener('click', p.press);
      }
      for (const p of order.reverse()) {
        if (!p.name) continue;
        const x = px(p.x), y = py(p.y) - 11;
        if (!p.current && labels.some(([lx, ly]) => Math.abs(lx - x) < 18 && Math.abs(ly - y) < 14)) continue;
        labels.push([x, y]);
        text(x, y, p.name, { 'text-anchor': 'middle', class: p.current ? 'point current' : 'point' });
      }
    }
    el.replaceChildren(root);
  };

  // keep draws with the spec that make answers, and again when the width, the
  // language or the data change; while make answers null there is no picture. It
  // answers how to say that the data have changed.
  const keep = (el, make) => {
    let width = 0;
    const again = () => {
      const spec = make();
      el.hidden = !spec;
      if (spec) draw(el, spec); else el.replaceChildren();
      width = el.clientWidth;
    };
    new ResizeObserver(() => { if (el.clientWidth !== width) again(); }).observe(el.parentElement);
    document.addEventListener('language', again);
    return again;
  };

  return { keep };
})();
