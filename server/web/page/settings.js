// The language and the colours: what was chosen, else what the browser says.
// This runs in the head, so that nothing is drawn in the wrong colours first.
const Settings = (() => {
  const root = document.documentElement;
  const wantsDark = matchMedia('(prefers-color-scheme: dark)');

  // A browser may refuse to remember, for a file above all.
  const get = (key, where = localStorage) => { try { return where.getItem('zstdshop.' + key); } catch { return null; } };
  const set = (key, value, where = localStorage) => { try { where.setItem('zstdshop.' + key, value); } catch { /* then not */ } };

  const theme = () => get('theme') || (wantsDark.matches ? 'dark' : 'light');
  const applyTheme = () => {
    root.dataset.theme = theme();
    document.getElementById('theme')?.setAttribute('aria-pressed', String(theme() === 'dark'));
  };
  wantsDark.addEventListener('change', applyTheme);
  applyTheme();

  let language = get('language');
  if (!Words[language]) language = /^zh\b/i.test(navigator.language) ? 'zh' : 'en';

  // Variables of texts that are more than fixed words; functions are called
  // again for each language.
  const variables = new WeakMap();

  // t answers a text.
  const t = (key, vars = {}) => (Words[language][key] ?? key).replace(/\{(\w+)\}/g, (_, name) => {
    const value = vars[name];
    return typeof value === 'function' ? value() : value;
  });

  const fill = (el) => {
    const { t: key, tLabel: label, tHint: hint } = el.dataset;
    if (key) {
      el.textContent = '';
      t(key, variables.get(el)).split('`').forEach((part, i) => {
        const code = i % 2 && document.createElement('code');
        if (code) code.textContent = part;
        el.append(code || part);
      });
    }
    if (label) {
      el.setAttribute('aria-label', t(label));
      if (el.tagName === 'BUTTON') el.title = t(label);
    }
    if (hint) el.placeholder = t(hint);
  };

  // put makes a text the content of el, now and when the language changes.
  const put = (el, key, vars) => {
    el.dataset.t = key;
    if (vars) variables.set(el, vars); else variables.delete(el);
    fill(el);
  };
  const clear = (el) => { delete el.dataset.t; el.textContent = ''; };

  const applyLanguage = () => {
    root.lang = language === 'zh' ? 'zh-Hans' : 'en';
    document.querySelectorAll('[data-t], [data-t-label], [data-t-hint]').forEach(fill);
    const other = document.getElementById('language');
    other.textContent = t('other');
    other.lang = language === 'zh' ? 'en' : 'zh-Hans';
    document.dispatchEvent(new Event('language'));
  };

  document.addEventListener('DOMContentLoaded', () => {
    document.getElementById('theme').addEventListener('click', () => {
      set('theme', theme() === 'dark' ? 'light' : 'dark');
      applyTheme();
    });
    document.getElementById('language').addEventListener('click', () => {
      language = language === 'zh' ? 'en' : 'zh';
      set('language', language);
      applyLanguage();
    });
    applyTheme();
    applyLanguage();
  });

  // Numbers as the language writes them.
  const number = (n, options) => n.toLocaleString(language === 'zh' ? 'zh-CN' : 'en-GB', options);
  const digits = (n, count = 3) => number(n, { maximumSignificantDigits: count });
  const fixed = (n, count = 2) => number(n, { minimumFractionDigits: count, maximumFractionDigits: count });
  const whole = (n) => number(n, { maximumFractionDigits: 0 });

  return { get, set, t, put, clear, digits, fixed, whole };
})();
