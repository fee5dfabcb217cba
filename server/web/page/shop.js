// The server: where it is, how it is asked, and what is shown when it refuses.
const Shop = (() => {
  const { put } = Settings;
  const $ = (id) => document.getElementById(id);
  const fromDisk = location.protocol === 'file:';

  let base = fromDisk
    ? Settings.get('server') || 'http://127.0.0.1:8000'
    : new URL(document.documentElement.dataset.base ?? '.', location.href).href.replace(/\/$/, '');
  let token = '';

  // The token, which a page of another site needs for what costs much, comes in the fragment of the URL that the server
  // prints: no server sees it there. It does not stay in the address, which
  // people hand on.
  const takeToken = (fragment) => {
    const found = new URLSearchParams(fragment.replace(/^#/, '')).get('token');
    if (found) {
      token = found;
      Settings.set('token', token, sessionStorage);
    }
    return Boolean(found);
  };
  if (takeToken(location.hash)) history.replaceState(null, '', location.pathname + location.search);
  else token = Settings.get('token', sessionStorage) || '';

  // Problem is an answer that is no success, or none at all.
  class Problem extends Error {
    constructor(key, vars, said) {
      super(said?.detail || Settings.t(key, vars));
      Object.assign(this, { key, vars, said });
    }
  }

  const problemOf = async (response) => {
    try {
      const said = await response.json();
      if (said.code && said.detail) return new Problem(said.code === 'token' ? 'error.token' : '', {}, said);
    } catch { /* not ours */ }
    return new Problem('error.answer', { status: response.status, base });
  };

  // upload is fetch that tells progress how much of the body has been sent, 0 to 1.
  const upload = (url, { method, headers, body, signal, progress }) => new Promise((resolve, reject) => {
    const sending = new XMLHttpRequest();
    sending.open(method, url);
    sending.responseType = 'arraybuffer';
    for (const [name, value] of Object.entries(headers)) sending.setRequestHeader(name, value);
    sending.upload.addEventListener('progress', (event) => progress(event.loaded / event.total));
    sending.addEventListener('load', () => {
      const { status, response } = sending;
      const kept = ['Server-Timing', 'Content-Type'].map((name) => [name, sending.getResponseHeader(name) ?? '']);
      resolve(new Response(response, { status, headers: kept }));
    });
    sending.addEventListener('error', () => reject(new TypeError('network')));
    signal?.addEventListener('abort', () => { sending.abort(); reject(signal.reason); });
    sending.send(body);
  });

  // codecTime is what Server-Timing says of the codec, in ms; undefined where it does not.
  const codecTime = (response) => {
    const said = /\bcodec;dur=([\d.]+)/.exec(response.headers.get('Server-Timing') ?? '');
    return said ? Number(said[1]) : undefined;
  };

  // ask sends a request and answers { bytes, ms, codec }: the body of the answer, how
  // long that took from here, and how much of it the codec. Problems and aborts are thrown.
  const ask = async (method, path, { body, type, signal, progress } = {}) => {
    const headers = {};
    if (type) headers['Content-Type'] = type;
    if (token && (fromDisk || path.startsWith('/bench'))) headers.Authorization = 'Bearer ' + token;
    const begin = performance.now();
    let response, bytes;
    try {
      const send = progress ? upload : fetch;
      response = await send(base + path, { method, headers, body, signal, progress, cache: 'no-store' });
      if (response.ok) bytes = new Uint8Array(await response.arrayBuffer());
    } catch (error) {
      if (signal?.aborted) throw error;
      const there = body !== undefined && await fetch(base + '/healthz', { cache: 'no-store' }).then((r) => r.ok, () => false);
      throw there ? new Problem('error.cut') : new Problem('error.network', { base });
    }
    if (!response.ok) throw await problemOf(response);
    return { bytes, ms: performance.now() - begin, codec: codecTime(response) };
  };

  // askJSON is ask with JSON both ways: { value, ms, codec }.
  const askJSON = async (method, path, value, signal) => {
    const options = value === undefined ? { signal } : { body: JSON.stringify(value), type: 'application/json', signal };
    const { bytes, ...times } = await ask(method, path, options);
    try {
      return { value: JSON.parse(new TextDecoder().decode(bytes)), ...times };
    } catch {
      throw new Problem('error.answer', { status: 200, base });
    }
  };

  // show puts a problem into an element, or hides that where there is none. What
  // the server said stays in English, behind words for its code.
  const show = (el, error) => {
    el.hidden = !error;
    el.textContent = '';
    if (!error) return;
    const line = (tag, key, vars) => put(el.appendChild(document.createElement(tag)), key, vars);
    const { key, vars, said } = error;
    if (key) line('p', key, vars);
    else if (!said) el.append(error.message);
    if (!said) return;
    const words = el.appendChild(document.createElement('p'));
    words.dataset.codes = [said.errors?.[0]?.type, said.code, 'other'].join(' ');
    nameProblem(words);
    const detail = el.appendChild(document.createElement('p'));
    detail.lang = 'en';
    detail.textContent = said.detail;
    const where = el.appendChild(document.createElement('small'));
    const offset = said.errors?.[0]?.offset;
    const part = (key, vars) => put(where.appendChild(document.createElement('span')), key, vars);
    if (offset !== undefined) part('error.offset', { n: () => Settings.whole(offset) });
    if (said.request_id) part('error.request', { id: said.request_id });
  };

  // nameProblem gives a problem its words; none in English, which the server has.
  const nameProblem = (el) => {
    const code = el.dataset.codes.split(' ').find((c) => Settings.t('code.' + c) !== 'code.' + c);
    el.hidden = !code;
    el.textContent = code ? Settings.t('code.' + code) : '';
  };
  document.addEventListener('language', () => document.querySelectorAll('[data-codes]').forEach(nameProblem));

  // offer makes names the choices of a list, behind its first.
  const offer = (list, names, chosen) => {
    list.length = 1;
    for (const name of names) {
      const option = new Option(name, name, false, name === chosen);
      option.translate = false;
      list.add(option);
    }
  };

  // dictionaryNames are of those that frames can name; none of a server that knows of none.
  const dictionaryNames = async () => {
    try {
      const { value } = await askJSON('GET', '/v1/dict');
      return value.dictionaries.filter((d) => !d.raw).map((d) => d.name);
    } catch { return []; }
  };

  const connect = async () => {
    document.querySelectorAll('a[data-path]').forEach((a) => { a.href = base + a.dataset.path; });
    const status = $('status');
    status.className = 'status';
    put(status, 'status.wait');
    try {
      const { value } = await askJSON('GET', '/ping');
      if (value.ok !== true) throw new Problem('error.answer', { status: 200, base });
      offer($('codec'), value.codecs, $('codec').value);
      const dictionaries = await dictionaryNames();
      offer($('dictionary'), dictionaries, Settings.get('dictionary'));
      $('dictionary-choice').hidden = dictionaries.length === 0;
      status.classList.add('up');
      put(status, 'status.up', { go: value.go, codecs: value.codecs.join(', ') });
    } catch {
      status.classList.add('down');
      put(status, 'status.down', { base });
    }
    document.dispatchEvent(new Event('server'));
  };

  if (fromDisk) {
    const address = $('address');
    $('connect').hidden = false;
    address.value = base;
    $('token').value = token;
    const accept = () => {
      let url;
      try { url = new URL(address.value.trim()); } catch { /* said below */ }
      const good = url && /^https?:$/.test(url.protocol);
      address.setCustomValidity(good ? '' : Settings.t('error.address'));
      if (!good) return false;
      if (takeToken(url.hash)) $('token').value = token;
      base = (url.origin + url.pathname).replace(/\/$/, '');
      return true;
    };
    address.addEventListener('input', accept);
    $('connect').addEventListener('submit', (event) => {
      event.preventDefault();
      if (!accept()) return;
      address.value = base;
      token = $('token').value.trim();
      Settings.set('token', token, sessionStorage);
      Settings.set('server', base);
      connect();
    });
  }
  document.addEventListener('DOMContentLoaded', connect);

  return { ask, askJSON, show, Problem, get base() { return base; } };
})();
