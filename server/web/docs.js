// The colours of the page at /, or else what the browser says, before anything is drawn.
const wantsDark = matchMedia('(prefers-color-scheme: dark)');
const applyTheme = () => {
  let chosen;
  try { chosen = localStorage.getItem('zstdshop.theme'); } catch { /* none, then */ }
  const dark = chosen ? chosen === 'dark' : wantsDark.matches;
  const root = document.documentElement;
  root.classList.toggle('dark-mode', dark);
  root.style.colorScheme = dark ? 'dark' : 'light';
};
wantsDark.addEventListener('change', applyTheme);
applyTheme();

// Deferred scripts have come; none was waited for. validatorUrl would
// send the document away.
document.addEventListener('DOMContentLoaded', () => {
  const link = { rel: 'stylesheet', href: 'docs/swagger-ui.css' };
  document.head.append(Object.assign(document.createElement('link'), link));
  const draw = (source) => {
    const look = { dom_id: '#docs', validatorUrl: null, deepLinking: true, tryItOutEnabled: true };
    window.ui = SwaggerUIBundle({ ...source, ...look });
  };
  // Requests go where this page is, whatever a proxy has made of its path.
  const servers = [{ url: new URL('.', location.href).href.replace(/\/$/, '') }];
  fetch('openapi.json').then((answer) => answer.json())
    .then((spec) => draw({ spec: { ...spec, servers } }), () => draw({ url: 'openapi.json' }));
});
